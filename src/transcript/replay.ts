import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { cyclicRandom, onlineAnswer } from '#contactless/inputs.ts';
import { clockDigits, transactionData } from '#contactless/transaction-data.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import { activate, newTransaction } from '#entry-point/entry-point.ts';
import type { Activation, ActivationEnd } from '#entry-point/run.ts';
import type { Kernel } from '#kernels/shared/kernel.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import type { Answer, Ask, Step } from '#kernels/shared/step.ts';
import { type Check, check } from './check.ts';
import { configured } from './configure.ts';
import { type CardScript, cardScript, type Order } from './script.ts';
import type { Exchange, Transcript } from './transcript.ts';

export interface ReplayOptions {
  readonly order: Order;
  /** Monotonic. Measures what the terminal spends; decides nothing. */
  readonly microseconds: () => number;
}

/** One exchange of a run, with the time the terminal spent before its command. */
export interface ReplayedExchange {
  readonly exchange: Exchange;
  readonly ownMicroseconds: number;
  /** The kernel that asked; undefined for Entry Point. */
  readonly kernelId: string | undefined;
}

/** How a run ended. */
export type ReplayEnd =
  | { readonly end: 'outcome'; readonly outcome: Outcome }
  /** The terminal sent what the transcript hasn't got; `expected` is undefined at its end. */
  | {
      readonly end: 'unexpectedCommand';
      readonly sent: Uint8Array;
      readonly expected: Uint8Array | undefined;
    }
  /** The transcript is over, and the terminal waits for a card. */
  | { readonly end: 'noCard' };

export interface Replay {
  readonly exchanges: readonly ReplayedExchange[];
  readonly end: ReplayEnd;
  readonly ownMicroseconds: number;
  /** Exchanges that were never played. */
  readonly left: number;
  readonly checks: readonly Check[];
}

/** Runs a transcript through Entry Point and the kernels, without a reader. Never throws. */
export const replay = (
  transcript: Transcript,
  reader: ReaderConfiguration,
  options: ReplayOptions,
): Replay => {
  const player: Player = {
    script: cardScript(transcript.exchanges, options.order),
    exchanges: [],
    kernelId: undefined,
    lastKernel: undefined,
    playedAtLastCard: -1,
    ownMicroseconds: 0,
    sinceCommand: 0,
  };
  const watched = watchKernels(configured(reader, transcript), player);
  const end = runThrough(transcript, watched, player, options);
  const { exchanges, ownMicroseconds, script } = player;
  const outcome = end.end === 'outcome' ? end.outcome : undefined;
  const checks = transcript.expectations.map((one) => check(one, outcome));
  return { exchanges, end, ownMicroseconds, left: script.left, checks };
};

interface Player {
  readonly script: CardScript;
  readonly exchanges: ReplayedExchange[];
  kernelId: string | undefined;
  /** What a kernel said last: after Try Again nobody else says it. */
  lastKernel: Outcome | undefined;
  playedAtLastCard: number;
  ownMicroseconds: number;
  sinceCommand: number;
}

const watchKernels = (reader: ReaderConfiguration, player: Player): ReaderConfiguration => ({
  ...reader,
  kernels: new Map(
    [...reader.kernels].map(([id, kernel]): [string, Kernel] => [
      id,
      function* (input) {
        player.kernelId = id;
        player.lastKernel = yield* kernel(input);
        player.kernelId = undefined;
        return player.lastKernel;
      },
    ]),
  ),
});

const runThrough = (
  transcript: Transcript,
  reader: ReaderConfiguration,
  player: Player,
  options: ReplayOptions,
): ReplayEnd => {
  const { transaction, clock, overrides } = transcript;
  const ofHeader = transactionData(transaction, clockDigits(clock) ?? '', 1);
  const first: Activation = {
    start: 'A',
    transaction,
    // An override wins here as well: the header has no word for 9F41.
    transactionData: new Map([...ofHeader].map(([key, own]) => [key, overrides.get(key) ?? own])),
  };
  const random = () => cyclicRandom(transcript.random);
  const step = activate(reader, newTransaction, first);
  const ended = drive(step, player, random(), options);
  if ('end' in ended) return ended;
  const second = continuation(transcript, first, ended.activation);
  if (second === undefined) return finalOf(ended.activation, player);
  const again = activate(reader, ended.activation.state, second);
  const last = drive(again, player, random(), options);
  return 'end' in last ? last : finalOf(last.activation, player);
};

const finalOf = ({ outcome }: ActivationEnd, player: Player): ReplayEnd => {
  if (outcome !== null) return { end: 'outcome', outcome };
  // Try Again, and nobody comes again: that is what came out of it.
  return player.lastKernel?.outcome === 'tryAgain'
    ? { end: 'outcome', outcome: player.lastKernel }
    : { end: 'noCard' };
};

// Book A 6.3.7: the host's answer leads to a second activation, where the first outcome says so.
const continuation = (
  { host }: Transcript,
  first: Activation,
  { outcome }: ActivationEnd,
): Activation | undefined => {
  if (host === undefined || outcome === null || outcome.start === 'none') return undefined;
  const answer = onlineAnswer(host);
  if (isMalformed(answer)) return undefined;
  const wanted =
    outcome.onlineResponseType === 'any' ||
    (outcome.onlineResponseType === 'emvData' && answer.issuerData !== undefined);
  return wanted ? { ...first, start: outcome.start, ...answer } : undefined;
};

type Driven = { readonly activation: ActivationEnd } | (ReplayEnd & { end: 'unexpectedCommand' });

const drive = (
  step: Step<ActivationEnd>,
  player: Player,
  random: (length: number) => Uint8Array,
  { microseconds }: ReplayOptions,
): Driven => {
  let answer: Answer | undefined;
  for (;;) {
    const from = microseconds();
    const next = answer === undefined ? step.next() : step.next(answer);
    const spent = microseconds() - from;
    player.ownMicroseconds += spent;
    player.sinceCommand += spent;
    if (next.done === true) return { activation: next.value };
    const given = answerTo(next.value, player, random);
    if ('sent' in given) return { end: 'unexpectedCommand', ...given };
    answer = given;
  }
};

interface Unexpected {
  readonly sent: Uint8Array;
  readonly expected: Uint8Array | undefined;
}

const answerTo = (
  ask: Ask,
  player: Player,
  random: (length: number) => Uint8Array,
): Answer | Unexpected => {
  switch (ask.ask) {
    case 'exchange':
      return exchange(ask.command, player);
    case 'card':
      return { to: 'card', card: cardComes(player) ? 'present' : 'timeout' };
    case 'random':
      return { to: 'random', bytes: random(ask.length) };
    case 'ui':
      return { to: 'ui' };
    case 'field':
      return { to: 'field' };
    case 'clearance':
      // Whoever replays decides nothing for a shop.
      return { to: 'clearance' };
    case 'dataExchange':
      // Nobody takes part in it here, and no kernel is told that somebody does.
      return { to: 'dataExchange', data: null };
    case 'kernel':
      throw new TypeError(`kernel ${ask.kernelId} has nobody to play it in a transcript`);
  }
};

// A card is there as long as the transcript goes on: a round that brought nothing new is the last.
const cardComes = (player: Player): boolean => {
  const { script } = player;
  const goesOn = script.played > player.playedAtLastCard;
  player.playedAtLastCard = script.played;
  const first = player.exchanges.length === 0;
  return goesOn && (first || script.left > 0);
};

const exchange = (command: Uint8Array, player: Player): Answer | Unexpected => {
  const { expected } = player.script;
  const found = player.script.find(command);
  if (found === undefined) return { sent: command, expected: expected?.command };
  const { kernelId, sinceCommand } = player;
  player.exchanges.push({ exchange: found, ownMicroseconds: sinceCommand, kernelId });
  player.sinceCommand = 0;
  if ('fault' in found) {
    // Level 1 knows three errors; a card that is gone is one that doesn't answer.
    return { to: 'exchange', fault: found.fault === 'removed' ? 'timeout' : found.fault };
  }
  return { to: 'exchange', response: found.response, microseconds: found.microseconds ?? 0 };
};

/** "sent 80A8… where 00B2… was expected", for people. */
export const unexpectedText = ({ sent, expected }: Unexpected): string =>
  `sent ${toHex(sent)}, expected ${expected === undefined ? 'nothing more' : toHex(expected)}`;
