import { describe, expect, test } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { parseDescriptor } from '#drivers/hid/descriptor.ts';
import { type Signal, signalReports } from '#drivers/hid/signals.ts';
import { HONEYWELL, KEYBOARD, METROLOGIC, PLAIN } from './descriptors.ts';

const signals = (bytes: Uint8Array, signal: Signal): { on: string[]; off: string[] } => {
  const descriptor = parseDescriptor(bytes);
  if (isMalformed(descriptor)) throw new Error(describeMalformed(descriptor));
  const { on, off } = signalReports(descriptor, signal);
  return { on: on.map(toHex), off: off.map(toHex) };
};

describe("a scanner's beeper and LED", () => {
  // Bits 5 and 6 of report 4: the same that firmware of other makers takes for these beeps.
  test('beep good and bad on a Honeywell scanner', () => {
    expect(signals(HONEYWELL, 'good')).toEqual({ on: ['0440'], off: [] });
    expect(signals(HONEYWELL, 'bad')).toEqual({ on: ['0420'], off: [] });
  });

  test('are one bit each where the last usage holds for the rest of the byte', () => {
    expect(signals(METROLOGIC, 'good').on).toEqual(['0408']);
    expect(signals(METROLOGIC, 'bad').on).toEqual(['0404']);
  });

  test('are switched off again where they are switches, and chosen by number in an array', () => {
    expect(signals(PLAIN, 'good')).toEqual({ on: ['0003'], off: ['0000'] });
    expect(signals(PLAIN, 'bad')).toEqual({ on: ['0004'], off: ['0000'] });
  });

  test('are left alone where there are none', () => {
    expect(signals(KEYBOARD, 'good')).toEqual({ on: [], off: [] });
  });
});
