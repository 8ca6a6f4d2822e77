import { PAGE_BYTES, type Pages } from './pages.ts';

export type Value = null | number | string | Uint8Array;

/** A row of some table, found without its table: where it lies, its rowid and its columns. */
export interface Found {
  readonly page: number;
  readonly cell: number;
  readonly rowid: number;
  readonly values: readonly Value[];
}

/**
 * Every row of every table that lies on a readable page: SQLite would have to come down from the
 * root, and a ruined page on that way hides all below. Whether a row is what it seems must be told
 * by its content. sqlite.org/fileformat2.html 1.6, 2.1
 */
export function* foundRows(pages: Pages): Generator<Found> {
  for (let page = 1; page <= pages.count; page++) {
    for (let cell = 0; cell < cellsOn(pages, page); cell++) {
      const found = foundAt(pages, page, cell);
      if (found) yield found;
    }
  }
}

export const foundAt = (pages: Pages, page: number, cell: number): Found | undefined => {
  try {
    const bytes = pages.page(page);
    if (bytes === undefined) return undefined;
    const at = bytes.readUInt16BE(headerAt(page) + LEAF_HEADER + 2 * cell);
    const length = varint(bytes, at);
    const rowid = varint(bytes, length.next);
    const payload = payloadAt(pages, bytes, rowid.next, length.value);
    const values = payload && valuesOf(payload);
    return values && { page, cell, rowid: rowid.value, values };
  } catch (error) {
    // Lengths and places that lead out of the page: it is damaged, or no such page at all.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

const TABLE_LEAF = 0x0d;
const LEAF_HEADER = 8;

// The file's own header stands before the first page's.
const headerAt = (page: number): number => (page === 1 ? 100 : 0);

const cellsOn = (pages: Pages, page: number): number => {
  const bytes = pages.page(page);
  const header = headerAt(page);
  if (bytes === undefined || bytes[header] !== TABLE_LEAF) return 0;
  return Math.min(bytes.readUInt16BE(header + 3), PAGE_BYTES / 2 - header);
};

const varint = (bytes: Buffer, at: number): { readonly value: number; readonly next: number } => {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes.readUInt8(at + i);
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return { value, next: at + i + 1 };
  }
  // Nine bytes: more than any length or number of ours.
  throw new RangeError('varint');
};

/** The part on the leaf, and the rest on pages that each name the next. */
const payloadAt = (pages: Pages, leaf: Buffer, at: number, length: number): Buffer | undefined => {
  const local = localBytes(length);
  const parts = [leaf.subarray(at, at + local)];
  if (at + local > PAGE_BYTES) return undefined;
  let next = local < length ? leaf.readUInt32BE(at + local) : 0;
  let missing = length - local;
  while (missing > 0) {
    const page = next === 0 ? undefined : pages.page(next);
    if (page === undefined) return undefined;
    parts.push(page.subarray(4, 4 + missing));
    missing -= PAGE_BYTES - 4;
    next = page.readUInt32BE(0);
  }
  return Buffer.concat(parts);
};

const localBytes = (length: number): number => {
  const most = PAGE_BYTES - 35;
  if (length <= most) return length;
  const least = Math.floor(((PAGE_BYTES - 12) * 32) / 255) - 23;
  const some = least + ((length - least) % (PAGE_BYTES - 4));
  return some <= most ? some : least;
};

const valuesOf = (payload: Buffer): readonly Value[] => {
  const header = varint(payload, 0);
  const values: Value[] = [];
  let type = header.next;
  let at = header.value;
  while (type < header.value) {
    const serial = varint(payload, type);
    const length = lengthOf(serial.value);
    if (at + length > payload.length) throw new RangeError('value');
    values.push(decoded(serial.value, payload.subarray(at, at + length)));
    type = serial.next;
    at += length;
  }
  return values;
};

const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

const lengthOf = (serial: number): number =>
  serial >= 12 ? Math.floor((serial - 12) / 2) : (LENGTHS[serial] ?? 0);

const decoded = (serial: number, bytes: Buffer): Value => {
  if (serial >= 12) return serial % 2 === 0 ? Uint8Array.from(bytes) : bytes.toString('utf8');
  if (serial === 0) return null;
  if (serial === 7) return bytes.readDoubleBE(0);
  if (serial >= 8) return serial - 8;
  return serial === 6 ? Number(bytes.readBigInt64BE(0)) : bytes.readIntBE(0, bytes.length);
};
