import { createRequire } from 'node:module';
import { toHex } from '#bytes/hex.ts';
import type { Message } from '#iso8583/index.ts';

/** npm's iso_8583 comes without types: what we use of it. Answers an object with `error` if so. */
interface NpmIso8583 {
  getBufferMessage(): Buffer | { readonly error: unknown };
  getIsoJSON(bytes: Buffer, options?: { readonly lenHeader?: boolean }): Record<string, string>;
}

type NpmIso8583Class = new (
  fields?: Record<string, string>,
  formats?: Record<string, object>,
) => NpmIso8583;

export const NpmMessage: NpmIso8583Class = createRequire(import.meta.url)('iso_8583');

/** A message as it wants it: every value as text, bytes in hexadecimal. */
export const npmFields = ({ mti, fields }: Message): Record<string, string> => {
  const texts: Record<string, string> = { 0: mti };
  for (const [number, value] of fields) {
    texts[number] = typeof value === 'string' ? value : toHex(value);
  }
  return texts;
};
