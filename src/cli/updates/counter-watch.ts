import { type Observable, Subject, Subscription } from 'rxjs';
import type { Terminal, TerminalEvent } from '#terminal/types.ts';
import type { Uplink, UplinkState } from '#uplink/index.ts';

export interface CounterWatch {
  /** No payment, no question to a shopper, and no result that somebody still reads. */
  readonly quiet: () => boolean;
  /** Whenever that may have changed. */
  readonly changes$: Observable<unknown>;
  /** The uplink as it stands. */
  readonly uplink: () => UplinkState | undefined;
  close(): void;
}

/** What goes on at the counter, for whoever must not disturb it. */
export const watchCounter = (
  terminal: Pick<Terminal, 'status'>,
  events$: Observable<TerminalEvent>,
  { state$ }: Pick<Uplink, 'state$'>,
): CounterWatch => {
  const changes = new Subject<void>();
  let busy: Busy = { payment: terminal.status().state !== 'idle', question: false };
  let uplink: UplinkState | undefined;
  const watching = new Subscription();
  watching.add(
    events$.subscribe((event) => {
      busy = { ...busy, ...changeBy(event) };
      changes.next();
    }),
  );
  watching.add(
    state$.subscribe((state) => {
      uplink = state;
    }),
  );
  return {
    quiet: () => !busy.payment && !busy.question && terminal.status().state === 'idle',
    changes$: changes.asObservable(),
    uplink: () => uplink,
    close: () => watching.unsubscribe(),
  };
};

interface Busy {
  readonly payment: boolean;
  readonly question: boolean;
}

// A payment is over when its result has left the display: "idle". A till's notice may stand there
// for hours, and holds up nothing.
const changeBy = ({ event }: TerminalEvent): Partial<Busy> => {
  switch (event) {
    case 'saleStarted':
    case 'acquisitionStarted':
      return { payment: true };
    case 'idle':
      return { payment: false };
    case 'question':
      return { question: true };
    case 'questionEnded':
      return { question: false };
    default:
      return {};
  }
};
