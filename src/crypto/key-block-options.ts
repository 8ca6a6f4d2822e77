// What a key block's header says beyond its 16 characters. ANSI X9.143, optional blocks.
import { type Malformed, malformed } from '#bytes/malformed.ts';

/** One optional block: two characters that name it, and what it says. */
export interface OptionalBlock {
  /** Such as KS (key serial number), IK (initial key id), KC and KP (check values). */
  readonly id: string;
  /** Printable ASCII. */
  readonly data: string;
}

/** The block that only fills up. */
export const PADDING_BLOCK = 'PB';

/** Reads `count` optional blocks; `end` is where they end. Malformed offsets count characters. */
export const readOptionalBlocks = (
  text: string,
  count: number,
): { blocks: OptionalBlock[]; end: number } | Malformed => {
  const blocks: OptionalBlock[] = [];
  let at = START;
  for (let i = 0; i < count; i++) {
    const id = text.slice(at, at + 2);
    if (!/^[0-9A-Z]{2}$/.test(id)) return wrong('optional block', at, 'no name');
    const name = `optional block ${id}`;
    if (blocks.some((block) => block.id === id)) return wrong(name, at, 'there twice');
    const sized = readLength(text, at + 2);
    if (sized === undefined) return wrong(name, at + 2, 'no length');
    const { length, dataAt } = sized;
    const end = at + length;
    if (end < dataAt) return wrong(name, at + 2, `length ${length} is shorter than its own head`);
    if (end > text.length) return wrong(name, at + 2, `length ${length} runs past the end`);
    const data = text.slice(dataAt, end);
    if (!/^[\x20-\x7e]*$/.test(data)) return wrong(name, dataAt, 'not printable');
    blocks.push({ id, data });
    at = end;
  }
  return { blocks, end: at };
};

/** A block's text: name, length of all of it in hexadecimal digits, data. */
export const writeOptionalBlock = ({ id, data }: OptionalBlock): string | Malformed => {
  const name = `optional block ${id}`;
  if (!/^[0-9A-Z]{2}$/.test(id) || id === PADDING_BLOCK)
    return wrong(name, 0, 'no name for a block');
  if (!/^[\x20-\x7e]*$/.test(data)) return wrong(name, 0, 'not printable');
  const short = data.length + 4;
  if (short <= 0xff) return `${id}${hexadecimals(short, 2)}${data}`;
  return `${id}0004${hexadecimals(data.length + 10, 4)}${data}`;
};

/** A block that says nothing, and fills `used` characters up to whole cipher blocks. */
export const paddingBlock = (used: number, block: number): string => {
  const short = (block - ((used + 4) % block)) % block;
  return `${PADDING_BLOCK}${hexadecimals(4 + short, 2)}${'0'.repeat(short)}`;
};

// Behind the 16 characters that every header has.
const START = 16;

/** Two hexadecimal digits, or 00, the number of digits of a longer length, and these. */
const readLength = (text: string, at: number): { length: number; dataAt: number } | undefined => {
  const short = hexadecimal(text.slice(at, at + 2), 2);
  if (short !== 0) return short === undefined ? undefined : { length: short, dataAt: at + 2 };
  const count = hexadecimal(text.slice(at + 2, at + 4), 2);
  if (count === undefined || count === 0 || count > 8) return undefined;
  const length = hexadecimal(text.slice(at + 4, at + 4 + count), count);
  return length === undefined ? undefined : { length, dataAt: at + 4 + count };
};

const hexadecimal = (text: string, count: number): number | undefined =>
  text.length === count && /^[0-9A-F]+$/.test(text) ? Number.parseInt(text, 16) : undefined;

const hexadecimals = (value: number, count: number): string =>
  value.toString(16).toUpperCase().padStart(count, '0');

const wrong = (name: string, offset: number, problem: string): Malformed =>
  malformed(['key block', name], offset, problem);
