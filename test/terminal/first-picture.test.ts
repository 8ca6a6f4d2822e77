import { BehaviorSubject, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Cue } from '#ports/card-reader.ts';
import type { AnswerGiven } from '#ports/customer-display.ts';
import type { DisplayAnswer } from '#ports/shopper-question.ts';
import { scriptedWallet } from '#test/support/scripted-wallet.ts';
import {
  cardNamed,
  type Harness,
  type HarnessOptions,
  startHarness,
} from '#test/support/terminal-harness.ts';
import { startSale, walletCounter } from '#test/support/wallet-counter.ts';
import { cueOf } from '../../src/cli/opening/reader-cues.ts';

const SALE = { amountMinor: 1250, currency: 840 };
const TIPPED = { ...SALE, askTip: true };
const never = new AbortController().signal;
const pick = (entry: number): DisplayAnswer => ({ kind: 'menu', chosen: [entry] });
const NO_TIP = pick(3);
const OTHER = pick(4);

let counter: Harness;
let answers: Subject<AnswerGiven>;
let watchers: BehaviorSubject<number>;
/** Where the views of the sale begin. */
let from: number;

const open = async (settings: HarnessOptions['settings'] = {}) => {
  counter = await startHarness({ answers$: answers, watchers$: watchers, settings });
  await counter.seen('welcome');
  from = counter.views.length;
};
beforeEach(() => {
  answers = new Subject();
  watchers = new BehaviorSubject(1);
});
afterEach(() => counter?.close());

const ofSale = () => counter.views.slice(from);
/** Answers the question that is shown, or the next one. */
const answer = async (given: DisplayAnswer, after = from) => {
  const { question } = await counter.seen('question', after);
  const shown = counter.views.length;
  answers.next({ id: question?.id ?? '', answer: given });
  return shown;
};
const ask = (signal = never) => counter.terminal.sale(TIPPED, signal);

/** Pictures in order, each with what a sale is about. */
const pictures = () => ofSale().map(({ screen, amount }) => `${screen} ${amount}`);
/** What the reader's own lights and buzzer are told. */
const cues = (): (Cue | undefined)[] => ofSale().map(cueOf);

/** All pictures of the sale, once a card has paid it. */
const paidBy = async (paying: Promise<unknown>) => {
  await counter.seen('presentCard');
  const before = pictures();
  counter.reader.place(cardNamed('visa-phone'));
  await paying;
  return before;
};

describe('a sale whose shopper is asked for a tip', () => {
  it('shows the question first, and no card is invited beside it', async () => {
    await open();
    const paying = ask();
    await counter.seen('question');
    expect(pictures()).toEqual(['question $12.50']);
    expect(cues()).toEqual([undefined]);
    await answer(pick(1));
    expect(await paidBy(paying)).toEqual(['question $12.50', 'presentCard $14.75']);
    expect(await paying).toMatchObject({ status: 'approved', amountMinor: 1475, tipMinor: 225 });
  });

  it('asks for a card at once when there is no tip', async () => {
    await open();
    const paying = ask();
    await answer(NO_TIP);
    expect(await paidBy(paying)).toEqual(['question $12.50', 'presentCard $12.50']);
    expect(await paying).toMatchObject({ status: 'approved', amountMinor: 1250 });
  });

  it('goes from the one question to the other, and no card is invited between', async () => {
    await open();
    const paying = ask();
    await answer({ kind: 'digits', typed: '2' }, await answer(OTHER));
    expect(await paidBy(paying)).toEqual([
      'question $12.50',
      'question $12.50',
      'presentCard $14.50',
    ]);
  });

  it.each(['to the first question', 'to the second'])('ends with a "cancel" %s', async (which) => {
    await open();
    const paying = ask();
    await answer({ kind: 'cancelled' }, which === 'to the second' ? await answer(OTHER) : from);
    expect(await paying).toMatchObject({ status: 'cancelled' });
    expect(counter.screens().slice(-3)).toEqual(['welcome', 'question', 'cancelled']);
    expect(cues()).not.toContain('ready');
  });

  it('ends with a till that aborts while it is asked', async () => {
    await open();
    const till = new AbortController();
    const paying = ask(till.signal);
    await counter.seen('question');
    till.abort();
    expect(await paying).toMatchObject({ status: 'cancelled' });
    expect(pictures()).toEqual(['question $12.50', 'cancelled $12.50']);
    expect(cues()).not.toContain('ready');
  });

  it('asks for a card when the time for the question is over', async () => {
    await open({ cardTimeoutMs: 30 });
    const paying = ask();
    await paying;
    expect(pictures().slice(0, 2)).toEqual(['question $12.50', 'presentCard $12.50']);
    expect(cues()[0]).toBeUndefined();
  });

  it('asks for a card at once where nobody would see the question', async () => {
    watchers.next(0);
    await open();
    expect(await paidBy(ask())).toEqual(['presentCard $12.50']);
  });

  it('adds the surcharge to the tip before the card is asked for', async () => {
    await open({ surcharges: [{ on: 'card', fixedMinor: 10 }] });
    const paying = ask();
    await answer(pick(1));
    expect(await paidBy(paying)).toEqual(['question $12.50', 'presentCard $14.85']);
  });
});

describe('a sale', () => {
  it('with a surcharge for cards never shows the amount without it', async () => {
    await open({ surcharges: [{ on: 'card', percent: 2 }] });
    expect(await paidBy(counter.terminal.sale(SALE, never))).toEqual(['presentCard $12.75']);
  });

  it('asks for a card in its first picture, and the reader says so', async () => {
    await open();
    expect(await paidBy(counter.terminal.sale(SALE, never))).toEqual(['presentCard $12.50']);
    expect(cues()[0]).toBe('ready');
  });

  it('that a wallet pays invites no card first', async () => {
    const wallet = scriptedWallet({ name: 'alipay' });
    const shop = await walletCounter({ hosts: [wallet.host] });
    const before = shop.views.length;
    await shop.ends(startSale(shop, { wallet: 'alipay', code: '1' }));
    expect(shop.views.slice(before).map(({ screen }) => screen)).toEqual([
      'authorising',
      'approved',
    ]);
  });
});
