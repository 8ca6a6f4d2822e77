import { tag } from '#data/dictionary.ts';
import type { DataMap } from './kernel.ts';

/**
 * The card's Language Preference (5F2D): up to four languages, the dearest first, two letters of
 * ISO 639 each and nothing between them, such as "defr"; null if it has none. What comes after
 * anything but letters is left out.
 */
export const preferredLanguage = (card: DataMap): string | null => {
  const preference = card.get(tag.languagePreference) ?? new Uint8Array();
  let languages = '';
  for (let at = 0; at + 1 < preference.length; at += 2) {
    const first = lowerCase(preference[at]);
    const second = lowerCase(preference[at + 1]);
    if (first === 0 || second === 0) break;
    languages += String.fromCharCode(first, second);
  }
  return languages === '' ? null : languages;
};

// ASCII letters; 0 for anything else. Some cards have them in upper case.
const lowerCase = (code = 0): number => {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a ? lower : 0;
};
