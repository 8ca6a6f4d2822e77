import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { clockDigits, transactionData } from '#contactless/transaction-data.ts';
import {
  type CardOptions,
  commandNameOf,
  type EmulatedCard,
  isCardFileProblem,
  memoryStore,
  openCard,
} from '#drivers/simulated/index.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { ActivationEnd } from '#entry-point/run.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import type { Answer, Ask, Step } from '#kernels/shared/step.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';

const load = (name: string): ReaderConfiguration => {
  const loaded = loadConfiguration(name);
  if (isConfigProblem(loaded)) throw new Error(describeConfigProblem(loaded));
  return loaded.contactless;
};

/** The terminal as it ships: everything goes online. */
export const onlineTerminal = (): ReaderConfiguration => load('base');

/**
 * A terminal for these tests that approves offline up to $100.00, knows the Countertap test CA and
 * a revocation list, has a PIN pad and a contact reader, measures relay resistance, and wants the
 * holder verified above $50.00.
 */
export const offlineTerminal = (): ReaderConfiguration =>
  load('test/support/offline-configuration');

export interface Tap {
  /** Minor units. */
  readonly amount: number;
  /** YYYY-MM-DD */
  readonly day?: string;
  /** A card that was tapped before; otherwise a new one of the catalogue. */
  readonly card?: EmulatedCard;
  readonly cardOptions?: Partial<CardOptions>;
  /** Changes what the card answers; its result is what the terminal receives. */
  readonly between?: (
    command: Uint8Array,
    answer: Uint8Array | 'mute' | 'tear',
    index: number,
  ) => Uint8Array | 'mute' | 'tear';
}

export interface Tapped {
  readonly end: ActivationEnd;
  readonly outcome: Outcome;
  /** What the card was asked, by name. */
  readonly commands: readonly string[];
  readonly card: EmulatedCard;
}

/** An emulated card of the catalogue, with power off. */
export const emulatedCard = (name: string, options: Partial<CardOptions> = {}): EmulatedCard => {
  const card = openCard(name, { store: memoryStore(), random: counting(0x51), ...options });
  if (isCardFileProblem(card)) throw new Error(card.problem);
  return card;
};

/** Holds an emulated card to a terminal once, through Entry Point and kernels. */
export const tapCard = (name: string, terminal: ReaderConfiguration, tap: Tap): Tapped => {
  const card = tap.card ?? emulatedCard(name, tap.cardOptions);
  const transaction = { type: 0, amountAuthorised: tap.amount, amountOther: 0, currency: 840 };
  const time = clockDigits(`${tap.day ?? '2026-06-15'}T12:00:00Z`) ?? '';
  const step = activate(terminal, newTransaction, {
    start: 'A',
    transaction,
    transactionData: transactionData(transaction, time, 1),
  });
  const commands: string[] = [];
  const end = run(step, card, tap, commands);
  // A card that comes no more leaves Entry Point without an outcome: what made it wait counts.
  const outcome = end.outcome ?? { ...NO_OUTCOME, why: [] };
  return { end, outcome, commands, card };
};

const NO_OUTCOME: Outcome = {
  outcome: 'tryAgain',
  start: 'B',
  onlineResponseType: 'none',
  cvm: 'none',
  uiOnOutcome: null,
  uiOnRestart: null,
  dataRecord: [],
  discretionaryData: [],
  alternateInterface: 'none',
  receipt: false,
  fieldOffMs: null,
  removalTimeoutMs: 0,
  why: [],
};

// The card is there once: a terminal that wants it again waits in vain.
const run = (
  step: Step<ActivationEnd>,
  card: EmulatedCard,
  { between }: Tap,
  commands: string[],
): ActivationEnd => {
  const random = counting(0xa0);
  let presented = false;
  const answerTo = (ask: Ask): Answer => {
    switch (ask.ask) {
      case 'card':
        if (presented) return { to: 'card', card: 'timeout' };
        presented = true;
        card.powerOn();
        return { to: 'card', card: 'present' };
      case 'exchange': {
        const index = commands.push(commandNameOf(ask.command)) - 1;
        if (index > 100) throw new RangeError('still asking after 100 commands');
        const microseconds = 500 + 1000 * card.delayMs(ask.command);
        const own = card.respond(ask.command);
        const response = between === undefined ? own : between(ask.command, own, index);
        return typeof response === 'string'
          ? { to: 'exchange', fault: response === 'mute' ? 'timeout' : 'transmission' }
          : { to: 'exchange', response, microseconds };
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
  let turn = step.next();
  while (turn.done !== true) turn = step.next(answerTo(turn.value));
  card.powerOff();
  return turn.value;
};

// Different each time, the same each run.
const counting = (start: number) => {
  let next = start;
  return (length: number): Uint8Array => Uint8Array.from({ length }, () => next++ & 0xff);
};
