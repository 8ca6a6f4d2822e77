import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type Decision, OTHER_SCHEME } from '#acceptance/index.ts';
import { schemes } from '#data/schemes.ts';
import { CARD_FOLDER, isCardFileProblem, memoryStore, openCard } from '#drivers/simulated/index.ts';
import { off, on } from '#test/acceptance/decisions.ts';
import { playedDecisions } from '#test/support/shop-decisions.ts';
import {
  approved,
  cardNamed,
  type Harness,
  type HarnessOptions,
  startHarness,
} from '#test/support/terminal-harness.ts';

/** A phone with Visa that doesn't ask for the shop's name, as the signs have it. */
const phoneWithoutSign = () => {
  const folder = mkdtempSync(join(tmpdir(), 'countertap-cards-'));
  cpSync(join(CARD_FOLDER, 'visa-phone'), join(folder, 'visa-phone'), { recursive: true });
  const file = join(folder, 'visa-phone', 'card.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace(' 9F4E14', ''));
  const card = openCard('visa-phone', { store: memoryStore() }, folder);
  rmSync(folder, { recursive: true });
  if (isCardFileProblem(card)) throw new Error(card.problem);
  return card;
};

const SALE = { amountMinor: 1250, currency: 840 };
const never = new AbortController().signal;

let harness: Harness;
afterEach(() => harness.close());

const shop = async (decisions: readonly Decision[], options: HarnessOptions = {}) => {
  const played = playedDecisions(...decisions);
  harness = await startHarness({ ...options, acceptance: played.acceptance });
  return played;
};

/** What the card was asked, by INS: B2 READ RECORD, A8 GPO, AE GENERATE AC. */
const spied = (name: string) => {
  const asked: number[] = [];
  const card = cardNamed(name);
  const respond = (command: Uint8Array) => {
    asked.push(command[1] ?? 0);
    return card.respond(command);
  };
  return { card: { ...card, respond }, asked };
};

describe('contactless that is off altogether', () => {
  it('shows the words of the shop at rest and at the till, and touches no card', async () => {
    await shop([
      off(
        1,
        {},
        {
          texts: { en: { shopper: 'We take cards with a chip.', cashier: 'Insert, please.' } },
          alternatives: ['insert', 'qr:alipay', 'Harbour gift card'],
        },
      ),
    ]);
    const { card, asked } = spied('visa-phone');
    harness.reader.place(card);
    const idle = await harness.seen('contactlessOff');
    expect(idle).toMatchObject({ detail: 'We take cards with a chip.', lights: 'off' });
    const result = await harness.terminal.sale(SALE, never);
    expect(result).toMatchObject({
      status: 'declined',
      errorCondition: 'PaymentRestriction',
      restriction: {
        decision: 'D1',
        cashier: 'Insert, please.',
        alternatives: ['insert', 'qr:alipay', 'Harbour gift card'],
      },
    });
    expect(result.reason).toContain('D1');
    expect(harness.views.at(-1)).toMatchObject({
      screen: 'contactlessOff',
      amount: '$12.50',
      alternatives: [
        { way: 'insert', words: 'Insert card' },
        { way: 'qr', words: 'Alipay' },
        { way: 'other', words: 'Harbour gift card' },
      ],
    });
    expect(asked).toEqual([]);
    expect(harness.payments).toEqual([]);
  });

  it('is lifted in the moment in which somebody decides it', async () => {
    const played = await shop([off(1)]);
    await harness.seen('contactlessOff');
    const from = harness.views.length;
    played.set(on(2));
    await harness.seen('welcome', from);
    harness.reader.place(cardNamed('visa-phone'));
    expect(await harness.terminal.sale(SALE, never)).toMatchObject({ status: 'approved' });
  });

  it('is what a register means that can not be read', async () => {
    const played = await shop([]);
    played.breakRegister();
    const result = await harness.terminal.sale(SALE, never);
    expect(result).toMatchObject({
      status: 'declined',
      restriction: { alternatives: ['insert', 'cash'] },
    });
    expect(result.restriction).not.toHaveProperty('decision');
    expect(harness.terminal.status().acceptance.off).toBeDefined();
  });
});

describe('a decision that comes while a card is awaited', () => {
  it('ends the payment at once, with its message', async () => {
    const played = await shop([]);
    const paying = harness.terminal.sale(SALE, never);
    await harness.seen('presentCard');
    played.set(off(1));
    const result = await paying;
    expect(result).toMatchObject({ status: 'declined', restriction: { decision: 'D1' } });
    const { card, asked } = spied('visa-phone');
    harness.reader.place(card);
    expect(harness.screens().at(-1)).toBe('contactlessOff');
    expect(asked).toEqual([]);
  });

  it('about another lane changes nothing', async () => {
    const played = await shop([]);
    const paying = harness.terminal.sale(SALE, never);
    await harness.seen('presentCard');
    played.set(off(1, { lanes: ['2'] }));
    harness.reader.place(cardNamed('visa-phone'));
    expect(await paying).toMatchObject({ status: 'approved' });
  });
});

describe('a decision that comes during a tap', () => {
  const tapped = async (name: string, ins: number) => {
    const played = await shop([]);
    const { card, asked } = spied(name);
    const respond = (command: Uint8Array) => {
      if (command[1] === ins) played.set(off(1));
      return card.respond(command);
    };
    harness.reader.place({ ...card, respond });
    return { result: await harness.terminal.sale(SALE, never), asked };
  };

  it('drops a tap that has not asked for a cryptogram', async () => {
    const { result, asked } = await tapped('mastercard-phone', 0xb2);
    expect(result).toMatchObject({ status: 'declined', restriction: { decision: 'D1' } });
    expect(asked).not.toContain(0xae);
    expect(harness.payments).toEqual([]);
  });

  it('leaves a tap alone that has, and settles it', async () => {
    const { result } = await tapped('mastercard-phone', 0xae);
    expect(result).toMatchObject({ status: 'approved' });
    expect(await tapped('visa-phone', 0xa8).then(({ result }) => result.status)).toBe('approved');
  });

  it('leaves a payment alone that is at the host', async () => {
    const played = await shop([], {
      authorise: async () => {
        played.set(off(1));
        return approved;
      },
    });
    harness.reader.place(cardNamed('visa-phone'));
    expect(await harness.terminal.sale(SALE, never)).toMatchObject({ status: 'approved' });
    await harness.seen('contactlessOff');
  });
});

describe('phones and watches off', () => {
  const noPhones = off(1, { devices: 'phones' }, { alternatives: ['cash'] });

  it('says so before anybody taps', async () => {
    await shop([noPhones]);
    expect(await harness.seen('welcome')).toMatchObject({
      detail: 'Contactless cards, but no phones or watches',
    });
    const paying = harness.terminal.sale(SALE, never);
    expect(await harness.seen('presentCard')).toMatchObject({ headline: 'Hold your card here' });
    harness.terminal.cancel();
    await paying;
  });

  it.each(['visa-plastic', 'mastercard-plastic'])('lets %s through', async (name) => {
    await shop([noPhones]);
    harness.reader.place(cardNamed(name));
    expect(await harness.terminal.sale(SALE, never)).toMatchObject({ status: 'approved' });
  });

  it.each([
    ['visa-phone', 0xa8],
    ['mastercard-phone', 0xae],
  ])('tells %s why, asks it for no cryptogram, and waits for a card', async (name, ins) => {
    await shop([noPhones]);
    const { card, asked } = spied(name);
    harness.reader.place(card);
    const paying = harness.terminal.sale(SALE, never);
    const refused = await harness.seen('anotherCard');
    expect(refused).toMatchObject({
      headline: 'No phones or watches here',
      amount: '$12.50',
      tone: 'alert',
      alternatives: [
        { way: 'card', words: 'Contactless card' },
        { way: 'cash', words: 'Cash' },
      ],
    });
    expect(asked).not.toContain(ins);
    harness.reader.place(cardNamed('visa-plastic'));
    const result = await paying;
    expect(result).toMatchObject({ status: 'approved', scheme: 'Visa' });
    expect(result).not.toHaveProperty('restriction');
    expect(harness.payments).toHaveLength(1);
  });

  it('waits until the refused phone has left, and asks it nothing more', async () => {
    await shop([noPhones]);
    const { card, asked } = spied('visa-phone');
    harness.reader.place(card);
    const paying = harness.terminal.sale(SALE, never);
    await harness.seen('anotherCard');
    await new Promise((resolve) => setTimeout(resolve, 50));
    // SELECT PPSE, and SELECT of the application: once.
    expect(asked).toEqual([0xa4, 0xa4]);
    harness.reader.remove();
    await harness.seen('presentCard', harness.views.length);
    harness.reader.place(cardNamed('visa-plastic'));
    expect(await paying).toMatchObject({ status: 'approved' });
  });

  it('refuses a phone that shows itself in its answer: the host never hears of it', async () => {
    await shop([noPhones], { settings: { attempts: 1 } });
    harness.reader.place(phoneWithoutSign());
    const result = await harness.terminal.sale(SALE, never);
    expect(result).toMatchObject({ status: 'declined' });
    expect(harness.payments).toEqual([]);
  });
});

describe('a decision about a part of what there is', () => {
  it('that is a scheme leaves the other application of the same card', async () => {
    await shop([off(1, { scheme: 'Visa' })]);
    harness.reader.place(cardNamed('visa-mastercard'));
    const result = await harness.terminal.sale(SALE, never);
    expect(result).toMatchObject({ status: 'approved', scheme: 'Mastercard' });
  });

  it('and one about each of the others is off altogether', async () => {
    const names = [...new Set(schemes.map(({ name }) => name)), OTHER_SCHEME];
    await shop(names.map((scheme, i) => off(i + 1, { scheme })));
    const { card, asked } = spied('visa-phone');
    harness.reader.place(card);
    const result = await harness.terminal.sale(SALE, never);
    expect(result).toMatchObject({ status: 'declined', errorCondition: 'PaymentRestriction' });
    expect(asked).toEqual([]);
  });

  it('that is an amount silences the reader for greater ones alone', async () => {
    await shop([off(1, { above: { minor: 1000, currency: 'USD' } })]);
    harness.reader.place(cardNamed('visa-phone'));
    const dear = await harness.terminal.sale(SALE, never);
    expect(dear).toMatchObject({ status: 'declined', restriction: { decision: 'D1' } });
    const cheap = await harness.terminal.sale({ ...SALE, amountMinor: 1000 }, never);
    expect(cheap).toMatchObject({ status: 'approved' });
  });

  it('that is an application longer than ours is left to the card', async () => {
    await shop([off(1), on(2, { aid: 'A0000000041010AA' })]);
    expect(harness.terminal.status().acceptance.off).toBeUndefined();
    const { card, asked } = spied('mastercard-phone');
    harness.reader.place(card);
    const paying = harness.terminal.sale(SALE, never);
    await harness.seen('anotherCard');
    expect(asked).not.toContain(0xae);
    harness.terminal.cancel();
    expect(await paying).toMatchObject({ status: 'cancelled' });
  });

  it('that is a range of account numbers goes by what Mastercard tells before', async () => {
    await shop([off(1, { range: { from: '541333', to: '541333' } })]);
    const { card, asked } = spied('mastercard-phone');
    harness.reader.place(card);
    const paying = harness.terminal.sale(SALE, never);
    expect(await harness.seen('anotherCard')).toMatchObject({
      headline: 'Please try another card',
    });
    expect(asked).not.toContain(0xae);
    harness.terminal.cancel();
    await paying;
  });

  it('that is a range refuses every Visa: its number comes with the cryptogram', async () => {
    await shop([off(1, { range: { from: '400000', to: '400000' } })]);
    const { card, asked } = spied('visa-plastic');
    harness.reader.place(card);
    const paying = harness.terminal.sale(SALE, never);
    await harness.seen('anotherCard');
    expect(asked).not.toContain(0xa8);
    harness.terminal.cancel();
    await paying;
  });
});
