import type { ReportDescriptor } from './descriptor.ts';
import { indexInArray, type Place, placesOf, putBits } from './places.ts';
import { USAGES } from './usages.ts';

/** What the shopper's or cashier's ear and eye are told: taken, or not. */
export type Signal = 'good' | 'bad';

/** Output reports, each with its id (0 where reports carry none) in front, as hidapi wants them. */
export interface SignalReports {
  readonly on: readonly Uint8Array[];
  /** To send a moment later: what stays on until it is told otherwise. */
  readonly off: readonly Uint8Array[];
}

/**
 * Beeper and LED of the scanner, as far as its output reports have them: 8C:86 and 8C:7D for good,
 * 8C:85 or else 8C:87 for bad. Feature reports are left alone: those are settings. Empty where the
 * scanner has none.
 */
export const signalReports = (descriptor: ReportDescriptor, signal: Signal): SignalReports => {
  const places = usagesOf(signal)
    .map((wanted) => wanted.flatMap((usage) => placed(descriptor, usage)))
    .flatMap((found) => found.slice(0, 1));
  // A relative control is a push-button; an absolute one is a switch. HID 1.11 6.2.2.5.
  const switches = places.filter(({ place }) => !place.field.isRelative);
  return { on: reportsOf(descriptor, places), off: reportsOf(descriptor, switches, 'off') };
};

interface Placed {
  readonly usage: number;
  readonly place: Place;
}

// Of each row the first one that there is.
const usagesOf = (signal: Signal): readonly (readonly number[])[] =>
  signal === 'good'
    ? [[USAGES.soundGoodReadBeep], [USAGES.goodReadLed]]
    : [[USAGES.soundErrorBeep, USAGES.soundNotOnFileBeep]];

const placed = (descriptor: ReportDescriptor, usage: number): readonly Placed[] =>
  placesOf(descriptor, 'output', usage).map((place) => ({ usage, place }));

const reportsOf = (
  descriptor: ReportDescriptor,
  places: readonly Placed[],
  off?: 'off',
): readonly Uint8Array[] => {
  const reports = new Map<number, Uint8Array>();
  for (const one of places) {
    const id = one.place.field.reportId;
    const bits = descriptor.reportBits.get(`output ${id}`) ?? 0;
    const data = reports.get(id) ?? new Uint8Array(Math.ceil(bits / 8));
    if (off === undefined) turnOn(data, one);
    reports.set(id, data);
  }
  return [...reports].map(([id, data]) => Uint8Array.of(id, ...data));
};

const turnOn = (data: Uint8Array, { usage, place }: Placed): void => {
  const { field, bitOffset } = place;
  const value = field.isArray
    ? field.logicalMinimum + (indexInArray(field, usage) ?? 0)
    : Math.max(field.logicalMaximum, 1);
  putBits(data, bitOffset, field.bits, value);
};
