/** The few words that the page says by itself, when the terminal can't. One row a language. */
interface OwnTexts {
  readonly away: { readonly headline: string; readonly detail: string };
  readonly starting: { readonly headline: string; readonly detail: string };
}

const ENGLISH: OwnTexts = {
  away: { headline: 'Terminal not connected', detail: 'Please ask a member of staff.' },
  starting: { headline: 'Starting', detail: 'One moment, please.' },
};

const TEXTS: Readonly<Record<string, OwnTexts>> = { en: ENGLISH };

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur']);

const primaryOf = (language: string): string => language.toLowerCase().split('-', 1)[0] ?? '';

/** Texts for a BCP 47 language such as "de" or "pt-BR"; English when there are none. */
export const ownTexts = (language: string): OwnTexts => TEXTS[primaryOf(language)] ?? ENGLISH;

export const directionOf = (language: string): 'ltr' | 'rtl' =>
  RIGHT_TO_LEFT.has(primaryOf(language)) ? 'rtl' : 'ltr';
