import type { ActivatedCard, CardReader, Exchange } from '#ports/card-reader.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';

/** What one command to a card came to. */
export interface Tried {
  readonly card: ActivatedCard;
  readonly exchange: Exchange;
}

/** Powers the card up that lies there, sends one command, powers it down. */
export type Trial = (command: Uint8Array, signal: AbortSignal) => Promise<Tried | Fault>;

export interface ReaderWithTrial {
  readonly port: CardReader;
  readonly trial: Trial;
}

/**
 * The same reader, and how somebody beside the payments may ask the card on it one thing: while no
 * payment is taken. One that begins meanwhile waits for the trial's end, so that the two never have
 * a card at the same time.
 */
export const withTrials = (inner: CardReader): ReaderWithTrial => {
  let under: Promise<unknown> | undefined;
  const port: CardReader = {
    ...inner,
    activate: async (signal) => {
      if (under !== undefined) await under;
      return inner.activate(signal);
    },
  };
  const trial: Trial = async (command, signal) => {
    if (under !== undefined) return fault('aborted', 'another trial is under way');
    const tried = tryCard(inner, command, signal);
    under = tried;
    const result = await tried;
    under = undefined;
    return result;
  };
  return { port, trial };
};

const EXCHANGE_WITHIN_MS = 1500;

/** A trial with a reader that nobody else uses. */
export const tryCard = async (
  reader: Pick<CardReader, 'activate' | 'exchange' | 'fieldOff'>,
  command: Uint8Array,
  signal: AbortSignal,
): ReturnType<Trial> => {
  const card = await reader.activate(signal);
  if (isFault(card)) return card;
  const exchange = await reader.exchange(command, EXCHANGE_WITHIN_MS);
  await reader.fieldOff(0);
  return isFault(exchange) ? exchange : { card, exchange };
};
