import { type Malformed, malformed } from '#bytes/malformed.ts';

export type ItemType = 'main' | 'global' | 'local';

/** One short item of a report descriptor. */
export interface Item {
  readonly type: ItemType;
  readonly tag: number;
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** Bytes of data: 0, 1, 2 or 4. */
  readonly size: number;
  readonly unsigned: number;
  readonly signed: number;
}

/**
 * Cuts a report descriptor into short items; long items, which no usage of ours needs, are passed
 * over. HID 1.11 6.2.2.2 and 6.2.2.3. Malformed when an item runs past the end.
 */
export const readItems = (bytes: Uint8Array): readonly Item[] | Malformed => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const items: Item[] = [];
  let at = 0;
  while (at < bytes.length) {
    const prefix = view.getUint8(at);
    const isLong = prefix === LONG_ITEM;
    // A long item tells its size in the byte after, and has a tag before its data.
    const head = isLong ? 3 : 1;
    const size = isLong ? (bytes[at + 1] ?? 0) : (SIZES[prefix & 3] ?? 0);
    if (at + head + size > bytes.length) {
      return malformed(['report descriptor'], at, 'an item runs past the end');
    }
    const type = TYPES[(prefix >> 2) & 3];
    if (!isLong && type !== undefined) {
      items.push({ type, tag: prefix >> 4, offset: at, size, ...valueAt(view, at + 1, size) });
    }
    at += head + size;
  }
  return items;
};

const LONG_ITEM = 0xfe;
const SIZES = [0, 1, 2, 4];
// The fourth type is reserved.
const TYPES: readonly ItemType[] = ['main', 'global', 'local'];

const valueAt = (
  view: DataView,
  at: number,
  size: number,
): { unsigned: number; signed: number } => {
  if (size === 1) return { unsigned: view.getUint8(at), signed: view.getInt8(at) };
  if (size === 2) return { unsigned: view.getUint16(at, true), signed: view.getInt16(at, true) };
  if (size === 4) return { unsigned: view.getUint32(at, true), signed: view.getInt32(at, true) };
  return { unsigned: 0, signed: 0 };
};
