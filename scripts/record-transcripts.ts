// Writes test/transcripts/: one tap of every emulated card, with a clock and random bytes that are
// always the same. Run it after a change of cards or kernels, and read what git says has changed.
//
//   node scripts/record-transcripts.ts [FOLDER]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isConfigProblem } from '#config/problem.ts';
import { cyclicRandom } from '#contactless/inputs.ts';
import { clockDigits, transactionData } from '#contactless/transaction-data.ts';
import {
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

const CONFIG = 'base';
const CLOCK = '2026-01-31T12:00:00Z';
const RANDOM = Uint8Array.of(0x3c, 0x9d, 0x51, 0xe7, 0x24);
const TRANSACTION = { type: 0x00, amountAuthorised: 1250, amountOther: 0, currency: 840 };

const recordCard = (name: string): string => {
  const card = openCard(name, { store: memoryStore() });
  const about = describeCard(name);
  if (isCardFileProblem(card)) throw new Error(card.problem);
  if (isCardFileProblem(about)) throw new Error(about.problem);
  const configuration = loadConfiguration(CONFIG);
  if (isConfigProblem(configuration)) throw new Error(configuration.key);
  const tape = newTape();
  const first = {
    start: 'A',
    transaction: TRANSACTION,
    transactionData: transactionData(TRANSACTION, clockDigits(CLOCK) ?? '', 1),
  } as const;
  const step = activate(configuration.contactless, newTransaction, first);
  const end = holdTo(card, recorded(step, tape));
  const header = {
    about: [`${about.title}. ${about.outcome}`],
    config: CONFIG,
    clock: CLOCK,
    transaction: TRANSACTION,
    overrides: new Map(),
    keys: [],
  };
  return printTranscript(transcriptOf(tape, header, end.outcome));
};

// The card is there until it has been read once; a kernel that wants it again waits in vain.
const holdTo = (card: EmulatedCard, step: Step<ActivationEnd>): ActivationEnd => {
  const random = cyclicRandom(RANDOM);
  let presented = false;
  const answer = (ask: Ask): Answer => {
    switch (ask.ask) {
      case 'card': {
        if (presented) return { to: 'card', card: 'timeout' };
        presented = true;
        card.powerOff();
        card.powerOn();
        return { to: 'card', card: 'present' };
      }
      case 'exchange': {
        const response = card.respond(ask.command);
        if (typeof response === 'string' || response.length < 2) {
          return { to: 'exchange', fault: 'timeout' };
        }
        return { to: 'exchange', response, microseconds: 0 };
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

const folder = process.argv[2] ?? join(INSTALLATION, 'test', 'transcripts');
mkdirSync(folder, { recursive: true });
for (const name of listCards()) {
  writeFileSync(join(folder, `${name}.tap`), recordCard(name));
  process.stdout.write(`${name}.tap\n`);
}
