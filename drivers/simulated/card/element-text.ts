import { fromHex } from '#bytes/hex.ts';
import { type ElementName, element, tag } from '#data/dictionary.ts';
import { elements } from '#data/elements.ts';

/** The tag behind a name of the dictionary or a tag in hexadecimal; undefined for neither. */
export const elementTag = (name: string): number | undefined => {
  if (isElementName(name)) return tag[name];
  return /^(?:[0-9A-F]{2}){1,4}$/.test(name) ? Number.parseInt(name, 16) : undefined;
};

/**
 * The bytes a card file writes as text: characters for formats a, an and ans, hexadecimal for all
 * others. A string says what was expected instead.
 */
export const elementValue = (name: string, text: string): Uint8Array | string => {
  const row = isElementName(name) ? element(name) : undefined;
  const asCharacters = row !== undefined && ['a', 'an', 'ans'].includes(row.format);
  const value = asCharacters ? new TextEncoder().encode(text) : fromHex(text);
  if (value === undefined) return 'expected hexadecimal';
  if (row === undefined) return value;
  const tooLong = row.max !== null && value.length > row.max;
  if (value.length < row.min || tooLong) {
    return `expected ${row.min} to ${row.max ?? 'any number of'} bytes, found ${value.length}`;
  }
  return value;
};

const isElementName = (name: string): name is ElementName => Object.hasOwn(elements, name);
