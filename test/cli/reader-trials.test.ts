import { expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import type { CardReader } from '#ports/card-reader.ts';
import { isFault } from '#ports/fault.ts';
import { withTrials } from '../../src/cli/opening/reader-trials.ts';

const never = new AbortController().signal;

/** A reader whose card answers when the test says so; what was asked of it, in order. */
const slowReader = () => {
  const steps: string[] = [];
  const { promise: gate, resolve: answer } = Promise.withResolvers<void>();
  const inner = {
    activate: async () => {
      steps.push('activate');
      return { atr: hex('3B80800101'), seenAtMs: 0, microseconds: 1 };
    },
    exchange: async () => {
      steps.push('exchange');
      await gate;
      return { response: hex('9000'), microseconds: 5 };
    },
    fieldOff: async () => {
      steps.push('off');
    },
  } as unknown as CardReader;
  return { steps, answer, ...withTrials(inner) };
};

test('a payment that begins in a trial has the card only when the trial is over', async () => {
  const { steps, answer, port, trial } = slowReader();
  const tried = trial(hex('00A40400'), never);
  const paying = port.activate(never);
  await expect.poll(() => steps).toEqual(['activate', 'exchange']);
  answer();
  expect(isFault(await tried)).toBe(false);
  await paying;
  expect(steps).toEqual(['activate', 'exchange', 'off', 'activate']);
});

test('one trial at a time', async () => {
  const { answer, trial } = slowReader();
  const first = trial(hex('00A40400'), never);
  expect(await trial(hex('00A40400'), never)).toMatchObject({ fault: 'aborted' });
  answer();
  expect(await first).toMatchObject({ exchange: { microseconds: 5 } });
  expect(isFault(await trial(hex('00A40400'), never))).toBe(false);
});
