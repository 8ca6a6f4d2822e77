import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Authentication } from '#kernels/shared/kernel.ts';
import type { Answer, Step } from '#kernels/shared/step.ts';
import type { RecordedTap } from './taps.ts';

export interface Figures {
  readonly name: string;
  /** Microseconds a tap. */
  readonly min: number;
  readonly median: number;
  readonly max: number;
  /** Bytes allocated a tap, on the heap and in buffers beside it. */
  readonly bytes: number;
}

export interface Run {
  readonly name: string;
  readonly tap: RecordedTap;
  readonly authentication?: Authentication;
}

/**
 * Runs the taps in turns, a block of each at a time, so that a busy moment of the machine meets all
 * of them alike.
 * @param rounds how many taps of each are timed, one by one
 */
export const measure = (runs: readonly Run[], rounds: number): readonly Figures[] => {
  const times = runs.map(() => new Float64Array(rounds));
  for (const run of runs) for (let i = 0; i < WARM_UP; i++) replay(run);
  for (let from = 0; from < rounds; from += BLOCK) {
    for (const [index, run] of runs.entries()) {
      timeBlock(run, (times[index] ?? new Float64Array(0)).subarray(from, from + BLOCK));
    }
  }
  return runs.map((run, index) => {
    const sorted = (times[index] ?? new Float64Array(0)).sort();
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
    return { name: run.name, min: at(0), median: at(0.5), max: at(1), bytes: allocated(run) };
  });
};

const WARM_UP = 2000;
const BLOCK = 100;

const timeBlock = (run: Run, times: Float64Array): void => {
  for (let i = 0; i < times.length; i++) {
    const began = performance.now();
    replay(run);
    times[i] = (performance.now() - began) * 1000;
  }
};

/** One tap; the outcome is compared, so that nothing of it can be left out. */
export const replay = ({ tap, authentication }: Run): void => {
  const step: Step<unknown> = tap.start(authentication);
  let exchanges = 0;
  let turn = step.next();
  while (!turn.done) {
    const { ask } = turn.value;
    if (ask === 'exchange') {
      const response = tap.answers[exchanges++] ?? NOTHING;
      turn = step.next({ to: 'exchange', response, microseconds: 1000 });
    } else
      turn = step.next(
        ask === 'ui' ? UI : ask === 'field' ? FIELD : ask === 'card' ? CARD : RANDOM,
      );
  }
  const end = turn.value as { readonly outcome: { readonly outcome: string } | null };
  if (end.outcome?.outcome !== tap.outcome) throw new Error(`not ${tap.outcome}`);
};

const NOTHING = Uint8Array.of(0x6f, 0x00);
const UI: Answer = { to: 'ui' };
const FIELD: Answer = { to: 'field' };
const CARD: Answer = { to: 'card', card: 'present' };
const RANDOM: Answer = { to: 'random', bytes: Uint8Array.of(0xc0, 0xff, 0xee, 0x01) };

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

// Few enough taps that no collection comes in between; the middle of several goes.
const allocated = (run: Run): number => {
  const taken: number[] = [];
  for (let go = 0; go < 9; go++) {
    collectGarbage();
    const before = process.memoryUsage();
    for (let i = 0; i < TAPS; i++) replay(run);
    const after = process.memoryUsage();
    const heap = after.heapUsed - before.heapUsed;
    taken.push((heap + after.arrayBuffers - before.arrayBuffers) / TAPS);
  }
  return Math.round(taken.sort((a, b) => a - b)[4] ?? 0);
};

const TAPS = 20;
