import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { type Pcscd, preparePcscd } from '#test/support/pcscd.ts';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';
import { insertVpcdCard } from '#test/support/vpcd-card.ts';

let pcscd: Pcscd;
let terminal: RunningTerminal;

beforeAll(async () => {
  pcscd = await preparePcscd();
  terminal = await runTerminal({
    reader: 'pcsc',
    socketPath: pcscd.socketPath,
    watchLoop: true,
    config: { payment: { resultSeconds: 1 }, reader: { exchangeDeadlineMs: 500 } },
  });
});
afterAll(async () => {
  await terminal?.close();
  await pcscd?.close();
});

const LIMIT_MS = 20;

/**
 * The shortest of a few longest pauses: a machine that is busy with something else makes one long
 * now and then; what our own code blocks comes back every time.
 */
const blockedDuring = async (scene: () => Promise<void>, at = terminal): Promise<number> => {
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 4 && shortest > LIMIT_MS; i++) {
    await at.longestPauseMs();
    await scene();
    shortest = Math.min(shortest, await at.longestPauseMs());
  }
  return shortest;
};

const readerIs = (present: boolean) =>
  expect
    .poll(async () => (await terminal.status())['readerPresent'], { timeout: 10_000 })
    .toBe(present);
const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const isPaying = () =>
  expect.poll(async () => (await terminal.status())['state'], { timeout: 5000 }).toBe('sale');

describe('the event loop of the terminal', () => {
  it('is never blocked while pcscd is away', async () => {
    await readerIs(false);
    expect(await blockedDuring(() => wait(2000))).toBeLessThanOrEqual(LIMIT_MS);
    await pcscd.start();
    await readerIs(true);
  });

  it('is never blocked while a card is mute', async () => {
    const pause = await blockedDuring(async () => {
      const paying = terminal.countertap('sale', '1.00');
      await isPaying();
      const mute = await insertVpcdCard(
        { atr: hex('3B80800101'), respond: () => 'mute' },
        pcscd.vpcdPort,
      );
      await wait(1500);
      await mute.remove();
      await terminal.countertap('cancel');
      await paying;
    });
    expect(pause).toBeLessThanOrEqual(LIMIT_MS);
  }, 60_000);

  it('is never blocked while the acquirer is silent', async () => {
    await readerIs(true);
    await terminal.countertap('acquirer', 'slow', '30000');
    const pause = await blockedDuring(async () => {
      const paying = terminal.countertap('sale', '1.00');
      await isPaying();
      await terminal.countertap('tap', 'visa-phone', '--vpcd-port', String(pcscd.vpcdPort));
      await wait(1500);
      await terminal.countertap('cancel');
      await paying;
    });
    expect(pause).toBeLessThanOrEqual(LIMIT_MS);
  }, 60_000);

  it('is not blocked for long while payments are written down', async () => {
    const busy = await runTerminal({ reader: 'in-process', watchLoop: true });
    try {
      for (let i = 0; i < 10; i++) await busy.pay('visa-phone');
      const pause = await blockedDuring(async () => {
        for (let i = 0; i < 5; i++) await busy.pay('visa-phone');
      }, busy);
      expect(pause).toBeLessThanOrEqual(LIMIT_MS);
    } finally {
      await busy.close();
    }
  }, 60_000);
});
