import { setTimeout as sleep } from 'node:timers/promises';
import { filter, firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import type { CardReader } from '#ports/card-reader.ts';
import {
  COMMAND,
  cardIs,
  goodCard,
  never,
  silencedIs,
  succeeded,
} from '#test/ports/card-reader-suite.ts';
import { randomFrom } from '#test/simulation/random.ts';
import { type PcscSpy, startPcscSpy } from '#test/support/pcsc-spy.ts';
import { type Pcscd, startPcscd } from '#test/support/pcscd.ts';
import { measureSilence } from '#test/support/silence-measure.ts';
import { insertVpcdCard } from '#test/support/vpcd-card.ts';
import { quiet } from './bench.ts';

interface Lane {
  readonly reader: CardReader;
  readonly port: number;
}

describe('a shop that is silent', () => {
  let pcscd: Pcscd;
  let spy: PcscSpy;
  let lanes: readonly Lane[];
  beforeAll(async () => {
    pcscd = await startPcscd();
    spy = await startPcscSpy(pcscd.socketPath);
    // The virtual reader has two slots, each a reader of its own.
    lanes = ['Virtual PCD 00 00', 'Virtual PCD 00 01'].map((readerName, slot) => ({
      reader: openPcscReader({ log: quiet, socketPath: spy.socketPath, readerName, silent: true }),
      port: pcscd.vpcdPort + slot,
    }));
  });
  const first = (): Lane => {
    const [lane] = lanes;
    if (lane === undefined) throw new Error('no lane');
    return lane;
  };
  afterAll(async () => {
    for (const { reader } of lanes) await reader.close();
    await spy.close();
    await pcscd.close();
  });

  test('does nothing to a hundred cards that are put on its readers and taken off', async () => {
    const counts = { cards: 0, commands: 0, powerUps: 0 };
    const stop = new AbortController();
    const serve = async ({ reader, port }: Lane): Promise<void> => {
      const waiting = reader.activate(stop.signal);
      await silencedIs(reader, true);
      for (let cards = 0; cards < 50; cards++) {
        const card = await insertVpcdCard(goodCard(), port);
        await cardIs(reader, 'present');
        await card.remove();
        await cardIs(reader, 'absent');
        counts.cards++;
        counts.commands += card.commands();
        counts.powerUps += card.powerUps();
      }
      stop.abort();
      expect(await waiting).toMatchObject({ fault: 'aborted' });
    };
    await Promise.all(lanes.map(serve));
    expect(counts).toMatchObject({ cards: 100, commands: 0 });
    expect(spy.asked()).toEqual([]);
    // What there was comes from pcscd, which powers each card to know it.
    expect(counts.powerUps).toBe(100);
    expect(spy.messages()).toBeGreaterThan(100);
  }, 100_000);

  test('serves the next card as soon as it may, and the spy sees it', async () => {
    const { reader, port } = first();
    const card = await insertVpcdCard(goodCard(), port);
    await cardIs(reader, 'present');
    spy.forget();
    await reader.silence(false);
    succeeded(await reader.activate(never));
    succeeded(await reader.exchange(COMMAND, 1000));
    expect(spy.touches()).toMatchObject([
      { kind: 'connect', share: 'exclusive' },
      { kind: 'transmit' },
    ]);
    await reader.silence(true);
    await sleep(100);
    expect(spy.asked().at(-1)).toMatchObject({ kind: 'disconnect', disposition: 'unpower' });
    expect(card.commands()).toBe(1);
    await card.remove();
    await cardIs(reader, 'absent');
  });

  test('stays silent when pcscd is killed and started again under a card', async () => {
    const { reader, port } = first();
    await reader.silence(true);
    const waiting = new AbortController();
    const activation = reader.activate(waiting.signal);
    spy.forget();
    await pcscd.stop('SIGKILL');
    await firstValueFrom(reader.state$.pipe(filter((state) => state.reader === 'absent')));
    await pcscd.start();
    const card = await insertVpcdCard(goodCard(), port);
    await silencedIs(reader, true);
    await cardIs(reader, 'present');
    expect(spy.asked()).toEqual([]);
    await reader.silence(false);
    succeeded(await activation);
    expect(spy.touches()).toHaveLength(1);
    await card.remove();
    await cardIs(reader, 'absent');
  });

  test('is silent though pcscd hangs when it is told, and when it goes on', async () => {
    const { reader, port } = first();
    const card = await insertVpcdCard(goodCard(), port);
    await cardIs(reader, 'present');
    succeeded(await reader.activate(never));
    pcscd.freeze();
    await reader.silence(true);
    pcscd.thaw();
    await silencedIs(reader, true);
    expect(card.commands()).toBe(0);
    await card.remove();
    await cardIs(reader, 'absent');
  });
});

test('a reader at work hands over one thing more at most, and none once it is silent', async () => {
  const random = randomFrom('silence');
  const trials = await measureSilence(20, () => random.between(0, 1000) / 1000);
  expect(trials).toHaveLength(20);
  for (const { handedOver, lastCommandMs, lastPowerUpMs, saidMs } of trials) {
    expect(handedOver).toBeLessThanOrEqual(1);
    expect(Math.max(lastCommandMs, lastPowerUpMs)).toBeLessThanOrEqual(saidMs);
  }
  // A machine that does much else may be late once.
  const late = trials.filter(({ lastHandedOverMs }) => lastHandedOverMs > 200);
  expect(late.length).toBeLessThan(2);
}, 60_000);
