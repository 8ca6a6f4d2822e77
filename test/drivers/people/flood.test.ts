import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { COST } from '#drivers/people/pin-hash.ts';
import { place } from './support.ts';

const FLOODED = fileURLToPath(new URL('./flooded.ts', import.meta.url));
const LOOP_WATCH = fileURLToPath(new URL('../../support/loop-watch.ts', import.meta.url));

interface Told {
  readonly counts: Readonly<Record<string, number>>;
  /** One hash, beside everything else the machine does. */
  readonly hashMs: number;
  /** The longest pause of the loop: 10,000 in one turn of it, and from 50 callers. */
  readonly burstMs: number;
  readonly callersMs: number;
  readonly grewBytes: number;
  readonly bobIsIn: boolean;
}

it('30,000 tries neither exhaust the memory nor hold up the event loop, nor others', async () => {
  const at = await place();
  const env = { ...process.env, COUNTERTAP_LOOP_WATCH: join(at.folder, 'loop.json') };
  const words = ['--import', LOOP_WATCH, FLOODED, at.path];
  const { stdout } = await promisify(execFile)(process.execPath, words, { env });
  await at.remove();
  const told = JSON.parse(stdout) as Told;
  const { counts, hashMs, burstMs, callersMs, grewBytes, bobIsIn } = told;
  const all = Object.values(counts).reduce((sum, one) => sum + one, 0);
  expect(all).toBe(30_003);
  expect(counts['let in']).toBeUndefined();
  // Nearly all were refused without computing anything.
  expect(counts['name or PIN is wrong']).toBeGreaterThanOrEqual(3);
  expect(counts['name or PIN is wrong']).toBeLessThan(1_000);
  expect(counts['too many wrong tries']).toBeGreaterThan(9_000);
  // All on the loop's own thread would be a pause of hundreds of hashes.
  expect(Math.max(burstMs, callersMs), stdout).toBeLessThan(3 * hashMs);
  // Two at once, and what else 30,000 promises take; all at once would be 190 GB.
  expect(grewBytes, stdout).toBeLessThan(16 * COST.memoryKiB * 1024);
  expect(bobIsIn).toBe(true);
}, 240_000);
