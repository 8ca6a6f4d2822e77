import { createHash } from 'node:crypto';
import { toHex } from '#bytes/hex.ts';
import type { Message } from '#iso8583/index.ts';

const ACCOUNT: ReadonlySet<number> = new Set([2, 14, 35, 52, 55]);

/** A value for comparing: a failing test prints it, so account data becomes a fingerprint. */
export const shown = (number: number, value: string): string =>
  ACCOUNT.has(number) ? createHash('sha256').update(value).digest('hex').slice(0, 12) : value;

/** A message for comparing: "MTI" and its elements by number, bytes in hexadecimal. */
export const elements = ({ mti, fields }: Message): Record<string, string> => {
  const lines: Record<string, string> = { MTI: mti };
  for (const [number, value] of fields) {
    lines[number] = shown(number, typeof value === 'string' ? value : toHex(value));
  }
  return lines;
};
