import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { isConstructed, parseTlvs, tagText } from '#tlv/tlv.ts';
import { type Book, lookUp, meanings, type Sensitivity } from './dictionary.ts';

/** First six and last four digits of an account number; less of a short one. */
export const maskPan = (pan: string): string =>
  pan.length < 13
    ? `${'*'.repeat(Math.max(0, pan.length - 4))}${pan.slice(-4)}`
    : `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`;

/** A value for people: hexadecimal, or what its sensitivity leaves of it. */
export const maskValue = (tag: number, value: Uint8Array, book?: Book): string =>
  maskBySensitivity(sensitivityOf(tag, book), value);

export const maskBySensitivity = (sensitivity: Sensitivity, value: Uint8Array): string => {
  switch (sensitivity) {
    case 'open':
      return toHex(value);
    case 'account':
      return maskAccount(value);
    case 'enclosed':
    case 'personal':
      return lengthOf(value);
    case 'secret':
      return '(hidden)';
  }
};

/** A card's answer as "tag=value", account data masked; never a raw byte of what isn't TLV. */
export const maskTlvs = (bytes: Uint8Array, book?: Book): string => {
  const objects = parseTlvs(bytes);
  if (isMalformed(objects)) return `(${bytes.length} bytes that are no TLV)`;
  return objects
    .map(({ tag, value }) =>
      isConstructed(tag)
        ? `${tagText(tag)}{${maskTlvs(value, book)}}`
        : `${tagText(tag)}=${maskValue(tag, value, book)}`,
    )
    .join(' ');
};

/**
 * A command for logs: its header, and of its data only what can't hold account data. SELECT names
 * an application, and when GET PROCESSING OPTIONS is sent no card data has been read yet; but
 * GENERATE AC carries whatever the card's CDOL asks for, 5A and 57 included.
 */
export const maskCommand = (command: Uint8Array): string => {
  const header = toHex(command.subarray(0, 4));
  const data = command.subarray(5);
  if (data.length === 0) return toHex(command);
  return BEFORE_CARD_DATA.has(command[1] ?? 0)
    ? `${header} ${toHex(command.subarray(4))}`
    : `${header} (${command.length - 4} bytes)`;
};

/** An answer for logs: its data as in `maskTlvs`, then its status word. */
export const maskResponse = (response: Uint8Array, book?: Book): string => {
  const data = response.subarray(0, -2);
  const sw = toHex(response.subarray(-2));
  return data.length === 0 ? sw : `${maskTlvs(data, book)} ${sw}`;
};

/**
 * A tag with several meanings is as sensitive as the most sensitive of them; one that nobody knows
 * may hold anything.
 */
export const sensitivityOf = (tag: number, book?: Book): Sensitivity => {
  const row = lookUp(tag, book);
  if (row !== undefined) return row.sensitivity;
  const rows = meanings(tag);
  if (rows.length === 0) return 'enclosed';
  return BY_SEVERITY.find((one) => rows.some(({ sensitivity }) => sensitivity === one)) ?? 'open';
};

const BY_SEVERITY: readonly Sensitivity[] = ['secret', 'enclosed', 'personal', 'account'];

// INS of SELECT, GET PROCESSING OPTIONS, READ RECORD, EXCHANGE RELAY RESISTANCE DATA.
const BEFORE_CARD_DATA: ReadonlySet<number> = new Set([0xa4, 0xa8, 0xb2, 0xea]);

// The digits up to the separator are masked; what follows (expiry, discretionary data) is left out.
const maskAccount = (value: Uint8Array): string => {
  const digits = /^[0-9]+/.exec(toHex(value))?.[0] ?? '';
  return digits.length >= 12 && digits.length <= 19 ? maskPan(digits) : lengthOf(value);
};

const lengthOf = (value: Uint8Array): string => `(${value.length} bytes)`;
