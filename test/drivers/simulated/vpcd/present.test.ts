import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { select } from '#apdu/command.ts';
import { hex, toHex } from '#bytes/hex.ts';
import {
  isCardFileProblem,
  memoryStore,
  openCard,
  type Presentation,
  presentToVpcd,
} from '#drivers/simulated/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { PPSE_NAME } from '../card/hand-terminal.ts';
import { type FakeVpcd, startFakeVpcd } from './fake-vpcd.ts';

const POWER_OFF = hex('00');
const POWER_ON = hex('01');
const RESET = hex('02');
const GET_ATR = hex('04');
const PPSE = select(PPSE_NAME);
const SELECT = select(hex('A0000000041010'));
const GPO = hex('80A800000D830B000000000000000000000000');

const phone = (name = 'mastercard-phone') => {
  const card = openCard(name, { store: memoryStore() });
  if (isCardFileProblem(card)) throw new Error(card.problem);
  return card;
};

const succeeded = (outcome: Presentation | Fault): Presentation => {
  if (isFault(outcome)) throw new Error(outcome.detail);
  return outcome;
};

describe('a card held to the virtual reader', () => {
  let vpcd: FakeVpcd;
  beforeEach(async () => {
    vpcd = await startFakeVpcd();
  });
  afterEach(() => vpcd.close());

  const hold = async (options: Omit<Parameters<typeof presentToVpcd>[1], 'port'> = {}) => {
    const outcome = presentToVpcd(phone(), { ...options, port: vpcd.port });
    await vpcd.cardCame();
    return { outcome };
  };
  const ask = async (payload: Uint8Array) => {
    vpcd.send(payload);
    return toHex((await vpcd.receive()) ?? hex('')).slice(-4);
  };

  test('gives its answer to reset as often as the reader asks', async () => {
    const { outcome } = await hold({ holdMs: 200 });
    vpcd.send(GET_ATR, POWER_ON, GET_ATR, POWER_OFF, RESET, GET_ATR);
    for (let i = 0; i < 3; i++) expect(toHex((await vpcd.receive()) ?? hex(''))).toBe('3B80800101');
    expect(succeeded(await outcome)).toMatchObject({ end: 'held', powered: true, commands: [] });
  });

  test('is late when it is relayed', async () => {
    void presentToVpcd(phone('mastercard-relayed'), { holdMs: 1000, port: vpcd.port });
    await vpcd.cardCame();
    vpcd.send(POWER_ON);
    for (const command of [SELECT, GPO]) expect(await ask(command)).toBe('9000');
    const startedMs = performance.now();
    expect(await ask(hex('80EA00000401020304'))).toBe('9000');
    expect(performance.now() - startedMs).toBeGreaterThan(55);
  });

  test('leaves a moment after it has been read, and tells what it was asked', async () => {
    const { outcome } = await hold();
    vpcd.send(POWER_ON);
    expect([await ask(PPSE), await ask(SELECT), await ask(GPO)]).toEqual(['9000', '9000', '9000']);
    const lastMs = performance.now();
    await vpcd.cardLeft();
    expect(performance.now() - lastMs).toBeGreaterThan(350);
    const { end, powered, commands } = succeeded(await outcome);
    expect([end, powered]).toEqual(['read', true]);
    expect(commands.map(({ name, ins, sw }) => [name, ins, sw])).toEqual([
      ['SELECT PPSE', 0xa4, 0x9000],
      ['SELECT', 0xa4, 0x9000],
      ['GET PROCESSING OPTIONS', 0xa8, 0x9000],
    ]);
    for (const { microseconds } of commands) expect(microseconds).toBeLessThan(100_000);
  });

  test('stays as long as it is told to, read or not', async () => {
    const startedMs = performance.now();
    const { outcome } = await hold({ holdMs: 600 });
    vpcd.send(POWER_ON, SELECT, GPO);
    expect(succeeded(await outcome).end).toBe('held');
    expect(performance.now() - startedMs).toBeGreaterThan(590);
  });

  test('understands a command that arrives in pieces, and two that arrive as one', async () => {
    await hold({ holdMs: 1000 });
    const frame = Uint8Array.of(0, 1, 1, 0, SELECT.length, ...SELECT);
    vpcd.sendRaw(frame.subarray(0, 4));
    await new Promise((resolve) => setImmediate(resolve));
    vpcd.sendRaw(frame.subarray(4));
    expect(toHex((await vpcd.receive()) ?? hex(''))).toMatch(/9000$/);
    vpcd.send(SELECT, GPO);
    expect(toHex((await vpcd.receive()) ?? hex(''))).toMatch(/9000$/);
    expect(toHex((await vpcd.receive()) ?? hex(''))).toMatch(/^77.*9000$/);
  });

  test('is torn away in place of the answer it was told to be torn at', async () => {
    const { outcome } = await hold({ tearAfter: 2 });
    vpcd.send(POWER_ON);
    expect(await ask(PPSE)).toBe('9000');
    vpcd.send(SELECT, GPO);
    expect(await vpcd.receive()).toBeUndefined();
    const { end, commands } = succeeded(await outcome);
    expect(end).toBe('torn');
    expect(commands.map(({ sw }) => sw)).toEqual([0x9000, undefined]);
  });

  test('forgets the transaction when the reader takes its field away', async () => {
    await hold({ holdMs: 500 });
    vpcd.send(POWER_ON);
    expect(await ask(SELECT)).toBe('9000');
    vpcd.send(RESET);
    expect(await ask(GPO)).toBe('6985');
  });

  test('leaves at once when the hand is called back, and when nobody reads it', async () => {
    const back = new AbortController();
    const { outcome } = await hold({ signal: back.signal });
    back.abort();
    expect(succeeded(await outcome).end).toBe('aborted');
    await vpcd.cardLeft();
  });

  test('does not wait for ever for a terminal that does not read it', async () => {
    const { outcome } = await hold({ patienceMs: 50 });
    expect(succeeded(await outcome)).toMatchObject({ end: 'unread', powered: false });
  });

  test('notices that the reader has gone', async () => {
    const { outcome } = await hold();
    vpcd.hangUp();
    expect(succeeded(await outcome).end).toBe('readerGone');
  });
});

describe('without a virtual reader', () => {
  test('the shopper is told what to start', async () => {
    const vpcd = await startFakeVpcd();
    await vpcd.close();
    const outcome = await presentToVpcd(phone(), { port: vpcd.port });
    expect(outcome).toMatchObject({ fault: 'serviceDown' });
    expect(isFault(outcome) && outcome.detail).toContain('is the terminal running');
  });
});
