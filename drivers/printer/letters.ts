/**
 * Code page 858: ASCII, the letters of ISO/IEC 8859-1 and the euro, which is all that the Latin
 * languages of receipts need. ESC/POS printers have it, nearly all under this number (ESC t).
 */
export const CODE_PAGE = { name: 'cp858', number: 19 } as const;

/**
 * A text in letters of the code page: what it lacks loses its accents or is written another way,
 * and what is left is a question mark.
 */
export const inCodePage = (text: string): string =>
  [...text.normalize('NFC')].map((sign) => (has(sign) ? sign : substitute(sign))).join('');

/** Whether a language is written in Latin letters. @param language such as "en" or "pt-BR" */
export const isLatin = (language: string): boolean => {
  try {
    return new Intl.Locale(language).maximize().script === 'Latn';
  } catch {
    return false;
  }
};

const has = (sign: string): boolean => /^[\x20-\x7e\u00a1-\u00ff\u20ac]$/.test(sign);

const substitute = (sign: string): string => {
  const written = WRITTEN[sign];
  if (written !== undefined) return written;
  const plain = [...sign.normalize('NFKD')].filter(has).join('');
  return plain === '' ? '?' : plain;
};

const WRITTEN: Readonly<Record<string, string>> = {
  '\u00a0': ' ',
  '\u2010': '-',
  '\u2011': '-',
  '\u2013': '-',
  '\u2014': '-',
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u201e': '"',
  '\u2022': '*',
  œ: 'oe',
  Œ: 'OE',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
};
