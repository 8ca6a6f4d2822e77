import { afterEach, describe, expect, it } from 'vitest';
import { off } from '#test/acceptance/decisions.ts';
import { playedDecisions } from '#test/support/shop-decisions.ts';
import {
  cardNamed,
  type Harness,
  type HarnessOptions,
  startHarness,
} from '#test/support/terminal-harness.ts';

const SALE = { amountMinor: 1250, currency: 840 };
const never = new AbortController().signal;

let harness: Harness;
/** How often the reader was asked for a card: each time its field is on. */
let activations: number;
const start = async (options: HarnessOptions = {}) => {
  activations = 0;
  harness = await startHarness({
    ...options,
    reader: (real) => ({
      ...real,
      activate: (signal) => {
        activations += 1;
        return real.activate(signal);
      },
    }),
  });
  return harness;
};
afterEach(() => harness.close());

/** A card of the catalogue, and what it was asked, by INS: A8 GPO, AE GENERATE AC. */
const spied = (name: string) => {
  const asked: number[] = [];
  const card = cardNamed(name);
  const respond = (command: Uint8Array) => {
    asked.push(command[1] ?? 0);
    return card.respond(command);
  };
  return { card: { ...card, respond }, asked };
};
const CRYPTOGRAM = [0xa8, 0xae];

describe('a payment for cards of one scheme', () => {
  it('asks a card of another one for another card, and for no cryptogram', async () => {
    const { terminal, reader, seen } = await start();
    const { card, asked } = spied('mastercard-phone');
    const paying = terminal.sale({ ...SALE, brands: ['visa'] }, never);
    reader.place(card);
    await seen('anotherCard');
    expect(asked).not.toContain(CRYPTOGRAM[0]);
    reader.place(cardNamed('visa-phone'));
    expect(await paying).toMatchObject({ status: 'approved', scheme: 'Visa' });
  });

  it("is paid by that scheme's application of a card that has both", async () => {
    const { terminal, reader } = await start();
    reader.place(cardNamed('visa-mastercard'));
    const result = await terminal.sale({ ...SALE, brands: ['mc'] }, never);
    expect(result).toMatchObject({ status: 'approved', scheme: 'Mastercard' });
  });

  it('ends in words that name it, when no card of it comes', async () => {
    const { terminal, reader } = await start({ settings: { attempts: 1 } });
    reader.place(cardNamed('mastercard-phone'));
    const result = await terminal.sale({ ...SALE, brands: ['visa', 'amex'] }, never);
    expect(result).toMatchObject({ status: 'declined' });
    expect(result.reason).toContain('Visa, American Express may pay');
  });

  it('that this terminal does not take is declined with the field off', async () => {
    const { terminal } = await start();
    const result = await terminal.sale({ ...SALE, brands: ['girocard'] }, never);
    expect(result).toMatchObject({ status: 'declined' });
    expect(result.reason).toContain('takes no cards of girocard');
    expect(activations).toBe(0);
  });
});

describe('a payment for one card', () => {
  it.each(['visa-phone', 'mastercard-phone', 'amex-plastic'])(
    'is paid by it, known by the token of its first payment: %s',
    async (name) => {
      const { terminal, reader } = await start();
      reader.place(cardNamed(name));
      const { cardToken } = await terminal.sale(SALE, never);
      expect(cardToken).toMatch(/./);
      reader.remove();
      reader.place(cardNamed(name));
      const again = await terminal.sale({ ...SALE, cardToken: cardToken ?? '' }, never);
      expect(again).toMatchObject({ status: 'approved', cardToken });
    },
  );

  it('refuses another one before its cryptogram, where that card tells its number', async () => {
    const { terminal, reader } = await start({ settings: { attempts: 1 } });
    const { card, asked } = spied('mastercard-phone');
    reader.place(card);
    const result = await terminal.sale({ ...SALE, cardToken: 'of another card' }, never);
    expect(result).toMatchObject({ status: 'declined', errorCondition: 'PaymentRestriction' });
    expect(asked).not.toContain(CRYPTOGRAM[1]);
    expect(harness.payments).toEqual([]);
  });

  it('refuses another one before the host is asked, where it tells it with that', async () => {
    const { terminal, reader } = await start({ settings: { attempts: 1 } });
    const { card, asked } = spied('visa-phone');
    reader.place(card);
    const result = await terminal.sale({ ...SALE, cardToken: 'of another card' }, never);
    expect(result).toMatchObject({ status: 'declined', errorCondition: 'PaymentRestriction' });
    expect(asked).toContain(CRYPTOGRAM[0]);
    expect(harness.payments).toEqual([]);
  });
});

describe('a card that does not pay', () => {
  it.each(['visa-declines', 'amex-declines'])(
    'is known by its token all the same: %s',
    async (n) => {
      const { terminal, reader } = await start();
      reader.place(cardNamed(n));
      const result = await terminal.sale(SALE, never);
      expect(result).toMatchObject({ status: 'declined' });
      expect(result.cardToken === undefined).toBe(result.maskedPan === undefined);
    },
  );
});

describe('a sale that only a tap could pay while contactless is off', () => {
  it('is refused as a restriction, and the field is never on', async () => {
    const { acceptance } = playedDecisions(
      off(1, {}, { texts: { en: { shopper: 'Chip only.', cashier: 'Insert, please.' } } }),
    );
    const { terminal, reader } = await start({ acceptance });
    reader.place(cardNamed('visa-phone'));
    const result = await terminal.sale({ ...SALE, method: 'card' }, never);
    expect(result).toMatchObject({
      ...{ status: 'declined', errorCondition: 'PaymentRestriction' },
      restriction: { decision: 'D1', cashier: 'Insert, please.' },
    });
    expect(activations).toBe(0);
  });
});
