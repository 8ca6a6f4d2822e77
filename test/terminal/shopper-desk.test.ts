import { BehaviorSubject, firstValueFrom, NEVER, Subject } from 'rxjs';
import { filter } from 'rxjs/operators';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerGiven } from '#ports/customer-display.ts';
import type { ShopperQuestion } from '#ports/shopper-question.ts';
import { firstStatus, type Now, type Sale } from '#terminal/now.ts';
import { createShopperDesk } from '#terminal/shopper-desk.ts';
import type { SaleResult, TerminalEvent } from '#terminal/types.ts';
import { type Harness, startHarness } from '#test/support/terminal-harness.ts';
import { clock } from '../../src/cli/world.ts';

let counter: Harness;
let answers: Subject<AnswerGiven>;
let watchers: BehaviorSubject<number>;

beforeEach(async () => {
  answers = new Subject();
  watchers = new BehaviorSubject(1);
  counter = await startHarness({ answers$: answers, watchers$: watchers });
  await counter.seen('welcome');
});
afterEach(() => counter.close());

const QUESTION: ShopperQuestion = {
  title: 'Loyalty',
  text: 'Do you have our card?',
  ask: { kind: 'confirmation', yes: 'I do' },
  withinMs: 60_000,
};
const SECRET: ShopperQuestion = {
  ...{ title: '', text: 'Your number', withinMs: 60_000 },
  ask: {
    ...{ kind: 'digits', minLength: 1, maxLength: 9, decimals: 0 },
    ...{ initial: '', masked: true },
  },
};
const YES = { kind: 'confirmation', confirmed: true } as const;
const SALE = { amountMinor: 1250, currency: 840 };
const never = () => new AbortController().signal;

const idShown = async (from = 0) => (await counter.seen('question', from)).question?.id ?? '';
const lastScreen = () => counter.views.at(-1)?.screen;

describe('a question', () => {
  it('is shown with the words for its answers, and answered', async () => {
    const answer = counter.terminal.ask(QUESTION, never());
    const view = await counter.seen('question');
    expect([view.detail, view.headline]).toEqual(['Loyalty', 'Do you have our card?']);
    expect(view.question?.words).toMatchObject({ yes: 'I do', no: 'No', cancel: 'Cancel' });
    expect(view.timeLeft?.ofMs).toBe(60_000);
    expect([view.lights, view.amount]).toEqual(['off', undefined]);
    answers.next({ id: view.question?.id ?? '', answer: YES });
    expect(await answer).toEqual(YES);
    expect(lastScreen()).toBe('welcome');
  });

  it('that the shopper cancels is over', async () => {
    const answer = counter.terminal.ask(QUESTION, never());
    answers.next({ id: await idShown(), answer: { kind: 'cancelled' } });
    expect(await answer).toEqual({ kind: 'cancelled' });
  });

  it('that nobody answers in time is over, and the own picture is back', async () => {
    const answer = counter.terminal.ask({ ...QUESTION, withinMs: 30 }, never());
    expect(await answer).toEqual({ kind: 'timedOut' });
    expect(lastScreen()).toBe('welcome');
  });

  it('can be taken back', async () => {
    const till = new AbortController();
    const answer = counter.terminal.ask(QUESTION, till.signal);
    await counter.seen('question');
    till.abort();
    expect(await answer).toEqual({ kind: 'aborted' });
    expect(lastScreen()).toBe('welcome');
    expect(await counter.terminal.ask(QUESTION, till.signal)).toEqual({ kind: 'aborted' });
  });

  it('is refused while another is open, and leaves that one as it is', async () => {
    const first = counter.terminal.ask(QUESTION, never());
    const id = await idShown();
    expect(await counter.terminal.ask(SECRET, never())).toEqual({ kind: 'busy' });
    answers.next({ id, answer: YES });
    expect(await first).toEqual(YES);
  });

  it('is refused while a payment is taken', async () => {
    const till = new AbortController();
    const sale = counter.terminal.sale(SALE, till.signal);
    await counter.seen('presentCard');
    expect(await counter.terminal.ask(QUESTION, never())).toEqual({ kind: 'busy' });
    expect(counter.screens()).not.toContain('question');
    till.abort();
    await sale;
  });

  it('is refused when nobody would see it', async () => {
    watchers.next(0);
    expect(await counter.terminal.ask(QUESTION, never())).toEqual({ kind: 'noDisplay' });
    watchers.next(2);
    const answer = counter.terminal.ask(QUESTION, never());
    answers.next({ id: await idShown(), answer: YES });
    expect(await answer).toEqual(YES);
  });

  it('makes way for a payment, and is over', async () => {
    const answer = counter.terminal.ask(QUESTION, never());
    const id = await idShown();
    const from = counter.views.length;
    const till = new AbortController();
    const sale = counter.terminal.sale(SALE, till.signal);
    expect(await answer).toEqual({ kind: 'aborted' });
    answers.next({ id, answer: YES });
    expect(await counter.seen('presentCard', from)).toMatchObject({ amount: '$12.50' });
    till.abort();
    expect((await sale).status).toBe('cancelled');
  });

  it('ends with the terminal', async () => {
    const answer = counter.terminal.ask(QUESTION, never());
    await counter.seen('question');
    await counter.terminal.finish();
    expect(await answer).toEqual({ kind: 'aborted' });
    expect(await counter.terminal.ask(QUESTION, never())).toEqual({ kind: 'aborted' });
    const other = await startHarness({ answers$: answers });
    const left = other.terminal.ask(QUESTION, never());
    other.close();
    expect(await left).toEqual({ kind: 'aborted' });
    expect(await other.terminal.ask(QUESTION, never())).toEqual({ kind: 'noDisplay' });
  });

  it('can be changed while it is open: the answer to the old one is none to the new', async () => {
    expect(counter.terminal.askInstead(SECRET)).toBe(false);
    const answer = counter.terminal.ask(QUESTION, never());
    const before = await idShown();
    const from = counter.views.length;
    expect(counter.terminal.askInstead(SECRET)).toBe(true);
    const after = await idShown(from);
    answers.next({ id: before, answer: YES });
    answers.next({ id: after, answer: { kind: 'digits', typed: '4711' } });
    expect(await answer).toEqual({ kind: 'digits', typed: '4711' });
  });

  it('that was changed has its whole time again', async () => {
    const answer = counter.terminal.ask({ ...QUESTION, withinMs: 60 }, never());
    await counter.seen('question');
    const changedMs = performance.now();
    counter.terminal.askInstead({ ...QUESTION, withinMs: 150 });
    expect(await answer).toEqual({ kind: 'timedOut' });
    expect(performance.now() - changedMs).toBeGreaterThan(140);
  });

  it('leaves nothing of its answer in events and log', async () => {
    const events: TerminalEvent[] = [];
    const following = counter.events$.subscribe((event) => void events.push(event));
    const answer = counter.terminal.ask(SECRET, never());
    answers.next({ id: await idShown(), answer: { kind: 'digits', typed: '471147114' } });
    await answer;
    following.unsubscribe();
    expect(events.at(-1)).toEqual({ event: 'questionEnded', kind: 'digits', how: 'answered' });
    expect(JSON.stringify([events, counter.lines])).not.toContain('471147114');
    expect(JSON.stringify(counter.lines)).not.toContain('Your number');
  });
});

describe('a notice', () => {
  const NOTICE = { title: 'Your order', text: 'Two coffees' };

  it('is shown until it is taken away', async () => {
    expect(counter.terminal.tell(NOTICE)).toBe(true);
    const view = counter.views.at(-1);
    expect(view).toMatchObject({ screen: 'notice', headline: 'Your order', detail: 'Two coffees' });
    expect(counter.terminal.tell({ title: '', text: 'Bye' })).toBe(true);
    expect(counter.views.at(-1)).toMatchObject({ headline: 'Bye', detail: '' });
    expect(counter.terminal.tell(undefined)).toBe(true);
    expect(lastScreen()).toBe('welcome');
  });

  it('goes when a payment begins, and none is taken while there is one', async () => {
    counter.terminal.tell(NOTICE);
    const till = new AbortController();
    const sale = counter.terminal.sale(SALE, till.signal);
    await counter.seen('presentCard');
    expect(counter.terminal.tell(NOTICE)).toBe(false);
    expect(lastScreen()).toBe('presentCard');
    till.abort();
    await sale;
    expect(counter.terminal.tell(NOTICE)).toBe(true);
    await firstValueFrom(counter.events$.pipe(filter(({ event }) => event === 'idle')));
    // Not the terminal's own end of a result takes it away.
    expect(lastScreen()).toBe('notice');
  });

  it('goes when something is asked', async () => {
    counter.terminal.tell(NOTICE);
    const answer = counter.terminal.ask({ ...QUESTION, withinMs: 20 }, never());
    await answer;
    expect(lastScreen()).toBe('welcome');
  });

  it('is for nobody when the terminal is not running', () => {
    counter.close();
    expect(counter.terminal.tell(NOTICE)).toBe(false);
  });
});

describe('a question of the payment itself', () => {
  const sale = (): Sale => ({
    ...{ request: SALE, transactionId: '01', cancel: new AbortController() },
    ...{ resolve: () => {}, onEvent: () => {}, ended: Promise.withResolvers<SaleResult>().promise },
  });
  const deskOf = (show: (event: TerminalEvent) => void = () => {}) => {
    const now: Now = {
      ...{ running: true, closing: false, current: sale(), ended: 0, servedCardMs: -1 },
      ...{ status: { ...firstStatus, displays: 1 }, oldestToForwardMs: undefined },
    };
    const display = {
      ...{ show: () => {}, choices$: NEVER, answers$: answers, watchers$: watchers },
      close: async () => {},
    };
    const desk = createShopperDesk({ display, clock }, now);
    const outside: TerminalEvent[] = [];
    const told: TerminalEvent[] = [];
    desk.work$.subscribe((event) => void outside.push(event));
    const emit = (event: TerminalEvent) => {
      told.push(event);
      show(event);
    };
    return { desk, now, outside, told, emit };
  };

  it("is asked by the payment's own events, and the till can't change it", async () => {
    const { desk, outside, told, emit } = deskOf();
    const answer = desk.askDuringPayment(QUESTION, never(), emit);
    expect(told[0]).toMatchObject({ event: 'question', inPayment: true, question: QUESTION });
    expect(desk.askInstead(SECRET)).toBe(false);
    expect(await desk.askDuringPayment(SECRET, never(), emit)).toEqual({ kind: 'busy' });
    answers.next({ id: 'question-1', answer: YES });
    expect(await answer).toEqual(YES);
    expect(told[1]).toEqual({ event: 'questionEnded', kind: 'confirmation', how: 'answered' });
    expect(outside).toEqual([]);
  });

  it('is answered by whoever is as fast as the display itself', async () => {
    const { desk, emit } = deskOf((event) => {
      if (event.event === 'question') answers.next({ id: event.id, answer: YES });
    });
    expect(await desk.askDuringPayment(QUESTION, never(), emit)).toEqual(YES);
  });

  it('is taken back with the payment, and not asked where nobody looks', async () => {
    const { desk, now, emit } = deskOf();
    const cancel = new AbortController();
    const answer = desk.askDuringPayment(QUESTION, cancel.signal, emit);
    cancel.abort();
    expect(await answer).toEqual({ kind: 'aborted' });
    now.status = firstStatus;
    expect(await desk.askDuringPayment(QUESTION, never(), emit)).toEqual({ kind: 'noDisplay' });
  });
});
