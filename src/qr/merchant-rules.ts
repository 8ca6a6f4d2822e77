import { type Malformed, malformed } from '#bytes/malformed.ts';
import { type CodeObject, charactersOf, HEAD, LONGEST, textOf } from './code-object.ts';
import {
  FORMATS,
  idsOf,
  MERCHANT_LEVEL,
  type MerchantRow,
  merchantRow,
  merchantRows,
} from './merchant-table.ts';

/** The longest code, its CRC included, in characters. */
export const LONGEST_CODE = 512;

/**
 * What EMVCo's rules have against the objects of a code, CRC aside, in the order of the code: IDs
 * that stand twice, lengths, formats, what is missing, and 00 that isn't first. Offsets are those
 * of the objects written one after the other, in characters.
 */
export const merchantProblems = (objects: readonly CodeObject[]): Malformed[] => {
  const length = lengthOf(objects) + CRC_LENGTH;
  const first = objects[0]?.id;
  return [
    ...(first === ids.payloadFormatIndicator || first === undefined
      ? []
      : [malformed([first], 0, `stands before ${ids.payloadFormatIndicator}`)]),
    ...levelProblems(objects, MERCHANT_LEVEL, 0, []),
    ...(objects.some(({ id }) => id >= ids.visa && id < ids.merchantCategoryCode)
      ? []
      : [malformed([], length - CRC_LENGTH, 'no merchant account: one of 02 to 51 is needed')]),
    ...(length > LONGEST_CODE
      ? [malformed([], LONGEST_CODE, `${length} characters: at most ${LONGEST_CODE} are allowed`)]
      : []),
  ];
};

const ids = idsOf(merchantRows);
const CRC_LENGTH = HEAD + merchantRows.crc.max;

const lengthOf = (objects: readonly CodeObject[]): number =>
  objects.reduce((sum, object) => sum + HEAD + charactersOf(textOf(object)).length, 0);

const levelProblems = (
  objects: readonly CodeObject[],
  rows: readonly MerchantRow[],
  base: number,
  path: readonly string[],
): Malformed[] => {
  const problems: Malformed[] = [];
  const seen = new Map<string, CodeObject>();
  let at = base;
  for (const object of objects) {
    const inside = [...path, object.id];
    if (seen.has(object.id)) problems.push(malformed(inside, at, 'stands twice'));
    else seen.set(object.id, object);
    problems.push(...objectProblems(object, merchantRow(rows, object.id), at, inside));
    at += HEAD + charactersOf(textOf(object)).length;
  }
  for (const row of rows) {
    const { from, title } = row;
    // The CRC is no part of the tree: it is worked out anew each time.
    if (row === merchantRows.crc || seen.has(from) || !isNeeded(row, seen)) continue;
    problems.push(malformed([...path, from], at, `${title} is missing`));
  }
  return problems;
};

const isNeeded = ({ presence }: MerchantRow, level: ReadonlyMap<string, CodeObject>): boolean => {
  if (typeof presence === 'string') return presence === 'M';
  const other = level.get(presence.when);
  return other !== undefined && textOf(other) === presence.is;
};

const objectProblems = (
  object: CodeObject,
  row: MerchantRow | undefined,
  at: number,
  path: readonly string[],
): Malformed[] => {
  const say = (problem: string, offset = at): Malformed[] => [malformed(path, offset, problem)];
  if (row === undefined || !/^[0-9]{2}$/.test(object.id)) return say('no ID of two digits');
  if (row === merchantRows.crc) return say('stands before the end');
  const length = charactersOf(textOf(object)).length;
  if (length === 0) return say('is empty');
  if (length < row.min || length > row.max || length > LONGEST) {
    return say(`${length} characters instead of ${lengthsOf(row)}`, at + HEAD);
  }
  if ('objects' in object) {
    if (row.rows === undefined) return say('is no template', at + HEAD);
    return levelProblems(object.objects, row.rows, at + HEAD, path);
  }
  if (row.rows !== undefined && !row.foreign) return say('is a template', at + HEAD);
  const { pattern, says } = FORMATS[row.format];
  return pattern.test(object.value) ? [] : say(`is not ${says}`, at + HEAD);
};

const lengthsOf = ({ min, max }: MerchantRow): string =>
  min === max ? `${min}` : `${min} to ${max}`;
