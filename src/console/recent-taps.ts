import { type Observable, Subject } from 'rxjs';
import type { Reason } from '#kernels/shared/outcome.ts';
import type { TapTimes, TerminalEvent } from '#terminal/types.ts';
import type { TapView } from './api.ts';

/** The last taps with the times of their commands, which the journal doesn't keep. */
export interface RecentTaps {
  /** Newest first. */
  latest(): readonly TapView[];
  readonly added$: Observable<TapView>;
  /** What led to a payment's outcome; empty when it is too long ago. */
  reasonsOf(transactionId: string): readonly Reason[];
  close(): void;
}

export const MOST_TAPS = 50;

/** Listens from now on. @param events$ the terminal's, in order */
export const keepRecentTaps = (
  events$: Observable<TerminalEvent>,
  wallMs: () => number,
): RecentTaps => {
  const added = new Subject<TapView>();
  let taps: readonly { readonly view: TapView; readonly why: readonly Reason[] }[] = [];
  let times: TapTimes | undefined;
  let why: readonly Reason[] = [];
  const listening = events$.subscribe((event) => {
    switch (event.event) {
      case 'saleStarted':
        times = undefined;
        why = [];
        return;
      case 'cardRead':
        ({ times } = event);
        return;
      case 'outcome':
        ({ why } = event);
        return;
      case 'saleEnded': {
        const { result } = event;
        const tap = result.tap ?? times;
        const view = {
          transactionId: result.transactionId,
          atMs: wallMs(),
          result,
          ...(tap === undefined ? {} : { times: tap }),
        };
        taps = [{ view, why }, ...taps].slice(0, MOST_TAPS);
        added.next(view);
        return;
      }
    }
  });
  return {
    latest: () => taps.map(({ view }) => view),
    added$: added.asObservable(),
    reasonsOf: (transactionId) =>
      taps.find(({ view }) => view.transactionId === transactionId)?.why ?? [],
    close: () => {
      listening.unsubscribe();
      added.complete();
    },
  };
};
