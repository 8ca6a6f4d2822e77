import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { meanings, tag } from '#data/dictionary.ts';
import { maskPan } from '#data/mask.ts';
import { isConstructed, parseTlvs, tagText } from '#tlv/tlv.ts';
import type { FieldValue } from './content.ts';
import { editionFields } from './dialects.ts';
import { type Field, fieldName } from './field.ts';
import type { Message } from './message.ts';

/** 'masked' unless a person with the right to it asked for the account data itself. */
export type AccountData = 'masked' | 'shown';

/**
 * A message for people and logs: "MTI", "DE 4", "DE 55 9F26", each with its value as text, bytes
 * in hexadecimal. Account data is masked by the field's and the tag's sensitivity; a PAN keeps
 * its first 6 and last 4 digits. A PIN block is never shown.
 */
export const describe = (
  message: Message,
  accountData: AccountData = 'masked',
): Readonly<Record<string, string>> => {
  const lines: Record<string, string> = { MTI: message.mti };
  const { '0': of1987, '1': of1993, '2': of2003 } = editionFields;
  const fields = message.mti.startsWith('2')
    ? of2003
    : message.mti.startsWith('1')
      ? of1993
      : of1987;
  for (const [number, value] of message.fields) {
    if (number === 55 && typeof value !== 'string') describeIcc(value, accountData, lines);
    else lines[fieldName(number)] = describeField(number, value, accountData, fields.get(number));
  }
  return lines;
};

const describeField = (
  number: number,
  value: FieldValue,
  accountData: AccountData,
  row: Field | undefined,
): string => {
  const sensitivity = row?.sensitivity ?? 'account';
  const plain = typeof value === 'string' ? value : toHex(value);
  if (sensitivity === 'open' || (sensitivity !== 'secret' && accountData === 'shown')) return plain;
  if (sensitivity === 'secret') return HIDDEN;
  if (number === 2) return maskPan(plain);
  if (number === 35) return maskTrack2(plain, plain.includes('D') ? 'D' : '=');
  return `${HIDDEN} ${value.length}`;
};

const describeIcc = (
  value: Uint8Array,
  accountData: AccountData,
  lines: Record<string, string>,
  path = fieldName(55),
): void => {
  const objects = parseTlvs(value);
  if (isMalformed(objects)) {
    lines[path] = `${HIDDEN} ${value.length}`;
    return;
  }
  for (const object of objects) {
    const name = `${path} ${tagText(object.tag)}`;
    if (isConstructed(object.tag)) describeIcc(object.value, accountData, lines, name);
    else lines[name] = describeTag(object.tag, object.value, accountData);
  }
};

// A tag with several meanings is as sensitive as the most sensitive of them; one that nobody
// knows may hold anything.
const describeTag = (tagNumber: number, value: Uint8Array, accountData: AccountData): string => {
  const rows = meanings(tagNumber);
  if (rows.some(({ sensitivity }) => sensitivity === 'secret')) return HIDDEN;
  const plain = toHex(value);
  const open = rows.length > 0 && rows.every(({ sensitivity }) => sensitivity === 'open');
  if (open || accountData === 'shown') return plain;
  if (tagNumber === tag.applicationPan) return maskPan(plain.replace(/F+$/, ''));
  if (tagNumber === tag.track2EquivalentData) return maskTrack2(plain, 'D');
  return `${HIDDEN} ${value.length}`;
};

const maskTrack2 = (track2: string, separator: string): string => {
  const [pan = ''] = track2.split(separator);
  return `${maskPan(pan)}${separator}${HIDDEN}`;
};

const HIDDEN = '(hidden)';
