import { type CommandName, commandName } from './command.ts';
import type { PresentableCard } from './presentable-card.ts';

export interface PresentationOptions {
  /** Holds the card exactly this long, read or not. */
  readonly holdMs?: number;
  /** Takes the card away when it receives this command, counted from 1, instead of answering. */
  readonly tearAfter?: number;
  /** Takes the card away at once when aborted. */
  readonly signal?: AbortSignal;
  /** How long a shopper keeps a card there that nobody reads; a minute when absent. */
  readonly patienceMs?: number;
}

/** Why the card left the field. */
export type PresentationEnd =
  | 'read' // no command came any more
  | 'held' // `holdMs` were over
  | 'unread' // nobody read it for `patienceMs`
  | 'torn' // by `tearAfter`, or by the card itself
  | 'aborted' // by the signal
  | 'readerGone'; // the reader took the field away, or closed

export interface PresentedCommand {
  readonly name: CommandName;
  /** Instruction byte; undefined for a command shorter than two bytes. */
  readonly ins: number | undefined;
  /** Time the card took, in microseconds. */
  readonly microseconds: number;
  /** Status word of its answer; undefined when there was none. */
  readonly sw: number | undefined;
}

/** What happened while a card was in the field. Holds no account data. */
export interface Presentation {
  readonly end: PresentationEnd;
  readonly powered: boolean;
  readonly commands: readonly PresentedCommand[];
}

/** A card in a hand: the card, and the moment when the hand goes away again. */
export interface HeldCard extends PresentableCard {
  powerOn(): void;
  powerOff(): void;
  /** Ends the presentation; later calls change nothing. */
  delayMs(command: Uint8Array): number;
  leave(end: PresentationEnd): void;
  readonly done: Promise<Presentation>;
}

/**
 * Holds a card to a reader as a shopper does: until it has been read, or as long as told. Starts
 * its clock at once.
 */
export const hold = (card: PresentableCard, options: PresentationOptions): HeldCard => {
  const commands: PresentedCommand[] = [];
  let powered = false;
  let ended = false;
  let finish: (presentation: Presentation) => void = () => {};
  const done = new Promise<Presentation>((resolve) => {
    finish = resolve;
  });
  const { holdMs, tearAfter, signal, patienceMs = PATIENCE_MS } = options;
  let timer = setTimeout(
    () => leave(holdMs === undefined ? 'unread' : 'held'),
    holdMs ?? patienceMs,
  );
  const leave = (end: PresentationEnd) => {
    if (ended) return;
    ended = true;
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    card.powerOff?.();
    finish({ end, powered, commands });
  };
  const abort = () => leave('aborted');
  signal?.addEventListener('abort', abort, { once: true });
  if (signal?.aborted) abort();
  // The hand goes away a moment after the last command: soon, once the card has answered for a
  // payment; else when the reader seems to have given up.
  const noticeRead = () => {
    if (holdMs !== undefined) return;
    const paid = commands.some(({ name, sw }) => PAYS.has(name) && sw !== undefined);
    clearTimeout(timer);
    timer = setTimeout(() => leave('read'), paid ? QUIET_MS : Math.min(GIVEN_UP_MS, patienceMs));
  };
  return {
    atr: card.atr,
    done,
    leave,
    powerOn() {
      if (ended) return;
      powered = true;
      card.powerOn?.();
    },
    powerOff: () => card.powerOff?.(),
    delayMs: (command) => card.delayMs?.(command) ?? 0,
    respond(command) {
      if (ended) return 'tear';
      const torn = commands.length + 1 === tearAfter;
      const note = (answer: Uint8Array | 'mute' | 'tear', microseconds: number) => {
        const sw = typeof answer === 'string' ? undefined : statusOf(answer);
        commands.push({ name: commandName(command), ins: command[1], microseconds, sw });
      };
      const startedMs = performance.now();
      const answer = torn ? 'tear' : card.respond(command);
      note(answer, Math.round((performance.now() - startedMs) * 1000));
      if (answer === 'tear') leave('torn');
      else noticeRead();
      return answer;
    },
  };
};

const PATIENCE_MS = 60_000;
// Terminals send their next command within a few milliseconds: a card that hears nothing for this
// long has been read.
const QUIET_MS = 400;
// Longer than a terminal waits for an answer before it tries again.
const GIVEN_UP_MS = 3_000;
const PAYS: ReadonlySet<CommandName> = new Set(['GET PROCESSING OPTIONS', 'GENERATE AC']);

const statusOf = (answer: Uint8Array): number | undefined =>
  answer.length < 2
    ? undefined
    : (answer[answer.length - 2] ?? 0) * 256 + (answer[answer.length - 1] ?? 0);
