import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import type { ReaderState } from '#ports/card-reader.ts';
import {
  COMMAND,
  cardIs,
  goodCard,
  kindOf,
  never,
  type ReaderBench,
  type ReaderBenchFactory,
  silencedIs,
  succeeded,
} from './card-reader-suite.ts';

/** What every CardReader does when it is silenced, whatever stands behind it. */
export const describeSilence = (name: string, factory: ReaderBenchFactory): void => {
  describe(`${name}, silenced`, () => {
    let bench: ReaderBench;
    beforeEach(async () => {
      bench = await factory.open();
    });
    afterEach(() => bench.close());

    test('while nobody waits: a card is left alone until it may speak', async () => {
      const { reader, insert } = bench;
      await cardIs(reader, 'absent');
      await reader.silence(true);
      expect(await silencedIs(reader, true)).toMatchObject({
        silenced: expect.stringMatching(/^antenna(Off|On)$/),
      });
      const card = goodCard();
      await insert(card);
      const activation = reader.activate(never);
      expect(await firstOf(activation)).toBe('still waiting');
      expect(card.received).toEqual([]);
      await reader.silence(false);
      expect(await silencedIs(reader, false)).not.toHaveProperty('silenced');
      succeeded(await activation);
      succeeded(await reader.exchange(COMMAND, 1000));
    });

    test('while a card is waited for: the wait goes on, for a card that stays too', async () => {
      const { reader, insert } = bench;
      await cardIs(reader, 'absent');
      const activation = reader.activate(never);
      await reader.silence(true);
      const card = goodCard();
      await insert(card);
      expect(await firstOf(activation)).toBe('still waiting');
      await reader.silence(false);
      const { seenAtMs } = succeeded(await activation);
      expect(seenAtMs).toBe((await cardIs(reader, 'present')).sinceMs);
      expect(card.received).toEqual([]);
    });

    test('a card that was put there and taken away again was never there', async () => {
      const { reader, insert, remove } = bench;
      await cardIs(reader, 'absent');
      await reader.silence(true);
      const activation = reader.activate(never);
      const first = goodCard();
      await insert(first);
      await sleep(LONG_ENOUGH_MS);
      await remove();
      await sleep(LONG_ENOUGH_MS);
      await reader.silence(false);
      const second = goodCard();
      await insert(second);
      succeeded(await activation);
      succeeded(await reader.exchange(COMMAND, 1000));
      expect([first.received, second.received]).toEqual([[], [toHex(COMMAND)]]);
    });

    test('between two commands: the card is powered down and gets no more', async () => {
      const { reader, insert } = bench;
      const card = goodCard();
      await insert(card);
      succeeded(await reader.activate(never));
      succeeded(await reader.exchange(COMMAND, 1000));
      await reader.silence(true);
      expect(kindOf(await reader.exchange(COMMAND, 1000))).toBe('aborted');
      expect(card.received).toHaveLength(1);
      await reader.silence(false);
      expect(kindOf(await reader.exchange(COMMAND, 1000))).toBe('cardLost');
      succeeded(await reader.activate(never));
      succeeded(await reader.exchange(COMMAND, 1000));
      expect(card.received).toHaveLength(2);
    });

    test('during a command: its answer comes, then the card is powered down', async () => {
      const { reader, insert } = bench;
      const card = goodCard(hex('6A829000'));
      const asked = Promise.withResolvers<void>();
      const respond = (command: Uint8Array) => {
        asked.resolve();
        return card.respond(command);
      };
      await insert({ ...card, respond });
      succeeded(await reader.activate(never));
      const exchange = reader.exchange(COMMAND, 1000);
      await asked.promise;
      const silence = reader.silence(true);
      expect(toHex(succeeded(await exchange).response)).toBe('6A829000');
      await silence;
      expect(kindOf(await reader.exchange(COMMAND, 1000))).toBe('aborted');
      expect(card.received).toHaveLength(1);
    });

    test('during a command to a mute card: both are over at its deadline', async () => {
      const { reader, insert, remove } = bench;
      const asked = Promise.withResolvers<void>();
      const respond = () => {
        asked.resolve();
        return 'mute' as const;
      };
      await insert({ ...goodCard(), respond });
      succeeded(await reader.activate(never));
      const startedMs = performance.now();
      const exchange = reader.exchange(COMMAND, 200);
      await asked.promise;
      const silence = reader.silence(true);
      expect(kindOf(await exchange)).toBe('timeout');
      await silence;
      expect(performance.now() - startedMs).toBeLessThan(1000);
      await silencedIs(reader, true);
      await remove();
    });

    test('for a moment only: a wait does not notice, whatever the order of calls', async () => {
      const { reader, insert } = bench;
      await cardIs(reader, 'absent');
      const activation = reader.activate(never);
      await Promise.all([true, false, true, false].map((silent) => reader.silence(silent)));
      await insert(goodCard());
      succeeded(await activation);
      await Promise.all([false, true, false, true].map((silent) => reader.silence(silent)));
      expect(kindOf(await reader.exchange(COMMAND, 1000))).toBe('aborted');
    });

    test('twice: the second call changes nothing, and nobody hears of it', async () => {
      const { reader } = bench;
      await cardIs(reader, 'absent');
      await reader.silence(false);
      const states: ReaderState[] = [];
      const watch = reader.state$.subscribe((state) => states.push(state));
      await reader.silence(false);
      await reader.silence(true);
      await reader.silence(true);
      await reader.silence(false);
      await reader.silence(false);
      watch.unsubscribe();
      expect(states.map((state) => 'silenced' in state)).toEqual([false, true, false]);
    });

    test('and told to stop waiting: the wait is over, the silence is not', async () => {
      const { reader } = bench;
      const cancel = new AbortController();
      const activation = reader.activate(cancel.signal);
      await reader.silence(true);
      cancel.abort();
      expect(kindOf(await activation)).toBe('aborted');
      expect(await silencedIs(reader, true)).toHaveProperty('silenced');
    });

    test('and closed: nobody waits any more', async () => {
      const { reader, close } = bench;
      await cardIs(reader, 'absent');
      const activation = reader.activate(never);
      await reader.silence(true);
      await close();
      expect(kindOf(await activation)).not.toBe('no fault at all');
    });
  });
};

/** A reader that looks at its field every so often has looked. */
const LONG_ENOUGH_MS = 600;

const firstOf = (work: Promise<object>): Promise<string> =>
  Promise.race([work.then(kindOf), sleep(LONG_ENOUGH_MS, 'still waiting')]);
