import { afterEach, describe, expect, it } from 'vitest';
import { off } from '#test/acceptance/decisions.ts';
import { playedDecisions } from '#test/support/shop-decisions.ts';
import {
  cardNamed,
  type Harness,
  type HarnessOptions,
  startHarness,
} from '#test/support/terminal-harness.ts';

const WANTED = { amountMinor: 0, currency: 840 };
const never = new AbortController().signal;

let harness: Harness;
const start = async (options: HarnessOptions = {}) => {
  harness = await startHarness(options);
  return harness;
};
afterEach(() => harness.close());

const spied = (name: string) => {
  const asked: number[] = [];
  const card = cardNamed(name);
  const respond = (command: Uint8Array) => {
    asked.push(command[1] ?? 0);
    return card.respond(command);
  };
  return { card: { ...card, respond }, asked };
};

describe('a card that is read to be known', () => {
  it.each(['mastercard-phone', 'amex-plastic', 'jcb-plastic', 'kernel-8-plastic'])(
    'is not asked for a cryptogram where it tells its number without: %s',
    async (name) => {
      const { terminal, reader } = await start();
      const { card, asked } = spied(name);
      reader.place(card);
      const result = await terminal.acquire(WANTED, never);
      expect(result).toMatchObject({ status: 'acquired' });
      expect(result.cardToken).toMatch(/./);
      expect(asked).not.toContain(0xae);
    },
  );

  it.each(['visa-phone', 'discover-plastic', 'unionpay-plastic'])(
    'has the token that it pays with: %s',
    async (name) => {
      const { terminal, reader, journal } = await start();
      reader.place(cardNamed(name));
      const { status, cardToken, maskedPan } = await terminal.acquire(WANTED, never);
      expect(status).toBe('acquired');
      expect(harness.payments).toEqual([]);
      expect(await journal.latestPayments(1)).toEqual([]);
      // The card still lies there: the sale that follows needs no second tap.
      const paid = await terminal.sale({ amountMinor: 1250, currency: 840 }, never);
      expect(paid).toMatchObject({ status: 'approved', cardToken, maskedPan });
    },
  );

  it('is asked for with the amount where there is one, and then all is as before', async () => {
    const { terminal, reader, seen, views } = await start();
    const reading = terminal.acquire({ ...WANTED, amountMinor: 1250, language: 'de' }, never);
    await seen('presentCard');
    expect(views.at(-1)).toMatchObject({ amount: '12,50\u00A0$', language: 'de' });
    reader.place(cardNamed('mastercard-phone'));
    expect(await reading).toMatchObject({ status: 'acquired', scheme: 'Mastercard' });
    const shown = await seen('removeCard');
    await seen('welcome', views.indexOf(shown));
    expect(terminal.status()).toMatchObject({ state: 'idle' });
  });

  it('is of one of the brands that the till wants', async () => {
    const { terminal, reader } = await start({ settings: { attempts: 1 } });
    reader.place(cardNamed('mastercard-phone'));
    const result = await terminal.acquire({ ...WANTED, brands: ['visa'] }, never);
    expect(result).toMatchObject({ status: 'declined' });
  });

  it('is one that the shop takes', async () => {
    const { acceptance } = playedDecisions(off(1));
    const { terminal } = await start({ acceptance });
    expect(await terminal.acquire(WANTED, never)).toMatchObject({
      ...{ status: 'declined', restriction: { decision: 'D1' } },
    });
  });

  it('is not waited for any more when the till hangs up', async () => {
    const { terminal, seen } = await start();
    const till = new AbortController();
    const reading = terminal.acquire(WANTED, till.signal);
    await seen('presentCard');
    till.abort();
    expect(await reading).toMatchObject({ status: 'cancelled' });
  });

  it('and a payment come one at a time', async () => {
    const { terminal, seen } = await start();
    const reading = terminal.acquire(WANTED, never);
    await seen('presentCard');
    expect(await terminal.sale({ amountMinor: 1, currency: 840 }, never)).toMatchObject({
      status: 'busy',
    });
    expect(await terminal.acquire(WANTED, never)).toMatchObject({ status: 'busy' });
    expect(terminal.cancel()).toBe(true);
    expect(await reading).toMatchObject({ status: 'cancelled' });
  });
});
