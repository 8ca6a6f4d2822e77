import { expect, it } from 'vitest';
import { openBooks, type PaymentRecord } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { memoryJournal } from '#test/support/memory-journal.ts';
import { wholeTerminal } from '#test/support/whole-terminal.ts';
import { answerTo } from '#test/uplink/support.ts';
import { clock } from '../../src/cli/world.ts';

const silent = () => {};
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

const byWallet = (id: string): PaymentRecord => ({
  ...{ id, kind: 'purchase', state: 'new', startedMs: clock.wallMs() },
  ...{ amountMinor: 1250, currency: 840 },
});

it('a trace number that a wallet took is not given to a card after a restart', async () => {
  const journal = memoryJournal(clock.wallMs);
  const books = await openBooks({ journal, clock, log });
  for (let i = 0; i < 41; i++) books.nextStan();
  const trace = books.nextStan().toString().padStart(6, '0');
  const wallet = { name: 'alipay', way: 'shopperCode', trace } as const;
  await books.note(byWallet('A'), 'asked', { wallet });
  const again = await openBooks({ journal, clock, log });
  expect(again.nextStan()).toBe(43);
});

it("wallets' payments end with the period, and count in no sum of the acquirer's", async () => {
  const asked: string[] = [];
  const whole = await wholeTerminal({
    host: (request) => {
      asked.push(request.mti);
      return answerTo(request, [39, '00'], [66, '1']);
    },
  });
  const { books } = whole;
  const wallet = { name: 'alipay', way: 'shopperCode' } as const;
  const asking = await books.note(byWallet('A'), 'asked', { wallet });
  if (isFault(asking)) throw new Error(asking.detail);
  await books.note(asking, 'approved', { period: books.period });
  // One that is being taken at its wallet holds nobody up.
  await books.note(byWallet('B'), 'asked', { wallet });
  expect(await whole.uplink.reconcile()).toMatchObject({ currencies: [] });
  expect(await books.find('A')).toMatchObject({ state: 'reconciled' });
  expect(await books.find('B')).toMatchObject({ state: 'asking' });
  expect(asked).not.toContain('0500');
  await whole.close();
});
