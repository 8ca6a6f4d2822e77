import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { fault } from '#ports/fault.ts';
import { off } from '#test/acceptance/decisions.ts';
import { playedDecisions } from '#test/support/shop-decisions.ts';
import {
  balanceTold,
  cardNamed,
  type Harness,
  type HarnessOptions,
  startHarness,
  unanswered,
} from '#test/support/terminal-harness.ts';
import { type BalanceInquiry, responseCode } from '#uplink/index.ts';

const WANTED = { account: 'default', currency: 840 } as const;
const OFFLINE = fileURLToPath(new URL('../support/offline-configuration', import.meta.url));
const never = new AbortController().signal;
// A number that stands nowhere else.
const MINOR = 987_654_321;

let harness: Harness;
let asked: BalanceInquiry[];
const start = async (options: HarnessOptions = {}) => {
  asked = [];
  const { inquire = async () => balanceTold } = options;
  harness = await startHarness({
    ...options,
    inquire: (inquiry, signal) => {
      asked.push(inquiry);
      return inquire(inquiry, signal);
    },
  });
  return harness;
};
afterEach(() => harness.close());

const shown = () => JSON.stringify([harness.views, harness.lines]);

describe('a balance', () => {
  it.each([
    ['visa-phone', 'K3'],
    ['mastercard-plastic', 'K2'],
    ['amex-plastic', 'K4'],
    ['jcb-plastic', 'K5'],
    ['discover-plastic', 'K6'],
    ['unionpay-plastic', 'K7'],
    ['kernel-8-phone', 'K8'],
  ])('is asked for with a cryptogram over nothing: %s', async (name, kernel) => {
    const { terminal, reader, payments, journal } = await start();
    reader.place(cardNamed(name));
    const result = await terminal.inquire(WANTED, never);
    expect(result).toMatchObject({
      status: 'told',
      balance: { kind: 'available', amountMinor: 10_000, currency: 840 },
      retrievalReference: '123456789012',
    });
    const [inquiry] = asked;
    expect(inquiry).toMatchObject({ ...WANTED, tap: { kernel, cryptogram: true } });
    // 9C and 9F02, as the card has signed them.
    expect(inquiry?.tap.data.get(0x9c)).toEqual(Uint8Array.of(0x31));
    expect(inquiry?.tap.data.get(0x9f02)).toEqual(new Uint8Array(6));
    expect(payments).toEqual([]);
    expect(await journal.latestPayments(1)).toEqual([]);
  });

  it.each([
    'visa-plastic-offline',
    'mastercard-plastic-offline',
    'amex-plastic-offline',
    'jcb-plastic-offline',
    'discover-plastic-offline',
    'unionpay-plastic-offline',
    'kernel-8-plastic-offline',
  ])('is asked for where card and terminal would pay without a host: %s', async (name) => {
    const { terminal, reader } = await start({ configuration: OFFLINE });
    reader.place(cardNamed(name));
    expect(await terminal.inquire(WANTED, never)).toMatchObject({ status: 'told' });
  });

  it('is for whoever asked: display, log and journal have nothing of it', async () => {
    const balance = { ...balanceTold, balance: { ...WANTED_BALANCE, amountMinor: MINOR } };
    const { terminal, reader, seen, views, journal } = await start({
      inquire: async () => balance,
    });
    const asking = terminal.inquire({ ...WANTED, language: 'de' }, never);
    const first = await seen('presentCard');
    expect(first).toMatchObject({ language: 'de' });
    expect(first).not.toHaveProperty('amount');
    reader.place(cardNamed('mastercard-phone'));
    expect((await asking).balance?.amountMinor).toBe(MINOR);
    await seen('welcome', views.indexOf(await seen('removeCard')));
    expect(shown()).not.toContain(`${MINOR}`);
    expect(JSON.stringify(journal.durable())).not.toContain(`${MINOR}`);
    expect(terminal.status()).toMatchObject({ state: 'idle' });
  });

  it('is told of the card that the till has named, and of no other', async () => {
    const { terminal, reader } = await start({ settings: { attempts: 1 } });
    const card = cardNamed('visa-phone');
    reader.place(card);
    const { cardToken = '' } = await terminal.inquire(WANTED, never);
    reader.place(cardNamed('mastercard-phone'));
    const other = await terminal.inquire({ ...WANTED, cardToken }, never);
    expect(other).toMatchObject({ status: 'declined', reason: expect.stringMatching(/named/) });
    reader.place(card);
    expect(await terminal.inquire({ ...WANTED, cardToken }, never)).toMatchObject({
      ...{ status: 'told', cardToken },
    });
    expect(asked).toHaveLength(2);
  });
});

describe('no balance', () => {
  it('of a card that declines: its host is not asked', async () => {
    const { terminal, reader, seen } = await start();
    reader.place(cardNamed('visa-declines'));
    expect(await terminal.inquire(WANTED, never)).toMatchObject({ status: 'declined' });
    expect(asked).toEqual([]);
    await seen('processingError');
  });

  it('where the host refuses, for its reason', async () => {
    const refusal = { ...balanceTold, row: responseCode('57') };
    const { balance: _, ...told } = refusal;
    const { terminal, reader } = await start({ inquire: async () => told });
    reader.place(cardNamed('visa-phone'));
    expect(await terminal.inquire(WANTED, never)).toMatchObject({
      ...{ status: 'declined', responseCode: '57', errorCondition: 'NotAllowed' },
      reason: 'not permitted to this cardholder',
    });
  });

  it.each(['linkDown', 'timeout'] as const)('where the host is away: %s', async (why) => {
    const lost = unanswered(fault(why, 'no answer'), why === 'timeout');
    const { terminal, reader, takenBack } = await start({ inquire: async () => lost });
    reader.place(cardNamed('visa-phone'));
    const result = await terminal.inquire(WANTED, never);
    expect(result).toMatchObject({ status: 'declined', hostUnreachable: true });
    expect(result).not.toHaveProperty('balance');
    expect(await takenBack()).toEqual([]);
  });

  it('where the shop takes nothing by contactless: no card is powered', async () => {
    const { acceptance } = playedDecisions(off(1));
    const { terminal, reader } = await start({ acceptance });
    reader.place(cardNamed('visa-phone'));
    expect(await terminal.inquire(WANTED, never)).toMatchObject({
      ...{ status: 'declined', restriction: { decision: 'D1' } },
    });
    expect(asked).toEqual([]);
  });

  it('when the till hangs up before the card, or while the host is asked', async () => {
    const till = new AbortController();
    const { terminal, reader, seen } = await start({
      inquire: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () =>
            resolve(unanswered(fault('aborted', 'cancelled'), true)),
          );
          queueMicrotask(() => till.abort());
        }),
    });
    const early = new AbortController();
    const asking = terminal.inquire(WANTED, early.signal);
    await seen('presentCard');
    early.abort();
    expect(await asking).toMatchObject({ status: 'cancelled' });
    reader.place(cardNamed('visa-phone'));
    expect(await terminal.inquire(WANTED, till.signal)).toMatchObject({ status: 'cancelled' });
    expect(asked).toHaveLength(1);
  });

  it('without a card in time, or beside a payment', async () => {
    const { terminal, seen } = await start({ settings: { cardTimeoutMs: 150 } });
    const asking = terminal.inquire(WANTED, never);
    await seen('presentCard');
    expect(await terminal.inquire(WANTED, never)).toMatchObject({ status: 'busy' });
    expect(await asking).toMatchObject({ status: 'timedOut' });
  });
});

const WANTED_BALANCE = { kind: 'available', amountMinor: 0, currency: 840 } as const;
