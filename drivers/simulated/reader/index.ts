import { map } from 'rxjs';
import type { ActivatedCard, CardReader, Exchange, ReaderState } from '#ports/card-reader.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { commandName } from '../card/command.ts';
import type { PresentableCard } from '../card/presentable-card.ts';
import { hold, type Presentation, type PresentationOptions } from '../card/presentation.ts';
import { type Field, openField, pause, type Vacancy, type Visit } from './field.ts';

export interface SimulatedReaderOptions {
  /** CLOCK_MONOTONIC in milliseconds with fractions. */
  readonly monotonicMs: () => number;
  readonly log: Log;
  readonly name?: string;
  /** Whether it has a command that puts its antenna down when it is silenced; it has, if absent. */
  readonly antennaCommand?: boolean;
}

/** A reader inside this process, and the hand that moves cards in and out of its field. */
export interface SimulatedReader extends CardReader {
  /** Puts a card into the field, in place of the one that is there. */
  place(card: PresentableCard): void;
  /** Empties the field. */
  remove(): void;
  /** Holds a card there as a shopper does; resolves when it is out of the field again. */
  present(card: PresentableCard, options?: PresentationOptions): Promise<Presentation>;
}

/** A card reader that needs no smart card service: for machines without one, and for tests. */
export const openSimulatedReader = (options: SimulatedReaderOptions): SimulatedReader => {
  const { monotonicMs, log, name = 'Simulated reader', antennaCommand = true } = options;
  const field = openField(monotonicMs);
  const watch = field.state$.subscribe(({ card }) => {
    log.debug({ reader: name, card: card === undefined ? 'absent' : 'present' }, 'simulated field');
  });
  return {
    state$: field.state$.pipe(map((state) => stateOf(state, name))),
    place: field.place,
    remove: field.remove,
    present: (card, presentation = {}) => present(field, card, presentation),
    ...powerOver(field, monotonicMs, antennaCommand ? 'antennaOff' : 'antennaOn'),
    async close() {
      field.close();
      watch.unsubscribe();
    },
  };
};

const stateOf = ({ card, sinceMs, silenced }: Visit | Vacancy, name: string): ReaderState => ({
  reader: 'present',
  name,
  card: card === undefined ? 'absent' : 'present',
  sinceMs,
  ...(silenced === undefined ? {} : { silenced }),
});

const present = async (
  field: Field,
  card: PresentableCard,
  options: PresentationOptions,
): Promise<Presentation> => {
  const held = hold(card, options);
  field.place(held);
  let lies = true;
  const watch = field.lying$.subscribe({
    next: (lying) => {
      lies = lying === held;
      if (!lies) held.leave('readerGone');
    },
    complete: () => held.leave('readerGone'),
  });
  const result = await held.done;
  watch.unsubscribe();
  if (lies) field.remove();
  return result;
};

/** The part of a reader that powers cards and talks to them. */
const powerOver = (
  field: Field,
  monotonicMs: () => number,
  whenSilent: 'antennaOff' | 'antennaOn',
): Pick<CardReader, 'activate' | 'exchange' | 'fieldOff' | 'silence'> => {
  /** The visit whose card is powered up; one that is over counts no more. */
  let active: Visit | undefined;
  /** The visit of a card that could not be powered up: it isn't tried twice. */
  let spoilt: Visit | undefined;
  let fieldOffUntilMs = 0;
  let silent = false;
  /** Resolves when the command under way is over. */
  let exchanging: Promise<unknown> = Promise.resolve();
  const powerDown = () => {
    active?.card.powerOff?.();
    active = undefined;
  };
  const powerUp = (visit: Visit): ActivatedCard | Fault => {
    const { card, sinceMs } = visit;
    if (card.atr.length === 0) {
      spoilt = visit;
      return fault('protocol', 'the card has no answer to reset');
    }
    const startedMs = monotonicMs();
    card.powerOn?.();
    active = visit;
    return { atr: card.atr, seenAtMs: sinceMs, microseconds: microseconds(startedMs, monotonicMs) };
  };

  return {
    async activate(signal: AbortSignal): Promise<ActivatedCard | Fault> {
      powerDown();
      await pause(fieldOffUntilMs - monotonicMs(), signal);
      for (;;) {
        const visit = await field.visit(signal, spoilt);
        if (visit === undefined) return signal.aborted ? NOT_WANTED : CLOSED;
        if (!silent) return powerUp(visit);
        await exchanging;
      }
    },

    async exchange(command: Uint8Array, deadlineMs: number): Promise<Exchange | Fault> {
      if (silent) return SILENCED;
      const visit = active;
      if (visit === undefined || field.present() !== visit) {
        return fault('cardLost', 'no card is powered up');
      }
      const conversation = converse(field, visit, command, deadlineMs, monotonicMs);
      exchanging = conversation;
      const outcome = await conversation;
      const gaveUp = isFault(outcome) && outcome.fault === 'timeout';
      if (gaveUp && active === visit) powerDown();
      return outcome;
    },

    async fieldOff(holdMs: number): Promise<void> {
      powerDown();
      fieldOffUntilMs = monotonicMs() + holdMs;
    },

    async silence(wanted: boolean): Promise<void> {
      silent = wanted;
      await exchanging;
      if (wanted) powerDown();
      if (silent === wanted) field.silence(wanted ? whenSilent : undefined);
    },
  };
};

/** One command and its answer, or what went wrong; a card that gave half of one has left. */
const converse = async (
  field: Field,
  visit: Visit,
  command: Uint8Array,
  deadlineMs: number,
  monotonicMs: () => number,
): Promise<Exchange | Fault> => {
  const what = commandName(command);
  const startedMs = monotonicMs();
  await pause(visit.card.delayMs?.(command) ?? 0, NEVER);
  if (field.present() !== visit) return torn(what);
  const answer = visit.card.respond(command);
  if (answer === 'mute') {
    const silence = await waitInVain(field, visit, deadlineMs);
    return silence === 'gone' ? torn(what) : fault('timeout', `${what}: no answer in time`);
  }
  // An answer without a status word is a card that lost its power while it spoke.
  if (answer === 'tear' || answer.length < 2) {
    if (field.present() === visit) field.remove();
    return torn(what);
  }
  return { response: answer, microseconds: microseconds(startedMs, monotonicMs) };
};

const microseconds = (startedMs: number, monotonicMs: () => number): number =>
  Math.round((monotonicMs() - startedMs) * 1000);

const NOT_WANTED = fault('aborted', 'nobody waits for a card any more');
const SILENCED = fault('aborted', 'the reader is silenced');
const CLOSED = fault('readerLost', 'the simulated reader is closed');

const NEVER = new AbortController().signal;

const torn = (what: string): Fault => fault('cardLost', `${what}: the card was torn away`);

/** Waits until the deadline, or until the silent card's visit is over. */
const waitInVain = async (
  field: Field,
  visit: Visit,
  deadlineMs: number,
): Promise<'deadline' | 'gone'> => {
  const gone = new AbortController();
  const watch = field.state$.subscribe((now) => {
    if (now !== visit) gone.abort();
  });
  await pause(deadlineMs, gone.signal);
  watch.unsubscribe();
  return gone.signal.aborted ? 'gone' : 'deadline';
};
