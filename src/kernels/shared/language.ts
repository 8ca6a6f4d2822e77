import { tag } from '#data/dictionary.ts';
import type { DataMap } from './kernel.ts';

/** The card's first Language Preference (5F2D), two letters of ISO 639; null if it has none. */
export const preferredLanguage = (card: DataMap): string | null => {
  const preference = card.get(tag.languagePreference);
  if (preference === undefined) return null;
  const first = lowerCase(preference[0]);
  const second = lowerCase(preference[1]);
  return first === 0 || second === 0 ? null : String.fromCharCode(first, second);
};

// ASCII letters; 0 for anything else. Some cards have them in upper case.
const lowerCase = (code = 0): number => {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a ? lower : 0;
};
