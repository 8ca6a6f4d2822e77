import { afterEach, describe, expect, it, vi } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { fault } from '#ports/fault.ts';
import {
  approved,
  cardNamed,
  cardThat,
  type Harness,
  type HarnessOptions,
  linkIsDown,
  startHarness,
  unanswered,
} from '#test/support/terminal-harness.ts';
import { responseCode } from '#uplink/index.ts';

const twelveFifty = { amountMinor: 1250, currency: 840 };
const never = new AbortController().signal;
/** Long enough for any tap here. */
const BRIEFLY = { holdMs: 200 };

const muteCard = { ...cardNamed('visa-phone'), respond: () => 'mute' as const };

let harness: Harness;
const start = async (options: HarnessOptions = {}) => {
  harness = await startHarness(options);
  return harness;
};
afterEach(() => harness.close());

describe('a sale', () => {
  it('leads the shopper from welcome over amount and approved back to welcome', async () => {
    const { terminal, reader, seen, screens, views } = await start();
    const sale = terminal.sale(twelveFifty, never);
    await vi.waitUntil(() => views.at(-1)?.lights === 'ready');
    expect(views.at(-1)).toMatchObject({ screen: 'presentCard', amount: '$12.50' });
    await reader.present(cardNamed('visa-phone'), BRIEFLY);
    const result = await sale;
    expect(result).toMatchObject({
      status: 'approved',
      scheme: 'Visa',
      cvm: 'confirmationCodeVerified',
      responseCode: '00',
      authorisationCode: '123456',
    });
    await seen('welcome', harness.views.length - 1);
    expect(screens()).toEqual(
      [
        'notReady',
        'welcome',
        'presentCard',
        'reading',
        'removeCard',
        'authorising',
        'approved',
        'welcome',
      ].slice(screens()[0] === 'welcome' ? 1 : 0),
    );
  });

  it('lights all four and sounds the success tone once, when the card has been read', async () => {
    const { terminal, reader, seen, views } = await start();
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(cardNamed('mastercard-phone'), BRIEFLY);
    await sale;
    const tones = views.filter(({ tone }) => tone !== undefined);
    expect(tones.map(({ screen, tone, lights }) => [screen, tone, lights])).toEqual([
      ['removeCard', 'success', 'success'],
    ]);
  });

  it('gives the host the cryptogram with what went into it', async () => {
    const { terminal, reader, seen, payments } = await start();
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(cardNamed('visa-phone'), BRIEFLY);
    await sale;
    const [payment] = payments;
    expect(payment?.record).toMatchObject({ amountMinor: 1250, currency: 840, kind: 'purchase' });
    expect(payment?.tap).toMatchObject({ kernel: 'K3', cryptogram: true });
    const tags = [...(payment?.tap?.data.keys() ?? [])].map((tag) => tag.toString(16));
    expect(tags).toEqual(
      expect.arrayContaining(['9f26', '9f10', '9f36', '9f37', '9f02', '5f2a', '9a', '9c', '95']),
    );
  });

  it("shows Declined and the host's reason when the host declines", async () => {
    const answer = {
      ...approved,
      approved: false,
      row: responseCode('51'),
    };
    const { terminal, reader, seen } = await start({ authorise: async () => answer });
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(cardNamed('visa-plastic'), BRIEFLY);
    expect(await sale).toMatchObject({
      status: 'declined',
      reason: 'insufficient funds',
      responseCode: '51',
    });
    await seen('declined');
  });

  it('declines when the host cannot be reached', async () => {
    const { terminal, reader, seen } = await start({ authorise: async () => linkIsDown });
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(cardNamed('visa-phone'), BRIEFLY);
    const result = await sale;
    expect(result.status).toBe('declined');
    expect(result.reason).toContain('no connection to the host');
  });

  it('without an answer of the host is not called uncharged while a reversal is open', async () => {
    const { terminal, reader, seen } = await start({
      authorise: async () => unanswered(fault('timeout', 'no answer in time'), true),
    });
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(cardNamed('visa-phone'), BRIEFLY);
    expect((await sale).reason).toContain('is being reversed');
    await seen('notCompleted');
  });

  it('is cancelled by its own id alone, and not taken while the terminal ends', async () => {
    const { terminal, seen } = await start();
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    expect(terminal.cancel('another')).toBe(false);
    await terminal.finish();
    expect(await sale).toMatchObject({ status: 'cancelled' });
    expect(await terminal.sale(twelveFifty, never)).toMatchObject({ status: 'error' });
  });

  it('is told that the terminal is busy while another one runs', async () => {
    const { terminal, seen } = await start();
    const first = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    expect(await terminal.sale(twelveFifty, never)).toMatchObject({ status: 'busy' });
    expect(terminal.cancel()).toBe(true);
    expect(await first).toMatchObject({ status: 'cancelled' });
  });

  it('ends as cancelled while waiting for a card, and the next one works', async () => {
    const { terminal, reader, seen, views } = await start();
    const hangUp = new AbortController();
    const sale = terminal.sale(twelveFifty, hangUp.signal);
    await seen('presentCard');
    hangUp.abort();
    expect(await sale).toMatchObject({ status: 'cancelled' });
    await seen('cancelled');
    const next = terminal.sale(twelveFifty, never);
    await seen('presentCard', views.length - 1);
    await reader.present(cardNamed('visa-phone'), BRIEFLY);
    expect(await next).toMatchObject({ status: 'approved' });
  });

  it('passes a cancel on to the uplink while the host is asked', async () => {
    const { terminal, reader, seen, signals } = await start({
      authorise: (_, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () =>
            resolve(unanswered(fault('aborted', 'cancelled'))),
          );
        }),
    });
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    void reader.present(cardNamed('visa-phone'), BRIEFLY);
    await vi.waitUntil(() => signals.length > 0);
    terminal.cancel();
    expect(await sale).toMatchObject({ status: 'cancelled' });
    expect(signals[0]?.aborted).toBe(true);
  });

  it('times out when nobody presents a card', async () => {
    const { terminal, seen } = await start({ settings: { cardTimeoutMs: 80 } });
    expect(await terminal.sale(twelveFifty, never)).toMatchObject({ status: 'timedOut' });
    await seen('timedOut');
  });

  it('survives a bug: the sale ends as an error and the next one works', async () => {
    let broken = true;
    const { terminal, reader, seen, views, lines } = await start({
      authorise: async () => {
        if (!broken) return approved;
        broken = false;
        throw new Error('a bug');
      },
    });
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(cardNamed('visa-phone'), BRIEFLY);
    expect(await sale).toMatchObject({ status: 'error' });
    expect(lines.some(({ level }) => level === 'error')).toBe(true);
    const next = terminal.sale(twelveFifty, never);
    await seen('presentCard', views.length - 1);
    await reader.present(cardNamed('visa-phone'), BRIEFLY);
    expect(await next).toMatchObject({ status: 'approved' });
  });
});

describe('a card that has its own mind', () => {
  it('a phone that answers 6986 shows See Phone, keeps the amount, then pays', async () => {
    const { terminal, reader, seen } = await start();
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(cardThat('visa-phone', 3, hex('6986')), { holdMs: 100 });
    const view = await seen('seePhone');
    expect(view.amount).toBe('$12.50');
    await reader.present(cardNamed('visa-phone'));
    expect(await sale).toMatchObject({ status: 'approved' });
  });

  for (const [name, commands] of [
    ['visa-phone', 4],
    ['mastercard-phone', 6],
  ] as const) {
    it(`${name} torn away at any command is asked for again and pays at the next tap`, async () => {
      const torn = Array.from({ length: commands }, (_, i) => i + 1);
      await Promise.all(
        torn.map(async (tearAfter) => {
          const one = await startHarness();
          const sale = one.terminal.sale(twelveFifty, never);
          await one.seen('presentCard');
          await one.reader.present(cardNamed(name), { tearAfter });
          await one.reader.present(cardNamed(name));
          expect(await sale, `torn at ${tearAfter}`).toMatchObject({ status: 'approved' });
          one.close();
        }),
      );
      await start();
    });
  }

  it('mute, it meets the deadline, and the terminal takes the next one', async () => {
    const { terminal, reader, seen, lines } = await start();
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(muteCard, { holdMs: 150 });
    await reader.present(cardNamed('visa-phone'));
    expect(await sale).toMatchObject({ status: 'approved' });
    const faults = lines.filter(({ fields }) => fields['fault'] === 'timeout');
    expect(faults.length).toBeGreaterThan(0);
  });

  it('without a payment application, it asks for another, a limited number of times', async () => {
    const { terminal, reader, seen, screens } = await start();
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(cardThat('visa-phone', 1, hex('6A82')), { holdMs: 50 });
    await seen('anotherCard');
    await seen('presentCard', harness.views.length - 1);
    await reader.present(cardThat('visa-phone', 1, hex('6A82')), { holdMs: 50 });
    expect(await sale).toMatchObject({ status: 'declined', outcome: 'endApplication' });
    expect(screens()).toContain('anotherCard');
  });

  it('left on the reader after it paid, it does not pay the next sale by lying there', async () => {
    const { terminal, reader, seen, views, payments } = await start();
    const card = cardNamed('visa-phone');
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    reader.place(card);
    await sale;
    const shown = views.length;
    const next = terminal.sale(twelveFifty, never);
    expect((await seen('takeCardAway', shown)).lights).toBe('off');
    expect(payments).toHaveLength(1);
    reader.remove();
    await vi.waitUntil(() => views.at(-1)?.lights === 'ready');
    reader.place(card);
    expect(await next).toMatchObject({ status: 'approved' });
    expect(payments).toHaveLength(2);
  });

  it('damaged in its records, it ends with a reason that names element and offset', async () => {
    const { terminal, reader, seen, lines } = await start({ settings: { attempts: 1 } });
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    // 77 of 10 bytes whose 57 claims to be 16 bytes long.
    await reader.present(cardThat('visa-phone', 3, hex('770A 8202 0020 5710 1234 9000')), {
      holdMs: 50,
    });
    expect(await sale).toMatchObject({ status: 'declined', outcome: 'endApplication' });
    const outcome = lines.find(({ message }) => message === 'outcome');
    expect(outcome?.fields['why']).toEqual(
      expect.arrayContaining([expect.objectContaining({ element: '77', offset: 0 })]),
    );
  });
});

describe('the log', () => {
  it('has a line a step with the transaction id, the tap split, no account number', async () => {
    const { terminal, reader, seen, lines } = await start();
    const sale = terminal.sale(twelveFifty, never);
    await seen('presentCard');
    await reader.present(cardNamed('visa-plastic'), BRIEFLY);
    const result = await sale;
    const steps = lines.filter(({ level, fields }) => level === 'info' && fields['transactionId']);
    expect(steps.map(({ message }) => message)).toEqual([
      'sale started',
      'card read',
      'outcome',
      'asking the host',
      'sale ended',
    ]);
    expect(new Set(steps.map(({ fields }) => fields['transactionId']))).toEqual(
      new Set([result.transactionId]),
    );
    const { totalMs, cardMs, ownMs, commands } = result.tap ?? {
      totalMs: 0,
      cardMs: 1,
      ownMs: 0,
      commands: [],
    };
    expect(cardMs + ownMs).toBeCloseTo(totalMs, 1);
    expect(commands.map(({ command }) => command)).toEqual([
      'power up',
      'SELECT PPSE',
      'SELECT (AID)',
      'GET PROCESSING OPTIONS',
    ]);
    // Each begins when the one before it is over.
    const ends = commands.map(({ startMs, ms }) => startMs + ms);
    expect(commands.slice(1).every(({ startMs }, at) => startMs >= (ends[at] ?? 0) - 0.01)).toBe(
      true,
    );
    expect(ends.at(-1)).toBeLessThanOrEqual(totalMs + 0.01);
    const everything = JSON.stringify(lines);
    const card = result.maskedPan ?? '';
    expect(card).toMatch(/^[0-9]{6}\*+[0-9]{4}$/);
    expect(everything).not.toMatch(new RegExp(`${card.slice(0, 6)}[0-9]{6}`));
  });
});
