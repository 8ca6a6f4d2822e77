/** Four rows of at most ten keys, each key one letter; the first has what the language adds. */
export interface Keyboard {
  readonly rows: readonly (readonly string[])[];
  /** Letters have capitals. */
  readonly capitals: boolean;
  /** On the key that goes back to the letters. */
  readonly name: string;
}

/** The letters of a language; Latin ones where it is written with more signs than keys. */
export const lettersOf = (language: string): Keyboard =>
  LETTERS[language.toLowerCase().split('-', 1)[0] ?? ''] ?? ENGLISH;

const latin = (...rows: readonly string[]): Keyboard => ({
  rows: rows.map((row) => [...row]),
  capitals: true,
  name: 'ABC',
});

const ENGLISH = latin("-'.,@&+_/:", 'qwertyuiop', 'asdfghjkl', 'zxcvbnm');

const LETTERS: Readonly<Record<string, Keyboard>> = {
  en: ENGLISH,
  es: latin("áéíóúü-'.@", 'qwertyuiop', 'asdfghjklñ', 'zxcvbnmç'),
  fr: latin('éèêëàâçîôù', 'azertyuiop', 'qsdfghjklm', "wxcvbnïœ-'"),
  de: latin("äöüßé-'.,@", 'qwertzuiop', 'asdfghjkl', 'yxcvbnm'),
  it: latin("àèéìòù-'.@", 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'),
  pt: latin('áâãàçéêíóô', 'qwertyuiop', 'asdfghjklõ', "zxcvbnmúü'"),
  ar: {
    rows: [
      'ج د ذ أ إ آ ئ ء ؤ -',
      'ض ص ث ق ف غ ع ه خ ح',
      'ش س ي ب ل ا ت ن م ك',
      'ط ظ ر ز و ة ى',
    ].map((row) => row.split(' ')),
    capitals: false,
    name: 'أبج',
  },
};

export const SIGNS: Keyboard = {
  rows: ['1234567890', '-_/:;()&@"', "+=*%#!?,.'", '€$£¥[]<>^~'].map((row) => [...row]),
  capitals: false,
  name: '123',
};

/** The capital of a letter: one letter, also where the language would write two. */
export const capitalOf = (letter: string): string =>
  letter === 'ß' ? 'ẞ' : letter.toLocaleUpperCase();
