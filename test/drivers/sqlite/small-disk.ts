// A disk of one megabyte, in a mount namespace of its own: argv[2] is where it is mounted, and what
// is tried on it is told on standard output, one line of JSON a step.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openJournal, verifyFile } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import { asked, START_MS } from '#test/ports/journal-suite.ts';
import { quiet } from './support.ts';

const [, , disk = ''] = process.argv;
const path = join(disk, 'journal', 'journal.db');
const ballast = join(disk, 'ballast');

const mount = (...options: string[]): void =>
  void execFileSync('mount', [...options, disk], { stdio: 'inherit' });
const say = (step: string, result: object): void =>
  void process.stdout.write(`${JSON.stringify({ step, ...result })}\n`);
const open = async (minimumFreeBytes: number): Promise<Journal> => {
  const journal = await openJournal({ path, log: quiet, wallMs: () => START_MS, minimumFreeBytes });
  if (isFault(journal)) throw new Error(journal.detail);
  return journal;
};
const detail = (why: { readonly detail: string } | undefined): object => ({
  detail: why?.detail ?? 'none',
});

mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs');
writeFileSync(ballast, Buffer.alloc(400_000));

// Full.
const journal = await open(0);
const big = { record: { text: 'x'.repeat(3000) } };
let count = 0;
let why = await journal.append(asked('p0', big));
while (why === undefined) {
  count++;
  why = await journal.append(asked(`p${count}`, big));
}
say('append on a full disk', { count, ...detail(why) });
say('refusal', detail(journal.refusal()));
const whole = async (): Promise<boolean> => {
  const open = await journal.openPayments();
  return !isFault(open) && open.length === count;
};
say('all that was acknowledged', { there: await whole() });
say('verify', { state: verifyFile(path) });
rmSync(ballast);
say('refusal with room again', detail(journal.refusal()));
say('append with room again', detail(await journal.append(asked('after', big))));
await journal.close();

// Nearly full: no payment is begun that might not be written.
const careful = await open(1_000_000);
say('refusal of the careful', detail(careful.refusal()));

// Made read-only under an open journal, as a failing disk is by Linux; then writable again.
await careful.close();
const steady = await open(0);
await steady.payment('p0');
await steady.close();
mount('-o', 'remount,ro');
const before = readFileSync(path);
const readOnly = await open(0);
say('refusal on a read-only disk', detail(readOnly.refusal()));
say('append on a read-only disk', detail(await readOnly.append(asked('never'))));
say('untouched', { same: readFileSync(path).equals(before) });
say('verify on a read-only disk', { state: verifyFile(path) });
mount('-o', 'remount,rw');
say('refusal when writable again', detail(readOnly.refusal()));
say('append when writable again', detail(await readOnly.append(asked('again'))));
await readOnly.close();
say('verify', { state: verifyFile(path) });
