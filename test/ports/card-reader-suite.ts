import { filter, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import type { ActivatedCard, CardReader, Exchange, ReaderState } from '#ports/card-reader.ts';
import { type Fault, isFault } from '#ports/fault.ts';

/** A card for tests. `mute` never answers, `tear` takes the card away before it has answered. */
export interface CardStub {
  readonly atr: Uint8Array;
  respond(command: Uint8Array): Uint8Array | 'mute' | 'tear';
}

/** A reader under test and the hand that moves cards in and out of its field. */
export interface ReaderBench {
  readonly reader: CardReader;
  insert(card: CardStub): void | Promise<void>;
  remove(): void | Promise<void>;
  close(): Promise<void>;
}

export interface ReaderBenchFactory {
  open(): Promise<ReaderBench>;
}

/** What ISO 14443-4 cards without historical bytes look like to a PC/SC application. */
export const CONTACTLESS_ATR: Uint8Array = hex('3B80800101');
export const COMMAND: Uint8Array = hex('00A4040000');
/** The next shopper is served within this time of the cause of a fault going away. */
export const RECOVERY_MS = 2000;

/** A card that answers each command with `answer` and remembers what it was sent. */
export const goodCard = (
  answer: Uint8Array = hex('9000'),
): CardStub & { readonly received: string[] } => {
  const received: string[] = [];
  return {
    atr: CONTACTLESS_ATR,
    received,
    respond: (command) => {
      received.push(toHex(command));
      return answer;
    },
  };
};

/** Of a reader that is there: what it says about its being silenced. */
export const silencedIs = (reader: CardReader, silenced: boolean): Promise<ReaderState> =>
  firstValueFrom(
    reader.state$.pipe(
      filter((state) => state.reader === 'present' && 'silenced' in state === silenced),
    ),
  );

export const mutedCard: CardStub = { atr: CONTACTLESS_ATR, respond: () => 'mute' };
export const tornCard: CardStub = { atr: CONTACTLESS_ATR, respond: () => 'tear' };
export const deadCard: CardStub = { atr: new Uint8Array(), respond: () => hex('9000') };

/** Fails the test with the fault's own words when there is one. */
export const succeeded = <T extends object>(outcome: T | Fault): T => {
  if (isFault(outcome)) throw new Error(`${outcome.fault}: ${outcome.detail}`);
  return outcome;
};

export const kindOf = (outcome: object): string =>
  isFault(outcome) ? outcome.fault : 'no fault at all';

export const never: AbortSignal = new AbortController().signal;

/** Resolves when the reader says that a card is there, or not. */
export const cardIs = (reader: CardReader, card: 'absent' | 'present'): Promise<ReaderState> =>
  firstValueFrom(
    reader.state$.pipe(filter((state) => state.reader === 'present' && state.card === card)),
  );

/** A new card comes, is powered up and answers: what every shopper after a fault expects. */
export const tapWorks = async (bench: ReaderBench, answer = hex('6F009000')): Promise<number> => {
  const startedMs = performance.now();
  await cardIs(bench.reader, 'absent');
  await bench.insert(goodCard(answer));
  const done = async (): Promise<Exchange> => {
    succeeded<ActivatedCard>(await bench.reader.activate(never));
    return succeeded(await bench.reader.exchange(COMMAND, 1000));
  };
  expect(toHex((await done()).response)).toBe(toHex(answer));
  return performance.now() - startedMs;
};

/** Behaviour that every CardReader has, whatever stands behind it. */
export const describeCardReader = (name: string, factory: ReaderBenchFactory): void => {
  describe(`${name} as a card reader`, () => {
    let bench: ReaderBench;
    beforeEach(async () => {
      bench = await factory.open();
    });
    afterEach(() => bench.close());

    test('tells a new subscriber that no card is there, then that one came and went', async () => {
      const empty = await cardIs(bench.reader, 'absent');
      await bench.insert(goodCard());
      const taken = await cardIs(bench.reader, 'present');
      await bench.remove();
      const left = await cardIs(bench.reader, 'absent');
      expect(taken.sinceMs).toBeGreaterThan(empty.sinceMs);
      expect(left.sinceMs).toBeGreaterThan(taken.sinceMs);
    });

    test('waits for a card and powers it up', async () => {
      await cardIs(bench.reader, 'absent');
      const activation = bench.reader.activate(never);
      await bench.insert(goodCard());
      const card = succeeded(await activation);
      expect(card.atr.length).toBeGreaterThan(0);
      expect(card.microseconds).toBeGreaterThanOrEqual(0);
      const state = await cardIs(bench.reader, 'present');
      expect(card.seenAtMs).toBe(state.sinceMs);
    });

    test('takes a card that is there already', async () => {
      await bench.insert(goodCard());
      await cardIs(bench.reader, 'present');
      expect(succeeded(await bench.reader.activate(never)).atr.length).toBeGreaterThan(0);
    });

    test('hands over command and answer byte for byte', async () => {
      const answer = Uint8Array.from({ length: 258 }, (_, i) =>
        i < 256 ? i : i === 256 ? 0x90 : 0,
      );
      const card = goodCard(answer);
      await bench.insert(card);
      succeeded(await bench.reader.activate(never));
      const command = hex('80A8000004830200FF00');
      const exchange = succeeded(await bench.reader.exchange(command, 1000));
      expect(toHex(exchange.response)).toBe(toHex(answer));
      expect(exchange.microseconds).toBeGreaterThanOrEqual(0);
      expect(card.received).toEqual([toHex(command)]);
    });

    test('leaves a card alone that nobody asked to power up', async () => {
      const card = goodCard();
      await bench.insert(card);
      await cardIs(bench.reader, 'present');
      expect(kindOf(await bench.reader.exchange(COMMAND, 200))).toBe('cardLost');
      expect(card.received).toEqual([]);
    });

    test('reports a card torn away in the middle of a command, and serves the next', async () => {
      await bench.insert(tornCard);
      succeeded(await bench.reader.activate(never));
      expect(kindOf(await bench.reader.exchange(COMMAND, 1000))).toBe('cardLost');
      expect(await tapWorks(bench)).toBeLessThan(RECOVERY_MS);
    });

    test('gives up on a mute card at the deadline, and serves the next', async () => {
      await bench.insert(mutedCard);
      succeeded(await bench.reader.activate(never));
      const startedMs = performance.now();
      expect(kindOf(await bench.reader.exchange(COMMAND, 150))).toBe('timeout');
      expect(performance.now() - startedMs).toBeGreaterThanOrEqual(149);
      expect(performance.now() - startedMs).toBeLessThan(600);
      await bench.remove();
      expect(await tapWorks(bench)).toBeLessThan(RECOVERY_MS);
    });

    test('reports a card that cannot be powered up once, and serves the next', async () => {
      await cardIs(bench.reader, 'absent');
      await bench.insert(deadCard);
      expect(kindOf(await bench.reader.activate(never))).toBe('protocol');
      const next = bench.reader.activate(never);
      await bench.remove();
      await cardIs(bench.reader, 'absent');
      await bench.insert(goodCard());
      expect(succeeded(await next).atr.length).toBeGreaterThan(0);
    });

    test('sends a card nothing that was meant for the one before', async () => {
      await bench.insert(goodCard());
      succeeded(await bench.reader.activate(never));
      await bench.remove();
      const second = goodCard();
      await bench.insert(second);
      expect(kindOf(await bench.reader.exchange(COMMAND, 1000))).toBe('cardLost');
      expect(second.received).toEqual([]);
      succeeded(await bench.reader.activate(never));
      succeeded(await bench.reader.exchange(COMMAND, 1000));
      expect(second.received).toEqual([toHex(COMMAND)]);
    });

    test('keeps the field off as long as it is told to, then powers the same card up', async () => {
      await bench.insert(goodCard());
      succeeded(await bench.reader.activate(never));
      const offMs = performance.now();
      await bench.reader.fieldOff(80);
      expect(kindOf(await bench.reader.exchange(COMMAND, 200))).toBe('cardLost');
      succeeded(await bench.reader.activate(never));
      expect(performance.now() - offMs).toBeGreaterThanOrEqual(75);
      succeeded(await bench.reader.exchange(COMMAND, 1000));
    });

    test('stops waiting when told to, and leaves the card that comes after alone', async () => {
      await cardIs(bench.reader, 'absent');
      const cancel = new AbortController();
      const activation = bench.reader.activate(cancel.signal);
      cancel.abort();
      expect(kindOf(await activation)).toBe('aborted');
      const card = goodCard();
      await bench.insert(card);
      await cardIs(bench.reader, 'present');
      expect(card.received).toEqual([]);
      succeeded(await bench.reader.activate(never));
    });

    test('does not start waiting on a signal that is aborted already', async () => {
      await bench.insert(goodCard());
      await cardIs(bench.reader, 'present');
      expect(kindOf(await bench.reader.activate(AbortSignal.abort()))).toBe('aborted');
    });
  });
};
