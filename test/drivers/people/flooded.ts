// 10,000 tries at the database argv[2] with hashes of full cost: all in one turn of the event loop,
// then from 50 callers under a name that is locked, then under as many names. Says how it went.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { openPeople } from '#drivers/people/index.ts';
import { COST, hashPin } from '#drivers/people/pin-hash.ts';
import { type Admission, isPersonProblem } from '#ports/people.ts';
import { ANN, BOB } from '#test/ports/people-suite.ts';
import { keptLog } from '#test/support/kept-log.ts';

const [, , path = ''] = process.argv;
const TRIES = 10_000;
const WRONG = '999991';
// No lock-out ends meanwhile, however long a busy machine takes.
const monotonicMs = (): number => 5_000;
const people = openPeople({ path, log: keptLog(), wallMs: Date.now, monotonicMs });
await people.add('Ann', 'manager', ANN);
await people.add('Bob', 'cashier', BOB);

const startedMs = performance.now();
await hashPin(ANN, COST);
const hashMs = performance.now() - startedMs;

const letters = (i: number): string =>
  [...String(i)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

const counts: Record<string, number> = {};
const count = (outcome: Admission): void => {
  const word = isPersonProblem(outcome) ? outcome.problem.split(/[:,]/)[0] : 'let in';
  counts[String(word)] = (counts[String(word)] ?? 0) + 1;
};

/** 50 callers, each with its next try as soon as the last was answered. */
const from50 = async (nameOf: (i: number) => string): Promise<void> => {
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < TRIES) {
      count(await people.signIn(nameOf(next++), WRONG));
      await setImmediate();
    }
  };
  await Promise.all(Array.from({ length: 50 }, caller));
};

const watch = process.env['COUNTERTAP_LOOP_WATCH'] ?? '';

/** The longest pause of the event loop since the last time. */
const longestPauseMs = async (): Promise<number> => {
  rmSync(watch, { force: true });
  process.kill(process.pid, 'SIGUSR2');
  while (!existsSync(watch)) await setTimeout(20);
  return (JSON.parse(readFileSync(watch, 'utf8')) as { longestMs: number }).longestMs;
};

let largestBytes = 0;
const watching = setInterval(() => {
  largestBytes = Math.max(largestBytes, process.memoryUsage.rss());
}, 5);
// What it took to load all this is no part of it.
await longestPauseMs();
const beforeBytes = process.memoryUsage.rss();
const burst = Array.from({ length: TRIES }, (_, i) => people.signIn(`x${letters(i)}`, WRONG));
for (const outcome of await Promise.all(burst)) count(outcome);
const burstMs = await longestPauseMs();
for (let i = 0; i < 3; i++) count(await people.signIn('Ann', WRONG));
await from50(() => 'Ann');
await from50((i) => `y${letters(i)}`);
const callersMs = await longestPauseMs();
const bob = await people.signIn('Bob', BOB);
clearInterval(watching);

const grewBytes = largestBytes - beforeBytes;
const bobIsIn = !isPersonProblem(bob) && 'role' in bob;
process.stdout.write(JSON.stringify({ counts, hashMs, burstMs, callersMs, grewBytes, bobIsIn }));
await people.close();
