import { describe, expect, it } from 'vitest';
import { fromHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { preferredLanguage } from '#kernels/shared/language.ts';

const preferred = (digits: string) =>
  preferredLanguage(new Map([[tag.languagePreference, fromHex(digits) ?? new Uint8Array()]]));

describe('the languages that a card prefers (5F2D)', () => {
  it.each([
    ['one', '6465', 'de'],
    ['four, the dearest first', '6465667269746573', 'defrites'],
    ['in capitals', '4445', 'de'],
    ['filled up with zeros', '6465000000000000', 'de'],
    ['with half a letter pair at the end', '646566', 'de'],
  ])('%s', (_, digits, languages) => {
    expect(preferred(digits)).toBe(languages);
  });

  it.each([
    ['none', ''],
    ['a single letter', '64'],
    ['digits', '3131'],
    ['zeros', '00000000'],
  ])('%s is no preference', (_, digits) => {
    expect(preferred(digits)).toBeNull();
  });

  it('a card without the element has none', () => {
    expect(preferredLanguage(new Map())).toBeNull();
  });
});
