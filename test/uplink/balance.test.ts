import type { Subscription } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Message, text } from '#iso8583/index.ts';
import { type BalanceInquiry, createUplink, type Uplink, type UplinkParts } from '#uplink/index.ts';
import { answerTo, config, dataRecord, memoryLog, partsOver, playedLink, VISA } from './support.ts';

let link: ReturnType<typeof playedLink>;
let log: ReturnType<typeof memoryLog>;
let uplink: Uplink;
let parts: Awaited<ReturnType<typeof partsOver>>;
let working: Subscription;
let openReversals = 0;

beforeEach(async () => {
  vi.useFakeTimers();
  link = playedLink();
  log = memoryLog();
  parts = await partsOver(link, log);
  uplink = createUplink(parts satisfies UplinkParts);
  working = uplink.state$.subscribe((state) => {
    openReversals = state.openReversals;
  });
});

afterEach(() => {
  working.unsubscribe();
  vi.useRealTimers();
  expect(log.lines.join('\n')).not.toContain(VISA);
  expect(openReversals).toBe(0);
});

const inquiry: BalanceInquiry = {
  ...{ account: 'default', currency: 840, localTime: '261121165900' },
  tap: { kernel: 'K3', data: dataRecord(0, 1, { type: '31' }), cryptogram: true },
};

const asked = async (of: Partial<BalanceInquiry> = {}, signal = new AbortController().signal) => {
  const answer = uplink.inquire({ ...inquiry, ...of }, signal);
  await vi.advanceTimersByTimeAsync(0);
  const request = link.sent.at(-1);
  if (request === undefined) throw new Error('nothing was sent');
  return { answer, request };
};

const told = async (amounts: string, of: Partial<BalanceInquiry> = {}) => {
  const { answer, request } = await asked(of);
  link.says(answerTo(request, [39, '00'], [54, amounts]));
  return answer;
};

const FIELDS: readonly (readonly [number, string])[] = [
  [2, VISA],
  [3, '310000'],
  [4, '000000000000'],
  [14, '2812'],
  [22, '072'],
  [23, '001'],
  [25, '00'],
  [35, `${VISA}=2812201000000000`],
  [41, config.terminalId],
  [49, '840'],
];

describe('a balance inquiry', () => {
  test('is an authorisation request of nothing, by its own processing code', async () => {
    const { answer, request } = await asked();
    expect(request.mti).toBe('0100');
    expect(FIELDS.map(([number]) => [number, text(request, number)])).toEqual(FIELDS);
    expect(request.fields.has(55)).toBe(true);
    link.says(answerTo(request, [39, '57']));
    expect(await answer).toMatchObject({ kind: 'answered', row: { code: '57' } });
  });

  test.each([
    ['savings', '311000'],
    ['cheque', '312000'],
    ['credit', '313000'],
  ] as const)('is about another account where that is wanted: %s', async (account, code) => {
    const { answer, request } = await asked({ account });
    expect(text(request, 3)).toBe(code);
    link.goesDown();
    await answer;
  });

  test('writes nothing, and nothing of it is logged but its answer code', async () => {
    const before = JSON.stringify(parts.journal.durable());
    await told('0002840C000098765432');
    expect(JSON.stringify(parts.journal.durable())).toBe(before);
    expect(log.lines.join('\n')).not.toContain('98765432');
    expect(log.lines.join('\n')).toContain('"responseCode":"00"');
  });
});

describe('what the host tells', () => {
  test.each([
    ['0001840C0000000500000002840C000000047500', 'available', 47_500],
    ['0001840C000000050000', 'ledger', 50_000],
    ['0002840D000000001250', 'available', -1250],
    ['0002840D000000000000', 'available', 0],
    // Of the account that was asked about.
    ['1002840C0000000000010002840C000000000002', 'available', 2],
    // What else a host may have to say.
    ['0057840D0000000010000002840C000000000300', 'available', 300],
  ] as const)('%s is a balance', async (amounts, kind, amountMinor) => {
    expect(await told(amounts)).toMatchObject({
      balance: { kind, amountMinor, currency: 840 },
    });
  });

  test('may be in the currency of the account', async () => {
    const { answer, request } = await asked();
    link.says(answerTo(request, [39, '00'], [54, '0002978C000000000100']));
    expect(await answer).toMatchObject({ balance: { amountMinor: 100, currency: 978 } });
  });

  test.each(['', 'no amounts', '0057840D000000001000', '0002999C000000001000', '0002840C1'])(
    'is no balance, and none is made up: "%s"',
    async (amounts) => {
      expect(await told(amounts)).toMatchObject({
        kind: 'unanswered',
        fault: { fault: 'protocol' },
      });
    },
  );
});

describe('without an answer', () => {
  const nothingIsTakenBack = async () => {
    await vi.advanceTimersByTimeAsync(60_000);
    const repeats = link.sent.filter(({ mti }: Message) => mti !== '0800').slice(1);
    expect(repeats).toEqual([]);
  };

  test('in time nothing is reversed', async () => {
    const { answer } = await asked();
    await vi.advanceTimersByTimeAsync(config.answerWithinMs);
    expect(await answer).toMatchObject({ kind: 'unanswered', fault: { fault: 'timeout' } });
    await nothingIsTakenBack();
  });

  test('because it is broken off nothing is reversed, and a late answer is ignored', async () => {
    const till = new AbortController();
    const { answer, request } = await asked({}, till.signal);
    till.abort();
    expect(await answer).toMatchObject({ fault: { fault: 'aborted' } });
    link.says(answerTo(request, [39, '00'], [54, '0002840C000098765432']));
    await nothingIsTakenBack();
    expect(log.lines.join('\n')).not.toContain('98765432');
  });

  test('because the line is down it says so at once', async () => {
    link.goesDown();
    const answer = await uplink.inquire(inquiry, new AbortController().signal);
    expect(answer).toMatchObject({ fault: { fault: 'linkDown' }, mayHaveArrived: false });
  });
});
