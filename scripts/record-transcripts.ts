// Writes test/transcripts/: taps of every emulated card, with a clock and random bytes that are
// always the same. Run it after a change of cards or kernels, and read what git says has changed.
// The cards' own signatures hold random bytes too: they are the same again with the same keys.
//
//   node scripts/record-transcripts.ts [FOLDER]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isConfigProblem } from '#config/problem.ts';
import { cyclicRandom } from '#contactless/inputs.ts';
import { clockDigits, transactionData } from '#contactless/transaction-data.ts';
import {
  type CardDescription,
  describeCard,
  type EmulatedCard,
  isCardFileProblem,
  listCards,
  memoryStore,
  openCard,
} from '#drivers/simulated/index.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { ActivationEnd } from '#entry-point/run.ts';
import type { Answer, Ask, Step } from '#kernels/shared/step.ts';
import { newTape, printTranscript, recorded, transcriptOf } from '#transcript/index.ts';
import { loadConfiguration } from '../src/cli/load-configuration.ts';
import { INSTALLATION } from '../src/cli/places.ts';

interface Scene {
  /** Folder below test/transcripts. */
  readonly folder: string;
  /** A configuration set, or a folder as seen from the transcript. */
  readonly config: string;
  /** Minor units. */
  readonly amount: number;
  /** Groups of cards that show something there; all if absent. */
  readonly groups?: readonly CardDescription['group'][];
}

const HOME = join(INSTALLATION, 'test', 'transcripts');
const OFFLINE = '../../support/offline-configuration';
const HOLDER = ['everyday', 'offline', 'holder', 'refusing'] as const;

// The shipped terminal and one that pays offline; below and above the CVM required limit.
const SCENES: readonly Scene[] = [
  { folder: '.', config: 'base', amount: 1250 },
  { folder: 'above-cvm-limit', config: 'base', amount: 12_000, groups: HOLDER },
  { folder: 'offline', config: OFFLINE, amount: 1250 },
  { folder: 'offline-above-cvm-limit', config: OFFLINE, amount: 7500, groups: HOLDER },
];

const CLOCK = '2026-01-31T12:00:00Z';
const RANDOM = Uint8Array.of(0x3c, 0x9d, 0x51, 0xe7, 0x24);
const CARD_RANDOM = Uint8Array.of(0x86, 0x0f, 0xb3, 0x47, 0xda, 0x19, 0x72);

const opened = (name: string): EmulatedCard => {
  const card = openCard(name, { store: memoryStore(), random: cyclicRandom(CARD_RANDOM) });
  if (isCardFileProblem(card)) throw new Error(card.problem);
  return card;
};

const described = (name: string): CardDescription => {
  const about = describeCard(name);
  if (isCardFileProblem(about)) throw new Error(about.problem);
  return about;
};

// Where a card never pays, the shopper takes another one.
const secondCard = (name: string, first: EmulatedCard): EmulatedCard =>
  described(name).group === 'failing' || name === 'visa-phone-see-phone'
    ? opened('visa-plastic')
    : first;

const recordCard = (name: string, { config, amount, folder: below }: Scene): string => {
  const about = described(name);
  const at = join(HOME, below, config);
  const configuration = loadConfiguration(config.includes('/') ? at : config);
  if (isConfigProblem(configuration)) throw new Error(configuration.key);
  const transaction = { type: 0x00, amountAuthorised: amount, amountOther: 0, currency: 840 };
  const tape = newTape();
  const first = {
    start: 'A',
    transaction,
    transactionData: transactionData(transaction, clockDigits(CLOCK) ?? '', 1),
  } as const;
  const step = activate(configuration.contactless, newTransaction, first);
  const card = opened(name);
  const end = holdTo([card, secondCard(name, card)], recorded(step, tape));
  const header = {
    about: [`${about.title}. ${about.outcome}`],
    config,
    clock: CLOCK,
    transaction,
    overrides: new Map(),
    keys: [],
  };
  return printTranscript(transcriptOf(tape, header, end.outcome));
};

// Each card is there until it has been read once; a kernel that wants a third waits in vain.
const holdTo = (cards: readonly EmulatedCard[], step: Step<ActivationEnd>): ActivationEnd => {
  const random = cyclicRandom(RANDOM);
  const waiting = [...cards];
  let card: EmulatedCard | undefined;
  const answer = (ask: Ask): Answer => {
    switch (ask.ask) {
      case 'card': {
        card?.powerOff();
        card = waiting.shift();
        card?.powerOn();
        return { to: 'card', card: card === undefined ? 'timeout' : 'present' };
      }
      case 'exchange': {
        const response = card?.respond(ask.command) ?? 'tear';
        if (response === 'tear') return { to: 'exchange', fault: 'transmission' };
        if (response === 'mute') return { to: 'exchange', fault: 'timeout' };
        const microseconds = 1000 * (card?.delayMs(ask.command) ?? 0);
        return { to: 'exchange', response, microseconds };
      }
      case 'random':
        return { to: 'random', bytes: random(ask.length) };
      case 'ui':
      case 'field':
        return { to: ask.ask };
      default:
        throw new TypeError(`nobody answers ${ask.ask} here`);
    }
  };
  let next = step.next();
  while (next.done !== true) next = step.next(answer(next.value));
  return next.value;
};

const folder = process.argv[2] ?? HOME;
for (const scene of SCENES) {
  const { folder: below, groups } = scene;
  mkdirSync(join(folder, below), { recursive: true });
  for (const name of listCards()) {
    if (groups !== undefined && !groups.includes(described(name).group)) continue;
    const file = join(below, `${name}.tap`);
    writeFileSync(join(folder, file), recordCard(name, scene));
    process.stdout.write(`${file}\n`);
  }
}
