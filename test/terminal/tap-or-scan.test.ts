import fc from 'fast-check';
import { Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { PresentableCard } from '#drivers/simulated/index.ts';
import type { ScannedCode } from '#ports/code-scanner.ts';
import { scriptedWallet } from '#test/support/scripted-wallet.ts';
import { cardNamed, startHarness } from '#test/support/terminal-harness.ts';
import { identifyInTests } from '#test/support/wallet-counter.ts';

const never = new AbortController().signal;

/** A card of the catalogue that calls `heard` before it answers its command `index` (from 1). */
const telling = (name: string, index: number, heard: () => void): PresentableCard => {
  const card = cardNamed(name);
  let count = 0;
  return {
    ...card,
    respond: (command) => {
      count += 1;
      if (count === index) heard();
      return card.respond(command);
    },
  };
};

interface Race {
  readonly card: string;
  /** The command during which the code is scanned; 0: before the card comes. */
  readonly command: number;
  readonly tornAfter: boolean;
}

/** One payment at which a card is tapped and a code is scanned. */
const race = async ({ card, command, tornAfter }: Race) => {
  const wallet = scriptedWallet();
  const scans = new Subject<ScannedCode>();
  const harness = await startHarness({
    codes: {
      ...{ wallets: [wallet.host], scanner: { scans$: scans }, identify: identifyInTests },
    },
  });
  const scan = () => scans.next({ text: 'alipay 1', place: 'a scanner', atMs: 0 });
  const paying = harness.terminal.sale({ amountMinor: 1250, currency: 840 }, never);
  await harness.seen('presentCard');
  if (command === 0) scan();
  harness.reader.place(
    telling(card, command, () => {
      scan();
      if (tornAfter) harness.reader.remove();
    }),
  );
  // A card that was quicker than that many commands, or was torn: then the code pays.
  const late = setTimeout(scan, 400);
  const result = await paying;
  clearTimeout(late);
  const took = { card: harness.payments.length, wallet: wallet.heldMinor() > 0 ? 1 : 0 };
  const record = await harness.books.find(result.transactionId);
  harness.close();
  return { result, took, record };
};

describe('a tap and a scan at the same moment', () => {
  it('charge exactly one of them, whichever command the card is at', async () => {
    const races = fc.record({
      card: fc.constantFrom('visa-phone', 'mastercard-phone'),
      command: fc.integer({ min: 0, max: 8 }),
      tornAfter: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(races, async (one) => {
        const { result, took, record } = await race(one);
        expect(result.status).toBe('approved');
        expect(took.card + took.wallet).toBe(1);
        expect(record).toMatchObject({ state: 'approved' });
        expect(result.wallet === undefined).toBe(took.card === 1);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('that has not asked for its cryptogram gives way; one that has wins', async () => {
    const { took: early } = await race({ card: 'visa-phone', command: 1, tornAfter: false });
    expect(early).toEqual({ card: 0, wallet: 1 });
    const { took: late } = await race({ card: 'visa-phone', command: 3, tornAfter: false });
    expect(late).toEqual({ card: 1, wallet: 0 });
  });
});

describe('a code of a card scheme', () => {
  it('is authorised by the acquirer, with the account of its first application taken', async () => {
    const scans = new Subject<ScannedCode>();
    const data = new Map([
      [tag.track2EquivalentData, hex('4761739001010119D28122010000000000')],
      [tag.applicationCryptogram, hex('0102030405060708')],
    ]);
    const applications = [
      { aid: hex('A000000999'), data: new Map() },
      { aid: hex('A0000000031010'), data },
    ];
    const harness = await startHarness({
      codes: {
        scanner: { scans$: scans },
        identify: () => ({ kind: 'emvConsumer', code: { applications } }),
      },
    });
    const paying = harness.terminal.sale({ amountMinor: 1250, currency: 840 }, never);
    await harness.seen('presentCard');
    scans.next({ text: 'hQVDUFYwMW', place: 'a scanner', atMs: 0 });
    expect(await paying).toMatchObject({
      ...{ status: 'approved', scheme: 'Visa', maskedPan: '476173******0119' },
    });
    expect(harness.payments).toHaveLength(1);
    expect(harness.payments[0]?.scanned).toBe(data);
    expect(harness.payments[0]).not.toHaveProperty('tap');
    harness.close();
  });
});

describe("the terminal's own time", () => {
  it('from a scanned code to the wallet, and to our code on the display, is short', async () => {
    const scans = new Subject<ScannedCode>();
    const wallet = scriptedWallet();
    let askedMs = 0;
    const host = {
      ...wallet.host,
      pay: (...args: Parameters<typeof wallet.host.pay>) => {
        askedMs = performance.now();
        return wallet.host.pay(...args);
      },
    };
    const harness = await startHarness({
      codes: { wallets: [host], scanner: { scans$: scans }, identify: identifyInTests },
      settings: { resultMs: 1 },
    });
    const times: number[] = [];
    const shown: number[] = [];
    for (let i = 0; i < 12; i++) {
      const from = harness.views.length;
      const paying = harness.terminal.sale({ amountMinor: 1250, currency: 840 }, never);
      await harness.seen('presentCard', from);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const scannedMs = performance.now();
      scans.next({ text: `alipay ${i}`, place: 'a scanner', atMs: scannedMs });
      expect(await paying).toMatchObject({ status: 'approved' });
      times.push(askedMs - scannedMs);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const before = harness.views.length;
      const startedMs = performance.now();
      const cancel = new AbortController();
      const request = { amountMinor: 1250, currency: 840, wallet: 'alipay' };
      const presenting = harness.terminal.sale(request, cancel.signal);
      await harness.seen('scanCode', before);
      shown.push(performance.now() - startedMs);
      cancel.abort();
      await presenting;
    }
    harness.close();
    const median = (all: number[]) => all.sort((a, b) => a - b)[all.length >> 1];
    expect(median(times)).toBeLessThan(10);
    expect(median(shown)).toBeLessThan(100);
  });
});
