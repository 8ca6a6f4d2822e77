import type { ReportDescriptor } from './descriptor.ts';
import { bitsAt, type Place, placesOf } from './places.ts';
import { USAGES } from './usages.ts';

/** Where an input report holds what of a code. */
export interface ScanLayout {
  readonly data: Place;
  /** How many bytes of the data are the code's; without it, trailing zeros are padding. */
  readonly byteCount: Place | undefined;
  /** The three characters of the AIM symbology identifier, or none. */
  readonly symbology: readonly Place[];
  readonly continued: Place | undefined;
  /** Bytes, without the report id, that a report must have. */
  readonly leastBytes: number;
}

/** One report of a code. */
export interface ScanPart {
  readonly data: Uint8Array;
  /** "]Q1" */
  readonly symbology: string | undefined;
  /** More of the same code follows in the next report. */
  readonly isContinued: boolean;
}

/** Input reports with decoded data (8C:FE), by report id. Empty for what is no HID POS scanner. */
export const scanLayouts = (descriptor: ReportDescriptor): ReadonlyMap<number, ScanLayout> => {
  const layouts = new Map<number, ScanLayout>();
  for (const data of placesOf(descriptor, 'input', USAGES.decodedData)) {
    const id = data.field.reportId;
    const isBytes = data.field.bits === 8 && data.count > 0;
    if (isBytes && !layouts.has(id)) layouts.set(id, layoutOf(descriptor, data));
  }
  return layouts;
};

/** Reads one report, its id cut off; text says what is wrong with it. */
export const readPart = (layout: ScanLayout, report: Uint8Array): ScanPart | string => {
  if (report.length < layout.leastBytes) {
    return `a report of ${report.length} bytes instead of ${layout.leastBytes}`;
  }
  const whole = bytesAt(report, layout.data);
  const length =
    layout.byteCount === undefined ? lengthOfUnpadded(whole) : valueAt(report, layout.byteCount);
  if (length > whole.length) return `${length} bytes announced where ${whole.length} fit`;
  return {
    data: whole.slice(0, length),
    symbology: symbologyIn(report, layout.symbology),
    isContinued: layout.continued !== undefined && valueAt(report, layout.continued) !== 0,
  };
};

const layoutOf = (descriptor: ReportDescriptor, data: Place): ScanLayout => {
  const find = (usage: number): Place | undefined =>
    placesOf(descriptor, 'input', usage).find(
      ({ field }) => field.reportId === data.field.reportId,
    );
  const byteCount = find(USAGES.byteCount);
  const continued = find(USAGES.decodedDataContinued);
  const symbology = SYMBOLOGY.flatMap((usage) => find(usage) ?? []);
  const needed = [data, byteCount, continued, ...symbology].map((place) => endOf(place));
  return { data, byteCount, symbology, continued, leastBytes: Math.ceil(Math.max(...needed) / 8) };
};

const SYMBOLOGY = [
  USAGES.symbologyIdentifier1,
  USAGES.symbologyIdentifier2,
  USAGES.symbologyIdentifier3,
];

const AIM_IDENTIFIER = /^\][A-Za-z][0-9A-Za-z]$/;

// A flag has one bit that counts: the usage's other elements only fill the byte.
const endOf = (place: Place | undefined): number => {
  if (place === undefined) return 0;
  const { bits } = place.field;
  return place.bitOffset + bits * (bits === 8 ? place.count : 1);
};

const valueAt = (report: Uint8Array, { bitOffset, field }: Place): number =>
  bitsAt(report, bitOffset, field.bits);

const bytesAt = (report: Uint8Array, { bitOffset, count }: Place): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => bitsAt(report, bitOffset + 8 * i, 8));

const lengthOfUnpadded = (bytes: Uint8Array): number =>
  bytes.findLastIndex((byte) => byte !== 0) + 1;

// Scanners that don't tell leave zeros, or a letter of their maker's own.
const symbologyIn = (report: Uint8Array, places: readonly Place[]): string | undefined => {
  const text = String.fromCharCode(...places.map((place) => valueAt(report, place)));
  return AIM_IDENTIFIER.test(text) ? text : undefined;
};
