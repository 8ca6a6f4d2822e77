import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import type { OrderResult, SaleResult } from '#terminal/types.ts';
import type { Reconciled } from '#uplink/index.ts';

/** One payment that the till wants, under an id of its own, and all that it was told about it. */
export interface Wish {
  readonly tillId: string;
  readonly kind: 'purchase' | 'refund' | 'preAuthorisation' | 'completion';
  readonly amountMinor: number;
  /** ISO 4217 numeric. */
  readonly currency: number;
  readonly partial: boolean;
  /** The card that the shopper holds there. */
  readonly card: string;
  /** The till's id of the payment that a refund or a completion is about. */
  readonly original?: string;
  readonly answers: SaleResult[];
  /** What came of asking for it to be taken back. */
  readonly voids: (OrderResult | typeof LOST)[];
  /** It was asked for, and nothing that stands was heard since. */
  lost: boolean;
}

/** The connection ended without an answer. */
export const LOST = 'lost';

/** Where in a request something can be done to the terminal: once, at the first time. */
export interface Watch {
  readonly onEvent?: (event: string) => void;
  readonly onTap?: () => void;
  /** Hangs up on the terminal. */
  readonly signal?: AbortSignal;
}

/** How the till asks for payments. */
export interface Till {
  /** The id that the books have its nth payment under. */
  idOf(number: number): string;
  ask(wish: Wish, watch?: Watch): Promise<void>;
  /** Breaks off what it asked for last. */
  cancel(): Promise<void>;
}

/** A till at the terminal's own command line. */
export const controlTill = (socket: string): Till => ({
  idOf: (number) => `till-${number}`,
  ask: (wish, watch) => ask(socket, wish, watch),
  cancel: async () => {
    await call(socket, { op: 'cancel' });
  },
});

/** An answer that the till needs not ask about again. */
export const isFinal = ({ status }: SaleResult): boolean => status !== 'busy' && status !== 'error';

/** What the till was last told that stands. */
export const toldOf = ({ answers }: Wish): SaleResult | undefined => answers.findLast(isFinal);

/** It was asked for to be taken back, and nobody refused. */
export const isVoided = ({ voids }: Wish): boolean =>
  voids.some((answer) => answer === LOST || answer.status !== 'refused');

/** Asks for a payment, and has the card held there when it is time. */
const ask = async (socket: string, wish: Wish, watch: Watch = {}): Promise<void> => {
  wish.lost = true;
  const tapping = new AbortController();
  const onLine = (line: ControlLine) => {
    const event = String(line['event']);
    watch.onEvent?.(event);
    if (event === 'saleStarted' && wish.original === undefined) {
      watch.onTap?.();
      void tapUntil(socket, wish.card, tapping.signal);
    }
  };
  const answer = await call(socket, requestOf(wish), onLine, watch.signal);
  tapping.abort();
  const result = isFault(answer) ? undefined : (answer['result'] as SaleResult | undefined);
  if (result === undefined) {
    if (!isFault(answer)) throw new Error(`${wish.tillId}: ${JSON.stringify(answer)}`);
    return;
  }
  wish.answers.push(result);
  if (isFinal(result)) wish.lost = false;
};

/** Holds a card there; one that asks for a second tap, or was not there in time, again. */
export const tapUntil = async (
  socket: string,
  card: string,
  signal: AbortSignal,
): Promise<void> => {
  for (let taps = 0; taps < MOST_TAPS && !signal.aborted; taps++) {
    const answer = await call(socket, { op: 'tap', card, holdMs: 30 }, () => {}, signal);
    if (isFault(answer)) return;
    await sleep(1_000, undefined, { signal }).catch(() => undefined);
  }
};

const MOST_TAPS = 4;

const requestOf = ({ kind, tillId, amountMinor, currency, partial, original }: Wish) =>
  kind === 'completion'
    ? { op: 'complete', payment: original ?? '', amountMinor, currency, tillId }
    : {
        ...{ op: 'sale', kind, tillId, amountMinor, currency },
        ...(partial ? { partial } : {}),
        ...(original === undefined ? {} : { original }),
      };

/** Asks for a payment to be taken back. */
export const takeBack = async (socket: string, wish: Wish): Promise<void> => {
  // From now on it may be.
  const at = wish.voids.push(LOST) - 1;
  const answer = await call(socket, { op: 'void', payment: wish.tillId });
  if (!isFault(answer)) wish.voids[at] = answer['result'] as OrderResult;
};

/** Closes the period; LOST when nobody answered, a sentence when it goes on. */
export const reconcile = async (socket: string): Promise<Reconciled | string> => {
  const answer = await call(socket, { op: 'reconcile' });
  if (isFault(answer)) return LOST;
  return (answer['result'] as Reconciled | undefined) ?? String(answer['error']);
};

/** Staff close what the host refused when it was forwarded. */
export const note = async (socket: string, wish: Wish): Promise<void> => {
  await call(socket, { op: 'note', payment: wish.tillId });
};

export const status = (socket: string): Promise<ControlLine | undefined> =>
  call(socket, { op: 'status' }).then((answer) => (isFault(answer) ? undefined : answer));
