import { afterEach, describe, expect, it } from 'vitest';
import type { LimitName } from '#settings/index.ts';
import { cardNamed, type Harness, startHarness } from '#test/support/terminal-harness.ts';
import { ann, MASTERCARD, taken, VISA } from './shop.ts';

const never = new AbortController().signal;

let harness: Harness;
afterEach(() => harness.close());

/** One payment with this card, in the terminal as it runs. */
const pay = async (card: string, amountMinor: number) => {
  const { terminal, reader, views, seen } = harness;
  // The last result leaves first.
  await seen(
    'welcome',
    views.findLastIndex(({ screen }) => screen === 'welcome'),
  );
  const from = views.length;
  const sale = terminal.sale({ amountMinor, currency: 840 }, never);
  await seen('presentCard', from);
  await reader.present(cardNamed(card), { holdMs: 200 });
  return sale;
};

const lower = async (set: number, name: LimitName, minor: number) =>
  taken(await harness.shop.change({ limits: [{ set, name, minor }] }, ann));

describe.each([
  ['visa-plastic', 'Visa', VISA, 0],
  // Kernel 2 means "over" where Entry Point means "equal or over".
  ['mastercard-plastic', 'Mastercard', MASTERCARD, 1],
] as const)('with %s', (card, scheme, set, over) => {
  it('a lowered CVM limit asks for the holder at the next payment', async () => {
    harness = await startHarness();
    expect(await pay(card, 5000)).toMatchObject({ status: 'approved', cvm: 'noCvm', scheme });
    await lower(set, 'readerCvmRequiredLimit', 5000 - over);
    const asked = await pay(card, 5000);
    expect(asked.cvm).not.toBe('none');
    expect(await pay(card, 4999 - over)).toMatchObject({ status: 'approved', cvm: 'noCvm' });
  });

  it('a lowered transaction limit refuses the next payment, and none below it', async () => {
    harness = await startHarness({ settings: { attempts: 1 } });
    expect(await pay(card, 5000)).toMatchObject({ status: 'approved' });
    await lower(set, 'readerContactlessTransactionLimit', 5000 - over);
    expect(await pay(card, 5000)).toMatchObject({ status: 'declined' });
    expect(harness.payments).toHaveLength(1);
    expect(await pay(card, 4999 - over)).toMatchObject({ status: 'approved' });
  });

  it('a lowered limit holds after a restart', async () => {
    harness = await startHarness({ settings: { attempts: 1 } });
    await lower(set, 'readerContactlessTransactionLimit', 5000 - over);
    const durable = harness.journal.durable();
    harness.close();
    harness = await startHarness({ settings: { attempts: 1 }, durable });
    expect(await pay(card, 5000)).toMatchObject({ status: 'declined' });
    expect(harness.payments).toEqual([]);
  });
});

it('a phone pays above the limit for cards that do not check their holder', async () => {
  harness = await startHarness({ settings: { attempts: 1 } });
  await lower(MASTERCARD, 'readerContactlessTransactionLimitNoCdcvm', 4999);
  expect(await pay('mastercard-plastic', 5000)).toMatchObject({ status: 'declined' });
  expect(await pay('mastercard-phone', 5000)).toMatchObject({ status: 'approved' });
});

it('a payment goes on under the limits that it began with', async () => {
  harness = await startHarness();
  const { terminal, reader, seen } = harness;
  const sale = terminal.sale({ amountMinor: 5000, currency: 840 }, never);
  await seen('presentCard');
  await reader.present(cardNamed('visa-not-here'), { holdMs: 50 });
  await seen('anotherCard');
  const from = harness.views.length;
  await lower(VISA, 'readerContactlessTransactionLimit', 100);
  await lower(VISA, 'readerCvmRequiredLimit', 100);
  await seen('presentCard', from);
  await reader.present(cardNamed('visa-plastic'), { holdMs: 200 });
  expect(await sale).toMatchObject({ status: 'approved', cvm: 'noCvm' });
});

it("the shop's words stand on the display of the next payment", async () => {
  harness = await startHarness();
  expect((await harness.seen('welcome')).headline).toBe('Welcome');
  const said = (screen: string, headline: string) => ({
    ...{ language: 'en', screen },
    words: { headline, detail: 'at the bakery' },
  });
  const texts = [said('presentCard', 'Tap here'), said('approved', 'Enjoy your bread')];
  taken(await harness.shop.change({ texts }, ann));
  await pay('visa-phone', 500);
  const shown = harness.views.map(({ screen, headline, detail }) => [screen, headline, detail]);
  expect(shown).toContainEqual(['presentCard', 'Tap here', 'at the bakery']);
  expect(shown).toContainEqual(['approved', 'Enjoy your bread', 'at the bakery']);
  const back = texts.map(({ language, screen }) => ({ language, screen, words: null }));
  taken(await harness.shop.change({ texts: back }, ann));
  const from = harness.views.length;
  await pay('visa-phone', 500);
  const later = harness.views.slice(from).map(({ headline }) => headline);
  expect(later).toContain('Approved');
  expect(later).not.toContain('Tap here');
});

describe('new words are shown', () => {
  const say = async (screen: string, headline: string) => {
    const words = { headline, detail: 'Rolls are fresh' };
    taken(await harness.shop.change({ texts: [{ language: 'en', screen, words }] }, ann));
  };
  const shown = () => harness.views.at(-1);

  it('at once where nobody pays', async () => {
    harness = await startHarness();
    await harness.seen('welcome');
    await say('welcome', 'Good morning');
    expect(shown()).toMatchObject({
      ...{ screen: 'welcome', headline: 'Good morning', detail: 'Rolls are fresh' },
      lights: 'idle',
    });
  });

  it('to who is paying, with their amount, and the payment goes on', async () => {
    harness = await startHarness();
    const sale = harness.terminal.sale({ amountMinor: 500, currency: 840 }, never);
    const { amount, sequence } = await harness.seen('presentCard');
    await say('presentCard', 'Tap here');
    expect(shown()).toMatchObject({ screen: 'presentCard', headline: 'Tap here', amount });
    expect(shown()?.sequence).toBeGreaterThan(sequence);
    harness.reader.place(cardNamed('visa-phone'));
    expect(await sale).toMatchObject({ status: 'approved' });
  });

  it('without the tone of what is shown', async () => {
    harness = await startHarness({ settings: { resultMs: 2000 } });
    const sale = harness.terminal.sale({ amountMinor: 500, currency: 840 }, never);
    await harness.seen('presentCard');
    harness.reader.place(cardNamed('visa-phone'));
    await sale;
    await harness.seen('approved');
    await say('approved', 'Enjoy your bread');
    expect(shown()).toMatchObject({ screen: 'approved', headline: 'Enjoy your bread' });
    expect(shown()).not.toHaveProperty('tone');
  });
});
