import { afterEach, describe, expect, it, test } from 'vitest';
import { scriptedWallet } from '#test/support/scripted-wallet.ts';
import {
  cardNamed,
  type Harness,
  type HarnessOptions,
  startHarness,
} from '#test/support/terminal-harness.ts';
import { startSale, type WalletCounter, walletCounter } from '#test/support/wallet-counter.ts';
import { surchargeOf } from '../../src/terminal/surcharge.ts';

const SALE = { amountMinor: 1250, currency: 840 };
const never = new AbortController().signal;
const AMEX = [
  { on: 'card', fixedMinor: 10 },
  { on: 'scheme:amex', percent: 2 },
];

let harness: Harness;
const start = async (options: HarnessOptions = {}) => {
  harness = await startHarness(options);
  return harness;
};
afterEach(() => harness?.close());

describe('a rule of surcharge', () => {
  const card = { by: 'card' } as const;
  test.each([
    ['by percent, halves up', [{ on: 'card', percent: 1.15 }], card, 10_000, 115],
    ['by a fixed sum beside it', [{ on: 'card', percent: 1, fixedMinor: 30 }], card, 1000, 40],
    ['no more than its most', [{ on: 'card', percent: 10, mostMinor: 50 }], card, 1000, 50],
    ['within its range', [{ on: 'card', fixedMinor: 5, toMinor: 999 }], card, 999, 5],
    ['not beyond it', [{ on: 'card', fixedMinor: 5, toMinor: 999 }], card, 1000, 0],
    ['of its scheme first', AMEX, { by: 'card', scheme: 'American Express' } as const, 1000, 20],
    ['of all cards else', AMEX, { by: 'card', scheme: 'Visa' } as const, 1000, 10],
    ['of another way is none', AMEX, { by: 'code', wallet: 'alipay' } as const, 1000, 0],
    [
      'of a wallet',
      [{ on: 'wallet:alipay', fixedMinor: 7 }],
      { by: 'code', wallet: 'alipay' } as const,
      1000,
      7,
    ],
  ] as const)('takes %s', (_, rules, way, basis, expected) => {
    expect(surchargeOf(rules, way, basis)).toBe(expected);
  });
});

describe('a surcharge for cards', () => {
  const settings = { surcharges: [{ on: 'card', percent: 2 }] };

  it('is shown before a card is asked for, and is a part of what is paid', async () => {
    const { terminal, reader, views, seen, books } = await start({ settings });
    const paying = terminal.sale({ ...SALE, tillId: 'S1' }, never);
    await seen('presentCard');
    expect(views.at(-1)).toMatchObject({
      ...{ screen: 'presentCard', amount: '$12.75' },
      detail: 'The amount includes a surcharge',
    });
    reader.place(cardNamed('visa-phone'));
    expect(await paying).toMatchObject({
      ...{ status: 'approved', amountMinor: 1275, surchargeMinor: 25 },
    });
    expect(harness.payments[0]?.record).toMatchObject({ amountMinor: 1275, surchargeMinor: 25 });
    expect(await books.findByTillId('S1')).toMatchObject({ askedMinor: 1250 });
  });

  it('does not make the same request another one when it is asked again', async () => {
    const { terminal, reader } = await start({ settings });
    reader.place(cardNamed('visa-phone'));
    const asked = { ...SALE, tillId: 'S2' };
    await terminal.sale(asked, never);
    expect(await terminal.sale(asked, never)).toMatchObject({
      ...{ status: 'approved', repeated: 'approved', amountMinor: 1275, surchargeMinor: 25 },
    });
    const other = await terminal.sale({ ...asked, amountMinor: 1275 }, never);
    expect(other.reason).toContain('another amount');
  });

  it('is not taken of a refund', async () => {
    const { terminal, reader } = await start({ settings });
    reader.place(cardNamed('visa-phone'));
    const result = await terminal.sale({ ...SALE, kind: 'refund' }, never);
    expect(result).toMatchObject({ status: 'approved', amountMinor: 1250 });
    expect(result).not.toHaveProperty('surchargeMinor');
  });
});

describe('a surcharge of one scheme', () => {
  const settings = { surcharges: [{ on: 'scheme:mc', percent: 2 }] };

  it('is shown before its card gives a cryptogram, and the card is asked for again', async () => {
    const { terminal, reader, seen, views } = await start({ settings });
    const commands: number[] = [];
    const card = cardNamed('mastercard-phone');
    const respond = (command: Uint8Array) => {
      commands.push(command[1] ?? 0);
      return card.respond(command);
    };
    const paying = terminal.sale(SALE, never);
    reader.place({ ...card, respond });
    const shown = await seen('tryAgain');
    expect(shown).toMatchObject({
      ...{ amount: '$12.75', detail: 'The amount includes a surcharge' },
    });
    expect(commands).not.toContain(0xae);
    const from = views.length;
    reader.remove();
    await seen('presentCard', from);
    reader.place(cardNamed('mastercard-phone'));
    expect(await paying).toMatchObject({
      status: 'approved',
      amountMinor: 1275,
      surchargeMinor: 25,
    });
  });

  it('changes nothing for a card of another scheme', async () => {
    const { terminal, reader } = await start({ settings });
    reader.place(cardNamed('visa-phone'));
    const result = await terminal.sale(SALE, never);
    expect(result).toMatchObject({ status: 'approved', amountMinor: 1250 });
  });

  it('is shown once: a card of a third price is refused then, and pays nothing', async () => {
    const { terminal, reader, seen, views } = await start({ settings });
    const paying = terminal.sale(SALE, never);
    reader.place(cardNamed('mastercard-phone'));
    await seen('tryAgain');
    const from = views.length;
    reader.remove();
    await seen('presentCard', from);
    reader.place(cardNamed('visa-phone'));
    await seen('anotherCard');
    expect(harness.payments).toEqual([]);
    terminal.cancel();
    expect(await paying).toMatchObject({ status: 'cancelled' });
  });
});

describe('a surcharge of a wallet', () => {
  it('is what its host is asked for', async () => {
    const wallet = scriptedWallet({ name: 'alipay' });
    const { terminal } = await start({
      settings: { surcharges: [{ on: 'wallet:alipay', fixedMinor: 15 }] },
      codes: { wallets: [wallet.host] },
    });
    const paying = terminal.sale({ ...SALE, wallet: 'alipay', code: '1' }, never);
    expect(await paying).toMatchObject({ amountMinor: 1265, surchargeMinor: 15 });
  });
});

describe('a surcharge of one of two wallets', () => {
  const open = () => {
    const alipay = scriptedWallet({ name: 'alipay' });
    const harbour = scriptedWallet({ name: 'harbour' });
    const settings = { surcharges: [{ on: 'wallet:alipay', fixedMinor: 15 }] };
    return walletCounter({ hosts: [alipay.host, harbour.host], settings });
  };
  const shows = (counter: WalletCounter, screen: string, amount: string) =>
    counter.until(() => {
      const view = counter.views.at(-1);
      return view?.screen === screen && view.amount === amount;
    });

  it('is shown with its code, and gone with another wallet: so the books have it', async () => {
    const counter = await open();
    const paying = startSale(counter, { tillId: 'W1' });
    await shows(counter, 'presentCard', '$12.50');
    counter.touch('wallet:alipay');
    await shows(counter, 'scanCode', '$12.65');
    counter.scan('harbour 2');
    expect(await counter.ends(paying)).toMatchObject({
      ...{ status: 'approved', amountMinor: 1250, wallet: { name: 'harbour' } },
    });
    expect(await counter.books.findByTillId('W1')).toMatchObject({
      ...{ amountMinor: 1250, surchargeMinor: 0, askedMinor: 1250 },
    });
  });

  it('is shown before a code that was scanned at another amount is paid with', async () => {
    const counter = await open();
    const paying = startSale(counter);
    await shows(counter, 'presentCard', '$12.50');
    counter.scan('alipay 1');
    await shows(counter, 'showYourCode', '$12.65');
    counter.scan('alipay 1');
    expect(await counter.ends(paying)).toMatchObject({
      ...{ status: 'approved', amountMinor: 1265, surchargeMinor: 15 },
    });
  });
});
