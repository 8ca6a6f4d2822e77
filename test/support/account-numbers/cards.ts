import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concat } from '#bytes/bytes.ts';
import { fromHex, toHex } from '#bytes/hex.ts';
import { emulate } from '#drivers/simulated/card/card.ts';
import {
  type ApplicationFile,
  type CardFile,
  isCardFileProblem,
  type KeyMaterial,
} from '#drivers/simulated/card/card-file.ts';
import { dataToCertify } from '#drivers/simulated/card/personalise.ts';
import { readCardFile, readKeyFile } from '#drivers/simulated/card/read-card-file.ts';
import { CARD_FOLDER, memoryStore, type PresentableCard } from '#drivers/simulated/index.ts';
import { certifiedIssuers, certifyCard } from '#drivers/simulated/issuer/certification.ts';
import { issuerOf, rsaKey } from '#drivers/simulated/issuer/index.ts';
import { issuedInstead, type TestAccount } from './numbers.ts';

export type CardKind = 'visa-plastic' | 'mastercard-phone' | 'visa-plastic-offline';

/** A card of the catalogue under another account, and the number its issuer knows it by. */
export interface TestCard extends PresentableCard {
  /** The simulated issuers have few ranges: a number of another range stands for one of theirs. */
  readonly issuedAs: string;
}

export const HOLDER = 'HOLDER/NOBODYS';

/** Personalises a card for an account, which its records repeat wherever cards may do so. */
export const cardOf = (kind: CardKind, account: TestAccount, serial: number): TestCard => {
  const bin = kind.startsWith('visa') ? '476173' : '541333';
  const { pan } = account;
  const own = pan.startsWith(bin);
  const issuedAs = own ? pan : issuedInstead(pan, bin);
  const file = fileOf(kind, { ...account, pan: issuedAs });
  const card = emulate(file, [keysFor(kind, file.applications[0], pan)], {
    store: memoryStore(serial),
  });
  if (isCardFileProblem(card)) throw new Error(card.problem);
  if (own) return { ...card, issuedAs };
  return {
    ...card,
    issuedAs,
    respond: (command) => {
      const answer = card.respond(command);
      return typeof answer === 'string' ? answer : renumbered(answer, issuedAs, pan);
    },
  };
};

/** The card as it is until its command `index` (from 1), which is answered otherwise. */
export const misbehaving = (
  card: TestCard,
  index: number,
  answer: (right: Uint8Array) => Uint8Array | 'mute' | 'tear',
): TestCard => {
  let count = 0;
  return {
    ...card,
    respond: (command) => {
      const right = card.respond(command);
      count += 1;
      return count === index && typeof right !== 'string' ? answer(right) : right;
    },
  };
};

/** Wrong answers that carry the number all the same. */
export const wrongAnswers: readonly ((right: Uint8Array) => Uint8Array | 'tear' | 'mute')[] = [
  () => 'tear',
  // Cut off in the middle, and as a whole answer for it.
  (right) => concat(right.subarray(0, right.length - 7), OK),
  // Without its template, which makes it an answer of format 1 or nothing at all.
  (right) => concat(Uint8Array.of(0x80, right.length - 4), right.subarray(2)),
  // A length that runs past the end.
  (right) => right.with(1, (right[1] ?? 0) ^ 0x21),
  // A template in its place that nobody asked for.
  (right) => right.with(0, 0x71),
  // Data together with an error.
  (right) => concat(right.subarray(0, -2), Uint8Array.of(0x6f, 0x00)),
  // The same twice in a row.
  (right) => concat(right.subarray(0, -2), right),
];

/** Number, track 2, PIN and name in every element that may hold them, and in some that may not. */
export const talkative = (application: ApplicationFile, account: TestAccount): ApplicationFile => {
  const more = besides(account);
  const base = {
    ...application,
    account: { ...application.account, ...accountFile(account) },
    elements: { ...application.elements, ...more },
  };
  const names = Object.keys(more);
  const [first, ...others] = application.records;
  if (application.profile === 'qvsdc' || first === undefined) {
    return { ...base, processingOptions: [...application.processingOptions, ...names] };
  }
  // Kernel 2's card wants number and track 2 back for its cryptogram, longer, and cut off.
  const cdol1 = `${application.elements['cdol1']} 5A0A 5713 5A08 570B`;
  const records = [{ ...first, elements: [...first.elements, ...names] }, ...others];
  return { ...base, elements: { ...base.elements, cdol1 }, records };
};

const OK = Uint8Array.of(0x90, 0x00);

const catalogue = new Map<CardKind, CardFile>();

const fileOf = (kind: CardKind, account: TestAccount): CardFile => {
  const known = catalogue.get(kind) ?? readCardFile(CARD_FOLDER, kind);
  if (isCardFileProblem(known)) throw new Error(known.problem);
  catalogue.set(kind, known);
  const [application] = known.applications;
  if (application === undefined) throw new Error(`${kind} has no application`);
  return { ...known, applications: [talkative(application, account)] };
};

const besides = ({ pan, discretionaryData, pinBlock }: TestAccount) => ({
  cardholderName: `${HOLDER} ${pan}`.slice(0, 26),
  track1DiscretionaryData: discretionaryData,
  track2DiscretionaryData: evenly(discretionaryData),
  iban: text(`XX00${pan}`),
  transactionPinData: pinBlock,
  // Nobody's, so that it may hold anything.
  DF7D: evenly(pan),
});

const accountFile = ({ pan, expiry, serviceCode, discretionaryData }: TestAccount) => ({
  pan,
  expiry,
  serviceCode,
  discretionaryData,
});

const evenly = (digits: string): string => (digits.length % 2 === 0 ? digits : `${digits}F`);

const text = (characters: string): string => toHex(new TextEncoder().encode(characters));

const renumbered = (answer: Uint8Array, from: string, to: string): Uint8Array =>
  fromHex(toHex(answer).replaceAll(from, to).replaceAll(text(from), text(to))) ?? answer;

const KEYS = join(import.meta.dirname, '../../../drivers/simulated/issuer/certification-keys.json');
let pool: Readonly<Record<string, string>> | undefined;

const keyNamed = (name: string) => {
  pool ??= (JSON.parse(readFileSync(KEYS, 'utf8')) as { keys: Record<string, string> }).keys;
  return rsaKey(pool[name] ?? '');
};

// The key of the catalogue's card, with certificates for this number.
const keysFor = (
  kind: CardKind,
  file: ApplicationFile | undefined,
  pan: string,
): KeyMaterial | null => {
  const known = catalogue.get(kind);
  if (file?.authentication === undefined || known === undefined) return null;
  const all = readKeyFile(CARD_FOLDER, kind, known);
  const issuer = issuerOf(file.account.pan);
  const staticData = dataToCertify(file);
  if (isCardFileProblem(all) || isCardFileProblem(staticData) || issuer === undefined) {
    throw new Error(`${kind} can't be certified`);
  }
  const { issuerKey } = file.authentication;
  const { authority } = certifiedIssuers[issuerKey];
  const privateKey = all[0]?.privateKey ?? '';
  return {
    privateKey,
    elements: certifyCard({
      // The certificate names the beginning of the number that the card shows.
      issuer: { ...issuer, bins: [pan.slice(0, 6)] },
      issuerKeyName: issuerKey,
      authorityKey: keyNamed(`${issuer.scheme} ${toHex(Uint8Array.of(authority))}`),
      issuerKey: keyNamed(`${issuer.scheme} ${issuerKey}`),
      cardKey: rsaKey(privateKey),
      pan,
      staticData: renumbered(staticData, file.account.pan, pan),
    }),
  };
};
