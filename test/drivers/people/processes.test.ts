import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { People } from '#ports/people.ts';
import { ANN, BOB, person } from '#test/ports/people-suite.ts';
import { type Place, place } from './support.ts';

const TRIER = fileURLToPath(new URL('./trier.ts', import.meta.url));
const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

let at: Place;
let people: People;
beforeEach(async () => {
  at = await place();
  people = at.open({ wallMs: Date.now, monotonicMs });
  person(await people.add('Ann', 'manager', ANN));
});
afterEach(() => at.remove());

const trier = async (count: number): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [TRIER, at.path, String(count)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'readable');
  return child;
};

describe('several processes at one database of people', () => {
  it('together have no more tries than one', async () => {
    const children = await Promise.all([trier(3), trier(3), trier(3)]);
    const outcomes = children.map(async (child) => {
      child.stdin?.end('go\n');
      if (child.stdout === null) throw new Error('no output');
      return JSON.parse((await text(child.stdout)).replace('ready\n', ''));
    });
    const problems = (await Promise.all(outcomes)).flat().map(({ problem }) => String(problem));
    expect(problems).toHaveLength(9);
    expect(problems.filter((says) => says.startsWith('name or PIN is wrong'))).toHaveLength(3);
    expect(problems.filter((says) => says.startsWith('too many wrong tries'))).toHaveLength(6);
    // Both clocks are the machine's, so this process knows how long the others made Ann wait.
    expect(await people.signIn('Ann', ANN)).toMatchObject({ personProblem: true });
  }, 90_000);

  it('see at once what the other did', async () => {
    const other = at.open();
    person(await other.add('Bob', 'cashier', BOB));
    person(await people.signIn('Bob', BOB));
    person(await people.remove('Bob'));
    expect(await other.signIn('Bob', BOB)).toMatchObject({ personProblem: true });
  });

  it('wait for each other without holding up their own event loop, and not for ever', async () => {
    const other = new DatabaseSync(at.path);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    const refused = await people.signIn('Ann', ANN);
    expect(refused).toMatchObject({
      fault: 'people',
      detail: expect.stringMatching(/locked: end/),
    });
    // A loop that was blocked by SQLite's own waiting would have turned once.
    expect(turns).toBeGreaterThan(50);
    const waiting = people.signIn('Ann', ANN);
    setTimeout(() => other.exec('COMMIT'), 50);
    person(await waiting);
    clearInterval(ticking);
    other.close();
  });

  it('lose nothing that was acknowledged when one of them is killed', async () => {
    const child = await trier(3);
    if (child.stdout === null) throw new Error('no output');
    child.stdin?.write('go\n');
    await text(child.stdout);
    child.kill('SIGKILL');
    expect(await people.list()).toMatchObject([{ lockedUntilMs: expect.any(Number) }]);
  });
});
