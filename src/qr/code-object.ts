import { type Malformed, malformed } from '#bytes/malformed.ts';
import { type MerchantRow, merchantRow } from './merchant-table.ts';

/** One data object of a merchant-presented code: a value, or a template of others. */
export type CodeObject =
  | { readonly id: string; readonly value: string }
  | { readonly id: string; readonly objects: readonly CodeObject[] };

/** What could be read: all objects, or those before the one that is malformed. */
export interface ReadObjects {
  readonly objects: readonly CodeObject[];
  readonly malformed?: Malformed;
}

/** Characters as EMVCo counts them: code points of Unicode, not bytes and not UTF-16 units. */
export const charactersOf = (text: string): readonly string[] => Array.from(text);

/** The head of each object: two digits of ID, two of length. */
export const HEAD = 4;
/** The longest value: two digits of length. */
export const LONGEST = 99;

/** The text of objects side by side. Values of more than 99 characters are the caller's bug. */
export const writeObjects = (objects: readonly CodeObject[]): string =>
  objects
    .map((object) => {
      const value = textOf(object);
      return `${object.id}${String(charactersOf(value).length).padStart(2, '0')}${value}`;
    })
    .join('');

/** A value as it stands in the code, a template's too. */
export const textOf = (object: CodeObject): string =>
  'objects' in object ? writeObjects(object.objects) : object.value;

/**
 * Takes the objects of one level apart, and templates among them by their rows.
 * @param characters of the level; `base` is the offset of the first in the whole code
 */
export const readObjects = (
  characters: readonly string[],
  rows: readonly MerchantRow[],
  base = 0,
  path: readonly string[] = [],
): ReadObjects => {
  const objects: CodeObject[] = [];
  let at = 0;
  while (at < characters.length) {
    const head = headAt(characters, at, base, path);
    if ('malformed' in head) return { objects, malformed: head };
    const { id, length } = head;
    const value = characters.slice(at + HEAD, at + HEAD + length);
    const inner = readValue(id, value, merchantRow(rows, id), base + at + HEAD, path);
    objects.push(inner.object);
    if (inner.malformed) return { objects, malformed: inner.malformed };
    at += HEAD + length;
  }
  return { objects };
};

const headAt = (
  characters: readonly string[],
  at: number,
  base: number,
  path: readonly string[],
): { readonly id: string; readonly length: number } | Malformed => {
  const text = characters.slice(at, at + HEAD).join('');
  const id = text.slice(0, 2);
  if (!/^[0-9]{2}$/.test(id)) return malformed(path, base + at, 'an ID has two digits');
  const inside = [...path, id];
  if (!/^[0-9]{2}$/.test(text.slice(2))) {
    return malformed(inside, base + at + 2, 'a length has two digits');
  }
  const length = Number(text.slice(2));
  if (length === 0) return malformed(inside, base + at + 2, 'length 00: an object is not empty');
  const left = characters.length - at - HEAD;
  if (length > left) {
    const problem = `length ${length} runs past the end: only ${left} left`;
    return malformed(inside, base + at + 2, problem);
  }
  return { id, length };
};

const readValue = (
  id: string,
  value: readonly string[],
  row: MerchantRow | undefined,
  base: number,
  path: readonly string[],
): { readonly object: CodeObject; readonly malformed?: Malformed } => {
  const whole = { object: { id, value: value.join('') } };
  if (row?.rows === undefined) return whole;
  const inner = readObjects(value, row.rows, base, [...path, id]);
  if (inner.malformed === undefined) return { object: { id, objects: inner.objects } };
  // Payment systems put in their own templates what they like: PromptPay's 81 holds a bare text.
  if (row.foreign) return whole;
  return { object: { id, objects: inner.objects }, malformed: inner.malformed };
};
