import { toHex } from '#bytes/hex.ts';
import { isMalformed, malformed } from '#bytes/malformed.ts';
import { parseDol, parseTagList } from '#tlv/dol.ts';
import { tagText } from '#tlv/tlv.ts';
import { type Book, lookUp, meanings } from '../dictionary.ts';
import { messageIdentifiers, uiStatuses } from '../values.ts';
import { type Detail, detail, type Finding } from './explanation.ts';

/** The books' name of a tag, or all the names it has. */
export const titleOf = (tag: number, book?: Book): string => {
  const row = lookUp(tag, book);
  if (row !== undefined) return row.title;
  const titles = new Set(meanings(tag).map(({ title }) => title));
  return titles.size === 0 ? 'unknown' : [...titles].join(' / ');
};

export const explainDol = (value: Uint8Array, book?: Book): Finding => {
  const { entries, stopped } = prefix(value, parseDol);
  const total = entries.reduce((sum, { length }) => sum + length, 0);
  return {
    meaning: `asks for ${count(entries.length, 'element')}, ${count(total, 'byte')} in all`,
    details: entries.map(({ tag, length }) =>
      detail(tagText(tag), `${titleOf(tag, book)}, ${count(length, 'byte')}`),
    ),
    ...stopped,
  };
};

export const explainTagList = (value: Uint8Array, book?: Book): Finding => {
  const { entries, stopped } = prefix(value, parseTagList);
  return {
    meaning: count(entries.length, 'element'),
    details: entries.map((tag) => detail(tagText(tag), titleOf(tag, book))),
    ...stopped,
  };
};

/** Application File Locator, Book 3 §10.2: four bytes an entry. */
export const explainAfl = (value: Uint8Array): Finding => {
  const details: Detail[] = [];
  let records = 0;
  for (let at = 0; at + 4 <= value.length; at += 4) {
    const [sfiByte = 0, first = 0, last = 0, signed = 0] = value.subarray(at, at + 4);
    const sfi = sfiByte >> 3;
    const problem = entryProblem(sfiByte, first, last, signed);
    if (problem !== undefined) {
      return { details, malformed: malformed([], at, problem) };
    }
    records += last - first + 1;
    const numbers = first === last ? `record ${first}` : `records ${first} to ${last}`;
    const signedPart = signedText(signed, last - first + 1);
    details.push(detail(`SFI ${sfi}`, `${numbers}, ${signedPart}`));
  }
  const rest = value.length % 4;
  return {
    meaning: `${count(records, 'record')} to read`,
    details,
    ...(rest === 0
      ? {}
      : { malformed: malformed([], value.length - rest, `${count(rest, 'byte')} left over`) }),
  };
};

/** Phone Message Table (C-2): mask, value, message, status, eight bytes a row. */
export const explainPhoneMessages = (value: Uint8Array): Finding => {
  const details: Detail[] = [];
  for (let at = 0; at + 8 <= value.length; at += 8) {
    const [message = 0, status = 0] = value.subarray(at + 6, at + 8);
    const mask = toHex(value.subarray(at, at + 3));
    const wanted = toHex(value.subarray(at + 3, at + 6));
    const shown = `${named(messageIdentifiers, message)}, ${named(uiStatuses, status)}`;
    details.push(detail(`row ${at / 8 + 1}`, `DF4B & ${mask} = ${wanted}: ${shown}`));
  }
  const rest = value.length % 8;
  return rest === 0
    ? { details }
    : { details, malformed: malformed([], value.length - rest, `${rest} bytes left over`) };
};

export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

export const named = (values: Readonly<Record<number, string>>, value: number): string =>
  values[value] ?? `${toHex(Uint8Array.of(value))}, not assigned`;

const entryProblem = (
  sfiByte: number,
  first: number,
  last: number,
  signed: number,
): string | undefined => {
  const sfi = sfiByte >> 3;
  if ((sfiByte & 7) !== 0 || sfi === 0 || sfi === 31) return 'no short file identifier';
  if (first === 0 || last < first) return 'record numbers that are none';
  if (signed > last - first + 1) return 'more signed records than records';
  return undefined;
};

const signedText = (signed: number, records: number): string =>
  signed === 0 ? 'not signed' : signed === records ? 'signed' : `the first ${signed} signed`;

// What a list says up to where it goes wrong.
const prefix = <Entry>(
  value: Uint8Array,
  parse: (bytes: Uint8Array) => Entry[] | ReturnType<typeof malformed>,
): { entries: Entry[]; stopped: Pick<Finding, 'malformed'> } => {
  const all = parse(value);
  if (!isMalformed(all)) return { entries: all, stopped: {} };
  const good = parse(value.subarray(0, all.offset));
  return { entries: isMalformed(good) ? [] : good, stopped: { malformed: all } };
};
