import { type Malformed, malformed } from '#bytes/malformed.ts';

/** One record the card wants read; `signed` ones are part of the static data for ODA. */
export interface RecordToRead {
  readonly sfi: number;
  readonly record: number;
  readonly signed: boolean;
}

/**
 * Takes an Application File Locator (94) apart, Book 3 §10.2: four bytes an entry (SFI in the
 * upper five bits, first record, last record, how many of them are signed), at most 62 entries.
 */
export const parseAfl = (afl: Uint8Array): RecordToRead[] | Malformed => {
  if (afl.length % 4 !== 0 || afl.length > 248) {
    return malformed(['94'], 0, `length ${afl.length} is no multiple of 4 up to 248`);
  }
  const records: RecordToRead[] = [];
  for (let at = 0; at < afl.length; at += 4) {
    const sfiByte = afl[at] ?? 0;
    const first = afl[at + 1] ?? 0;
    const last = afl[at + 2] ?? 0;
    const signed = afl[at + 3] ?? 0;
    const sfi = sfiByte >> 3;
    if ((sfiByte & 7) !== 0 || sfi === 0 || sfi === 31) return malformed(['94'], at, 'bad SFI');
    if (first === 0 || last < first) return malformed(['94'], at + 1, 'bad record numbers');
    if (signed > last - first + 1) return malformed(['94'], at + 3, 'too many signed records');
    for (let record = first; record <= last; record++) {
      records.push({ sfi, record, signed: record < first + signed });
    }
  }
  return records;
};
