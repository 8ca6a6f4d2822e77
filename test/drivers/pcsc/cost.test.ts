import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  COMMAND,
  cardIs,
  goodCard,
  never,
  type ReaderBench,
  succeeded,
} from '#test/ports/card-reader-suite.ts';
import { type Pcscd, startPcscd } from '#test/support/pcscd.ts';
import { openBench } from './bench.ts';

let pcscd: Pcscd;
let bench: ReaderBench;
beforeAll(async () => {
  pcscd = await startPcscd();
  // The first reader process of all compiles its code and keeps it for those that follow.
  const first = openBench(pcscd);
  await cardIs(first.reader, 'absent');
  await first.close();
  bench = openBench(pcscd);
  await bench.insert(goodCard());
  succeeded(await bench.reader.activate(never));
});
afterAll(async () => {
  await bench.close();
  await pcscd.close();
});

test('a command costs less than a millisecond on its way through the reader process', async () => {
  const hops: number[] = [];
  for (let i = 0; i < 40; i++) {
    const startedMs = performance.now();
    const { microseconds } = succeeded(await bench.reader.exchange(COMMAND, 1000));
    hops.push(performance.now() - startedMs - microseconds / 1000);
  }
  expect(hops.toSorted((a, b) => a - b)[20]).toBeLessThan(1);
});

test('the reader process takes at most 55 MB', () => {
  const sizes = childrenOf(process.pid).map(residentMegabytes);
  expect(sizes).toHaveLength(1);
  expect(sizes[0]).toBeLessThan(55);
});

/** Process ids of reader processes that this process started. */
const childrenOf = (parent: number): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      if (!(pid > 0)) return false;
      const isOurs = new RegExp(`^PPid:\\t${parent}$`, 'm').test(read(pid, 'status'));
      return isOurs && read(pid, 'cmdline').includes('reader-process');
    });

const residentMegabytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(read(pid, 'status'))?.[1]) / 1024;

/** Empty for a process that has ended meanwhile. */
const read = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};
