import {
  BehaviorSubject,
  filter,
  firstValueFrom,
  fromEvent,
  type Observable,
  takeUntil,
} from 'rxjs';
import type { PresentableCard } from '../card/presentable-card.ts';

/** One card's stay in the field. A new object each time, so a stay can be told from the next. */
export interface Visit {
  readonly card: PresentableCard;
  readonly sinceMs: number;
}

export interface Vacancy {
  readonly card: undefined;
  readonly sinceMs: number;
}

/** The space over a simulated antenna: one card or none. */
export interface Field {
  /** The present state, then each change; completes when closed. */
  readonly state$: Observable<Visit | Vacancy>;
  readonly present: () => Visit | Vacancy;
  /** Takes out what is there, then puts `card` in. */
  place(card: PresentableCard): void;
  remove(): void;
  /**
   * Resolves with a visit other than `except` once there is one, or undefined when `signal` is
   * aborted or the field closed.
   */
  visit(signal: AbortSignal, except: Visit | undefined): Promise<Visit | undefined>;
  close(): void;
}

export const openField = (monotonicMs: () => number): Field => {
  const vacancy = (): Vacancy => ({ card: undefined, sinceMs: monotonicMs() });
  const state = new BehaviorSubject<Visit | Vacancy>(vacancy());
  const state$ = state.asObservable();
  const remove = () => {
    const left = state.value.card;
    if (left === undefined) return;
    left.powerOff?.();
    state.next(vacancy());
  };
  return {
    state$,
    present: () => state.value,
    remove,
    place(card) {
      remove();
      state.next({ card, sinceMs: monotonicMs() });
    },
    visit(signal, except) {
      if (signal.aborted) return Promise.resolve(undefined);
      const visit$ = state$.pipe(
        filter((now): now is Visit => now.card !== undefined && now !== except),
      );
      return firstValueFrom(visit$.pipe(takeUntil(fromEvent(signal, 'abort'))), {
        defaultValue: undefined,
      });
    },
    close() {
      remove();
      state.complete();
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
