import {
  BehaviorSubject,
  combineLatest,
  filter,
  firstValueFrom,
  fromEvent,
  map,
  merge,
} from 'rxjs';
import type { PresentableCard } from '#drivers/simulated/index.ts';
import type { ActivatedCard, CardReader, Exchange, ReaderState } from '#ports/card-reader.ts';
import { type Fault, fault } from '#ports/fault.ts';
import { type Life, never } from './life.ts';
import type { World } from './world.ts';

/** The reader on the counter and the hand of the shopper, on simulated time. */
export interface CounterTop {
  readerFor(life: Life): CardReader;
  place(card: PresentableCard): void;
  remove(): void;
  unplug(ms: number): void;
  /** The reader is plugged in, whatever was to come. */
  plugIn(): void;
}

interface Stay {
  readonly card: PresentableCard | undefined;
  readonly plugged: boolean;
  readonly sinceMs: number;
}

const GONE = fault('cardLost', 'the card was torn away');
const UNPLUGGED = fault('readerLost', 'the reader was unplugged');
const SILENCED = fault('aborted', 'the reader is silenced');
const NOT_WANTED = fault('aborted', 'nobody waits for a card');

export const createCounterTop = ({ agenda, random: source, trace }: World): CounterTop => {
  const random = source.fork('reader');
  const stay = new BehaviorSubject<Stay>({ card: undefined, plugged: true, sinceMs: 0 });
  const change = (card: PresentableCard | undefined, plugged: boolean) => {
    stay.value.card?.powerOff?.();
    trace('card', card === undefined ? 'leaves' : 'is presented');
    stay.next({ card, plugged, sinceMs: agenda.nowMs() });
  };
  return {
    readerFor: (life) => readerOn(stay, agenda, random, life),
    place: (card) => change(card, stay.value.plugged),
    remove: () => change(undefined, stay.value.plugged),
    unplug: (ms) => {
      change(undefined, false);
      agenda.at(ms, () => change(undefined, true));
    },
    plugIn: () => change(stay.value.card, true),
  };
};

const stateOf = ({ card, plugged, sinceMs }: Stay, silent: boolean): ReaderState => {
  if (!plugged) return { reader: 'absent', why: UNPLUGGED, sinceMs };
  const state = { reader: 'present', name: 'Reader', sinceMs } as const;
  const seen = { ...state, card: card ? 'present' : 'absent' } as const;
  return silent ? { ...seen, silenced: 'antennaOn' } : seen;
};

const readerOn = (
  stay: BehaviorSubject<Stay>,
  agenda: World['agenda'],
  random: World['random'],
  life: Life,
): CardReader => {
  let active: Stay | undefined;
  let offUntilMs = 0;
  const silent = new BehaviorSubject(false);
  /** Resolves when the command under way is over. */
  let exchanging: Promise<unknown> = Promise.resolve();
  const off = () => {
    active?.card?.powerOff?.();
    active = undefined;
  };
  const activate = async (signal: AbortSignal): Promise<ActivatedCard | Fault> => {
    off();
    await agenda.sleep(offUntilMs - agenda.nowMs());
    if (signal.aborted) return NOT_WANTED;
    const visit = await firstValueFrom(
      merge(
        combineLatest([stay, silent]).pipe(
          filter(([{ card, plugged }, quiet]) => !quiet && plugged && card !== undefined),
          map(([visit]) => visit),
        ),
        fromEvent(signal, 'abort').pipe(map(() => undefined)),
      ),
    );
    if (visit?.card === undefined) return NOT_WANTED;
    await agenda.sleep(random.between(5, 30));
    if (!life.alive) return never();
    if (stay.value !== visit) return GONE;
    if (silent.value) return activate(signal);
    visit.card.powerOn?.();
    active = visit;
    return { atr: visit.card.atr, seenAtMs: visit.sinceMs, microseconds: 12_000 };
  };
  const exchange = async (command: Uint8Array): Promise<Exchange | Fault> => {
    if (silent.value) return SILENCED;
    const visit = active;
    await agenda.sleep(random.between(1, 25));
    if (!life.alive) return never();
    if (visit?.card === undefined || stay.value !== visit) return GONE;
    const response = visit.card.respond(command);
    if (typeof response === 'string' || response.length < 2) return GONE;
    return { response, microseconds: 9_000 };
  };
  return {
    state$: combineLatest([stay, silent]).pipe(map(([now, quiet]) => stateOf(now, quiet))),
    activate: (signal) => life.sees(activate(signal)),
    exchange: (command) => {
      const answer = exchange(command);
      exchanging = answer;
      return life.sees(answer);
    },
    fieldOff: async (holdMs) => {
      off();
      offUntilMs = agenda.nowMs() + holdMs;
    },
    silence: async (wanted) => {
      if (silent.value !== wanted) silent.next(wanted);
      await exchanging;
      if (wanted) off();
    },
    close: async () => undefined,
  };
};
