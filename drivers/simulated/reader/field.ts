import {
  BehaviorSubject,
  filter,
  firstValueFrom,
  fromEvent,
  type Observable,
  takeUntil,
} from 'rxjs';
import type { PresentableCard } from '../card/presentable-card.ts';

export type Silenced = 'antennaOff' | 'antennaOn' | undefined;

/** One card's stay in the field. A new object each time, so a stay can be told from the next. */
export interface Visit {
  readonly card: PresentableCard;
  readonly sinceMs: number;
  readonly silenced: Silenced;
}

export interface Vacancy {
  readonly card: undefined;
  readonly sinceMs: number;
  readonly silenced: Silenced;
}

/** The space over a simulated antenna: one card or none. */
export interface Field {
  /** What the reader sees: the present state, then each change; completes when closed. */
  readonly state$: Observable<Visit | Vacancy>;
  readonly present: () => Visit | Vacancy;
  /** What lies there, seen or not: the present card, then each change; completes when closed. */
  readonly lying$: Observable<PresentableCard | undefined>;
  /** Takes out what is there, then puts `card` in. */
  place(card: PresentableCard): void;
  remove(): void;
  /** With its antenna off the reader sees nothing, whatever lies there. */
  silence(silenced: Silenced): void;
  /**
   * Resolves with a visit other than `except` once there is one that may be touched, or undefined
   * when `signal` is aborted or the field closed.
   */
  visit(signal: AbortSignal, except: Visit | undefined): Promise<Visit | undefined>;
  close(): void;
}

export const openField = (monotonicMs: () => number): Field => {
  const lying = new BehaviorSubject<PresentableCard | undefined>(undefined);
  const start = { card: undefined, sinceMs: monotonicMs(), silenced: undefined };
  const state = new BehaviorSubject<Visit | Vacancy>(start);
  const state$ = state.asObservable();

  const look = (silenced: Silenced): void => {
    const card = silenced === 'antennaOff' ? undefined : lying.value;
    const { card: seen, sinceMs: seenMs, silenced: before } = state.value;
    if (card === seen && silenced === before) return;
    const sinceMs = card === seen ? seenMs : monotonicMs();
    state.next(card === undefined ? { card, sinceMs, silenced } : { card, sinceMs, silenced });
  };
  const lay = (card: PresentableCard | undefined): void => {
    lying.value?.powerOff?.();
    lying.next(card);
    look(state.value.silenced);
  };
  const remove = () => {
    if (lying.value !== undefined) lay(undefined);
  };

  return {
    state$,
    present: () => state.value,
    lying$: lying.asObservable(),
    remove,
    place(card) {
      remove();
      lay(card);
    },
    silence: look,
    visit(signal, except) {
      if (signal.aborted) return Promise.resolve(undefined);
      const visit$ = state$.pipe(
        filter((now): now is Visit => now.card !== undefined && now !== except),
        filter(({ silenced }) => silenced === undefined),
      );
      return firstValueFrom(visit$.pipe(takeUntil(fromEvent(signal, 'abort'))), {
        defaultValue: undefined,
      });
    },
    close() {
      remove();
      state.complete();
      lying.complete();
    },
  };
};

/** Resolves after `ms`, at once when it isn't positive, early when the signal is aborted. */
export const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (ms <= 0 || signal.aborted) {
      resolve();
      return;
    }
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
