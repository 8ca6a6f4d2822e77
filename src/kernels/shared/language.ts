import { tag } from '#data/dictionary.ts';
import type { DataMap } from './kernel.ts';

/** The card's first Language Preference (5F2D), two letters of ISO 639; null if it has none. */
export const preferredLanguage = (card: DataMap): string | null => {
  const preference = card.get(tag.languagePreference);
  const letters = String.fromCharCode(...(preference?.subarray(0, 2) ?? [])).toLowerCase();
  return /^[a-z]{2}$/.test(letters) ? letters : null;
};
