import { describe, expect, it } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import { memoryJournal } from '#test/support/memory-journal.ts';
import { openCounter, paid } from '#test/till/counter.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { tillReceipts } from '../../src/cli/opening/till-receipts.ts';

const configuration = loadConfiguration('base');
if (isConfigProblem(configuration)) throw new Error('the base configuration is broken');

describe("a till's receipt", () => {
  it('comes with the answer in both copies, its lines to be found by key', async () => {
    const journal = memoryJournal(Date.now);
    const receipts = tillReceipts(configuration, journal);
    const counter = await openCounter({ journal, parts: { receipts } });
    const { PaymentReceipt } = await paid(counter);
    counter.harness.close();
    const copies: ReadonlyMap<string, string>[] = PaymentReceipt.map(
      ({ OutputContent }: { OutputContent: { OutputText: { Text: string }[] } }) =>
        new Map(
          OutputContent.OutputText.map(({ Text }) => {
            const pairs = new URLSearchParams(Text);
            return [pairs.get('key'), pairs.get('value') ?? pairs.get('name')];
          }),
        ),
    );
    expect(copies).toHaveLength(2);
    for (const copy of copies) {
      expect(copy.get('totalAmount')).toBe('USD 12.50');
      expect(copy.get('authCode')).toBe('123456');
      expect(copy.get('pan')).toMatch(/\*+\d{4}$/);
    }
  });

  it('of a payment that nobody made is none', async () => {
    const receipts = tillReceipts(configuration, memoryJournal(Date.now));
    expect(await receipts('none')).toBeUndefined();
  });
});
