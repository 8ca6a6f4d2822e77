import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CardOptions, type EmulatedCard, emulate } from '../card/card.ts';
import { type CardFile, type CardFileProblem, isCardFileProblem } from '../card/card-file.ts';
import { type CodeOptions, presentCode } from '../card/presented-code.ts';
import { readCardFile, readKeyFile } from '../card/read-card-file.ts';

/** What a person wants to know of a card before tapping it. Holds no account number. */
export interface CardDescription {
  readonly name: string;
  readonly title: string;
  /** What it is there to show; lists are grouped by it. */
  readonly group: CardFile['group'];
  /** What kind of card or device it is. */
  readonly about: string;
  /** Which outcome it shows. */
  readonly outcome: string;
  /** The end of its account number, as a receipt prints it; of each application's, "0043, 0066". */
  readonly lastDigits: string;
}

/** The folder of the cards that come with Countertap. */
export const CARD_FOLDER: string = fileURLToPath(new URL('.', import.meta.url));

/** Names of the cards, in alphabetical order. */
export const listCards = (folder: string = CARD_FOLDER): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();

export const describeCard = (
  name: string,
  folder: string = CARD_FOLDER,
): CardDescription | CardFileProblem => {
  const unknown = unknownCard(name, folder);
  if (unknown !== undefined) return unknown;
  const file = readCardFile(folder, name);
  if (isCardFileProblem(file)) return file;
  const { title, group, about, outcome, applications } = file;
  const lastDigits = applications.map(({ account }) => account.pan.slice(-4)).join(', ');
  return { name, title, group, about, outcome, lastDigits };
};

/** What a card tells a terminal before anything is decided about it. */
export interface CardFacts {
  /** Of the application that it would rather pay with; hexadecimal. */
  readonly aid: string;
  /** What the card asks for, if it does. */
  readonly kernel?: string;
  /** Phones and watches are those whose holder is verified on the device itself. */
  readonly device: 'phone' | 'plastic';
  /** The first eleven digits of its account number, as many as an account range can have. */
  readonly beginning: string;
}

export const cardFacts = (
  name: string,
  folder: string = CARD_FOLDER,
): CardFacts | CardFileProblem => {
  const unknown = unknownCard(name, folder);
  if (unknown !== undefined) return unknown;
  const file = readCardFile(folder, name);
  if (isCardFileProblem(file)) return file;
  const [first] = file.applications.toSorted((a, b) => a.priority - b.priority);
  if (first === undefined) return { problem: `${name} has no application` };
  const { aid, kernelIdentifier, verification, account } = first;
  return {
    aid: aid.replaceAll(/\s/g, '').toUpperCase(),
    ...(kernelIdentifier === undefined ? {} : { kernel: kernelIdentifier }),
    device: 'onDevice' in verification ? 'phone' : 'plastic',
    beginning: account.pan.slice(0, FIRST_DIGITS),
  };
};

const FIRST_DIGITS = 11;

/**
 * A card of the catalogue, with power off. The problem is one sentence: an unknown name with the
 * names there are, or the file and key at fault.
 */
export const openCard = (
  name: string,
  options: CardOptions,
  folder: string = CARD_FOLDER,
): EmulatedCard | CardFileProblem => {
  const unknown = unknownCard(name, folder);
  if (unknown !== undefined) return unknown;
  const file = readCardFile(folder, name);
  if (isCardFileProblem(file)) return file;
  const keys = readKeyFile(folder, name, file);
  if (isCardFileProblem(keys)) return keys;
  const card = emulate(file, keys, options);
  if (!isCardFileProblem(card)) return card;
  return { problem: `${join(folder, name, 'card.json')}: ${card.problem}` };
};

/** The code that a phone of the catalogue shows for one payment. Problems as `openCard`'s. */
export const cardCode = (
  name: string,
  options: CodeOptions,
  folder: string = CARD_FOLDER,
): string | CardFileProblem => {
  const unknown = unknownCard(name, folder);
  if (unknown !== undefined) return unknown;
  const file = readCardFile(folder, name);
  if (isCardFileProblem(file)) return file;
  const keys = readKeyFile(folder, name, file);
  if (isCardFileProblem(keys)) return keys;
  const code = presentCode(file, keys, options);
  return isCardFileProblem(code) ? { problem: `${name}: ${code.problem}` } : code;
};

const unknownCard = (name: string, folder: string): CardFileProblem | undefined => {
  const names = listCards(folder);
  if (names.includes(name)) return undefined;
  return { problem: `no card is called "${name}"; there are ${names.join(', ')}` };
};
