import type { ApplicationFile } from './card-file.ts';

type Records = readonly Pick<ApplicationFile['records'][number], 'sfi' | 'record' | 'signed'>[];

/** One number for a record of a file. */
export const recordKey = (sfi: number, record: number): number => sfi * 256 + record;

/**
 * The application file locator that leads a terminal through the records in their order: an entry
 * of four bytes (SFI, first, last, how many of them are signed) for each run. Book 3 §10.2.
 */
export const fileLocator = (records: Records): Uint8Array => {
  const entries: { sfi: number; first: number; last: number; signed: number }[] = [];
  let previousSigned = false;
  for (const { sfi, record, signed } of records) {
    const run = entries.at(-1);
    // The signed records of an entry are its first: one after an unsigned starts an entry.
    const continues = run?.sfi === sfi && run.last + 1 === record && (previousSigned || !signed);
    if (run !== undefined && continues) {
      run.last = record;
      run.signed += signed ? 1 : 0;
    } else {
      entries.push({ sfi, first: record, last: record, signed: signed ? 1 : 0 });
    }
    previousSigned = signed;
  }
  return Uint8Array.from(
    entries.flatMap(({ sfi, first, last, signed }) => [sfi << 3, first, last, signed]),
  );
};
