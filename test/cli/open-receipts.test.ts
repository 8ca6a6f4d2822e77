import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BehaviorSubject } from 'rxjs';
import { describe, expect, test, vi } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import type { ReceiptOptionsConfig } from '#config/receipt-options-config.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import { rowOf } from '#payment/index.ts';
import type { AttachedDevice, DeviceHealth } from '#ports/devices.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { Receipt } from '#ports/receipt-printer.ts';
import { receiptText } from '#receipt/index.ts';
import type { SaleResult, TerminalEvent } from '#terminal/types.ts';
import { quiet } from '#test/drivers/sqlite/support.ts';
import { kinds } from '#test/receipt/samples.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { openReceipts } from '../../src/cli/opening/open-receipts.ts';
import { placesIn } from '../../src/cli/places.ts';

const base = loadConfiguration('base');
if (isConfigProblem(base)) throw new Error('config/base');

const configured = (receipts: Partial<ReceiptOptionsConfig>) => ({
  ...base,
  terminal: {
    ...base.terminal,
    receipts: { print: 'customer' as const, declined: false, ...receipts },
  },
});

const journal = {
  payment: async (id: string) => (id === kinds.signed.id ? rowOf(kinds.signed) : undefined),
  byTillId: async () => undefined,
  transcript: async () => undefined,
};

const NO_PAPER = fault('device', 'it has no paper');
const READY: DeviceHealth = { health: 'ready' };
const EMPTY: DeviceHealth = { health: 'attention', detail: 'it has no paper' };
const AWAY: DeviceHealth = { health: 'absent', why: fault('device', 'unplugged') };

/** A printer that is so, and what was printed on it. */
const printer = (
  health: DeviceHealth,
  answer: () => Promise<Fault | undefined> = async () =>
    health.health === 'ready' ? undefined : NO_PAPER,
) => {
  const device: AttachedDevice = {
    ...{ kind: 'printer', place: '/dev/ttyS9', name: '', because: 'the test' },
    health,
  };
  const slips: string[] = [];
  return {
    slips,
    devices$: new BehaviorSubject([device]),
    print: (receipt: Receipt) => {
      slips.push(receiptText(receipt, 42));
      return answer();
    },
  };
};

const opened = (
  printers: readonly ReturnType<typeof printer>[],
  receipts: Partial<ReceiptOptionsConfig> = {},
  log = quiet,
) =>
  openReceipts(
    configured(receipts),
    placesIn(join(tmpdir(), 'countertap-nowhere')),
    journal,
    printers,
    log,
  );

const ended = (more: Partial<SaleResult> = {}): TerminalEvent => ({
  event: 'saleEnded',
  screen: 'approvedSign',
  result: {
    ...{ status: 'approved', cvm: 'obtainSignature', transactionId: kinds.signed.id },
    ...{ amountMinor: 1250, currency: 'EUR', reason: 'approved', ...more },
  },
});

const BEGUN: readonly TerminalEvent[] = [
  {
    event: 'saleStarted',
    transactionId: kinds.signed.id,
    request: { amountMinor: 1250, currency: 978 },
  },
  { event: 'ui', ui: uiRequest('1B', 'none', { language: 'xxde' }) },
  { event: 'authorising' },
];

/** What makes receipts is loaded with the first. */
const SOON = { timeout: 10_000 };

const follow = (receipts: Awaited<ReturnType<typeof opened>>, events: readonly TerminalEvent[]) => {
  for (const event of events) receipts.follow(event);
};

describe('a payment that has ended', () => {
  test("the shop's copy is in its own language, the shopper's in that of the card", async () => {
    const paper = printer(READY);
    follow(await opened([paper]), [...BEGUN, ended(), { event: 'idle' }]);
    await expect.poll(() => paper.slips.length, SOON).toBe(2);
    const [shop = '', shopper = ''] = paper.slips;
    expect(shop).toMatch(/Merchant copy[\s\S]+Signature/);
    expect(shopper).toContain('Kundenbeleg');
    for (const slip of paper.slips) expect(slip).not.toMatch(/DUPLICATE|ZWEITSCHRIFT/);
  });

  test('the card of the one before has no say in the next one', async () => {
    const paper = printer(READY);
    const next = BEGUN.filter(({ event }) => event !== 'ui');
    follow(await opened([paper]), [...BEGUN, ...next, ended({ cvm: 'noCvm' })]);
    await expect.poll(() => paper.slips.length, SOON).toBe(1);
    expect(paper.slips[0]).toContain('Customer copy');
  });

  test('was refused before a host was asked, unlike the one before it: no paper', async () => {
    const paper = printer(READY);
    const receipts = await opened([paper], { declined: true });
    const [start = BEGUN[0]] = BEGUN;
    if (start === undefined) return;
    follow(receipts, [...BEGUN, start, ended({ status: 'declined' })]);
    follow(receipts, [...BEGUN, ended({ status: 'declined', cvm: 'noCvm' })]);
    await expect.poll(() => paper.slips.length, SOON).toBe(1);
  });

  test('waits for no printer, and what was not printed is in the log', async () => {
    let refuse = (_: Fault) => {};
    const stuck = printer(READY, () => new Promise<Fault>((resolve) => (refuse = resolve)));
    const warn = vi.fn();
    const receipts = await opened([stuck], {}, { ...quiet, warn });
    follow(receipts, [...BEGUN, ended({ cvm: 'noCvm' })]);
    await expect.poll(() => stuck.slips.length, SOON).toBe(1);
    expect(warn).not.toHaveBeenCalled();
    refuse(NO_PAPER);
    await expect.poll(() => warn.mock.calls.length, SOON).toBe(1);
    expect(warn.mock.calls[0]?.[0]).toMatchObject({
      payment: kinds.signed.id,
      why: 'it has no paper',
      how: `countertap receipt ${kinds.signed.id} --copy customer --print`,
    });
  });
});

describe('several printers', () => {
  test('the first that is ready prints', async () => {
    const [away, empty, ready, spare] = [AWAY, EMPTY, READY, READY].map((one) => printer(one));
    if (!away || !empty || !ready || !spare) return;
    const { print } = await opened([away, empty, ready, spare], { print: 'asked' });
    expect(await print?.(kinds.signed.id, 'merchant')).toBeUndefined();
    expect([away, empty, ready, spare].map(({ slips }) => slips.length)).toEqual([0, 0, 1, 0]);
    expect(ready.slips[0]).toContain('DUPLICATE');
  });

  test('one that seemed ready and was not leaves it to the next', async () => {
    const [jammed, low] = [
      printer(READY, async () => NO_PAPER),
      printer(EMPTY, async () => undefined),
    ];
    const { print } = await opened([jammed, low]);
    expect(await print?.(kinds.signed.id, 'customer')).toBeUndefined();
    expect(low.slips).toHaveLength(1);
  });

  test('none that can: why not, of the best of them', async () => {
    const { print } = await opened([
      printer(AWAY, async () => fault('device', 'away')),
      printer(EMPTY),
    ]);
    expect(await print?.(kinds.signed.id, 'customer')).toEqual(NO_PAPER);
  });
});

describe('a terminal without printers', () => {
  test('says at its start that it was to print, and prints nothing', async () => {
    const warn = vi.fn();
    const receipts = await opened([], { print: 'both' }, { ...quiet, warn });
    expect(warn).toHaveBeenCalledOnce();
    expect([receipts.print, receipts.onPhone]).toEqual([undefined, undefined]);
    follow(receipts, [...BEGUN, ended()]);
    await receipts.close();
  });
});
