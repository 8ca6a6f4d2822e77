import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CARD_FOLDER } from '#drivers/simulated/cards/catalogue.ts';

/** A file that holds an account number whole. */
export interface Found {
  readonly file: string;
  /** How it is written there: as characters, packed digits, … */
  readonly form: string;
  /** For people: first six and last four. */
  readonly masked: string;
}

/** The account numbers of the emulated cards; of all of them, or of those named. */
export const accountNumbers = (cards?: readonly string[]): readonly string[] => {
  const names = cards ?? readdirSync(CARD_FOLDER);
  const files = names.filter((name) => !name.includes('.'));
  const texts = files.map((name) => readFileSync(join(CARD_FOLDER, name, 'card.json'), 'utf8'));
  const numbers = texts.flatMap((text) => [...text.matchAll(/"pan": *"(\d{13,19})"/g)]);
  return [...new Set(numbers.map(([, pan = '']) => pan))];
};

/** Every file below a folder. */
export const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** Where any of the numbers stands whole, in any form that a program would write it in. */
export const findAccounts = (
  files: readonly string[],
  numbers: readonly string[],
): readonly Found[] => {
  const needles = numbers.flatMap((pan) =>
    Object.entries(forms).map(([form, written]) => ({ form, pan, bytes: written(pan) })),
  );
  return files.flatMap((file) => {
    const content = read(file);
    return needles
      .filter(({ bytes }) => content.includes(bytes))
      .map(({ form, pan }) => ({ file, form, masked: `${pan.slice(0, 6)}…${pan.slice(-4)}` }));
  });
};

// A digit that shares its byte with something else can't be looked for.
const packed = (digits: string): Buffer => Buffer.from(digits.slice(0, digits.length & ~1), 'hex');

/** Packed digits as hexadecimal text are the characters themselves. */
const forms: Readonly<Record<string, (pan: string) => Buffer>> = {
  characters: (pan) => Buffer.from(pan, 'latin1'),
  'packed digits': packed,
  'packed digits, shifted by one': (pan) => packed(pan.slice(1)),
  'hexadecimal of characters': (pan) => Buffer.from(Buffer.from(pan, 'latin1').toString('hex')),
  'two-byte characters': (pan) => Buffer.from(pan, 'utf16le'),
};

// SQLite's own files come and go.
const read = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
};
