import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Totals } from '#drivers/simulated/acquirer/entries.ts';
import { addTotals, netMinor, noTotals } from '#drivers/simulated/acquirer/totals.ts';
import { type Message, text } from '#iso8583/index.ts';
import {
  again,
  completing,
  type Desk,
  openDesk,
  paying,
  reconciling,
  replacement,
  reversing,
  START_MS,
  TERMINAL,
} from './messages.ts';

// A shop's day: anything may be sent, sent again, taken back and completed, in any order, and a
// message may come long after those that speak of it, or never.
const step = fc.oneof(
  fc.record({
    do: fc.constant('pay' as const),
    amount: fc.constantFrom(100, 1250, 6610, 6651),
    how: fc.constantFrom('0100', '0200', '0220', 'refund', 'hold', 'hold'),
    late: fc.boolean(),
  }),
  fc.record({ do: fc.constant('again' as const), which: fc.nat(5) }),
  fc.record({ do: fc.constant('late' as const), which: fc.nat(3) }),
  fc.record({ do: fc.constant('reverse' as const), which: fc.nat(3), left: fc.nat(3) }),
  fc.record({ do: fc.constant('complete' as const), which: fc.nat(3), percent: fc.nat(120) }),
  fc.record({ do: fc.constant('reconcile' as const) }),
  fc.record({ do: fc.constant('restart' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What the terminal knows of a payment from the answers alone. */
interface Known {
  /** Approved less reversed; undefined: not approved, as far as anyone said. */
  standing: number | undefined;
  /** A reversal was acknowledged with nothing left, or as of a payment that isn't there. */
  gone: boolean;
  completed: boolean;
}

/** A terminal that believes its host, and fails when one answer contradicts another. */
class Believer {
  desk: Desk = openDesk();
  periods: Totals = noTotals;
  readonly payments: Message[] = [];
  readonly known = new Map<Message, Known>();
  private readonly answers = new Map<Message, Message>();
  private readonly about = new Map<Message, Message>();

  async send(message: Message, about?: Message): Promise<void> {
    if (about !== undefined) this.about.set(message, about);
    const first = this.answers.get(message);
    const answer = await this.desk.ask(first === undefined ? message : again(message));
    // Asked again, the host says what it said.
    if (first !== undefined) return expect(answer).toEqual(first) as never;
    this.answers.set(message, answer);
    expect(await this.desk.ask(message)).toEqual(answer);
    if (message.mti === '0400') this.reversed(message, answer);
    else if (message.mti !== '0500') this.paid(message, answer);
  }

  again(which: number): Promise<void> | undefined {
    const sent = [...this.answers.keys()];
    const message = sent[which % Math.max(1, sent.length)];
    return message && this.send(message);
  }

  of(message: Message): Known {
    const known = this.known.get(message) ?? { standing: undefined, gone: false, completed: false };
    this.known.set(message, known);
    return known;
  }

  private paid(message: Message, answer: Message): void {
    const code = text(answer, 39) ?? '';
    const known = this.of(message);
    if (known.gone) expect(code).toBe('79');
    if (!['00', '10'].includes(code)) return;
    known.standing = Number(text(answer, 4));
    const hold = this.about.get(message);
    if (hold === undefined) return;
    const held = this.of(hold);
    expect(held).toMatchObject({ gone: false, completed: false });
    expect(known.standing * 100).toBeLessThanOrEqual((held.standing ?? 0) * 115);
    held.completed = true;
  }

  private reversed(message: Message, answer: Message): void {
    const original = this.about.get(message);
    const code = text(answer, 39);
    if (original === undefined || (code !== '00' && code !== '25')) return;
    const known = this.of(original);
    const left = code === '25' ? 0 : Number((text(message, 95) ?? '0').slice(0, 12));
    if (code === '00') expect(known).toMatchObject({ gone: false, completed: false });
    if (known.standing !== undefined) expect(left).toBeLessThanOrEqual(known.standing);
    known.gone ||= left === 0 || known.standing === undefined;
    known.standing = known.standing === undefined ? undefined : left;
  }
}

const MTI: Readonly<Record<string, string>> = { refund: '0200', hold: '0100' };

const play = async (steps: readonly Step[]): Promise<Believer> => {
  const shop = new Believer();
  const payment = (which: number) => shop.payments[which % Math.max(1, shop.payments.length)];
  for (const it of steps) {
    if (it.do === 'pay') {
      const { amount, how } = it;
      const made = paying(amount, {
        mti: MTI[how] ?? how,
        processing: how === 'refund' ? '20' : '00',
        condition: how === 'hold' ? '06' : '00',
      });
      shop.payments.push(made);
      if (!it.late) await shop.send(made);
    } else if (it.do === 'again') await shop.again(it.which);
    else if (it.do === 'restart') shop.desk = shop.desk.restarted();
    else if (it.do === 'reconcile') {
      shop.periods = addTotals(shop.periods, shop.desk.ledger.totals(TERMINAL));
      await shop.send(reconciling([0, 0]));
    } else {
      const about = payment(it.which);
      if (about === undefined) continue;
      if (it.do === 'late') await shop.send(about);
      else if (it.do === 'reverse') {
        await shop.send(reversing(about, it.left === 0 ? [] : [replacement(it.left * 40)]), about);
      } else {
        const amount = Math.ceil((Number(text(about, 4)) * it.percent) / 100);
        const made = completing(about, amount);
        shop.payments.push(made);
        await shop.send(made, about);
      }
    }
  }
  return shop;
};

const day = fc.array(step, { maxLength: 25 });
const runs = { numRuns: 400 };

test('whatever is sent and taken back, host and terminal agree on each payment', async () => {
  await fc.assert(
    fc.asyncProperty(day, async (steps) => {
      const shop = await play(steps);
      const { ledger } = shop.desk;
      const positions = ledger.positions(START_MS);
      expect(new Set(positions.map(({ stan }) => stan)).size).toBe(positions.length);
      const byStan = new Map(positions.map((position) => [position.stan, position]));
      for (const [message, { standing, gone, completed }] of shop.known) {
        const position = byStan.get(text(message, 11) ?? '');
        expect(position?.standingMinor ?? 0).toBe(completed ? 0 : (standing ?? 0));
        if (completed) expect(position?.state).toBe('completed');
        else if (standing !== undefined) expect(position?.state === 'reversed').toBe(gone);
        else expect(position?.state ?? 'declined').toBe('declined');
      }
    }),
    runs,
  );
});

test('the totals of all periods are the sum of all positions', async () => {
  await fc.assert(
    fc.asyncProperty(day, async (steps) => {
      const { desk, periods } = await play(steps);
      const all = addTotals(periods, desk.ledger.totals(TERMINAL));
      const counted = desk.ledger
        .positions(START_MS, TERMINAL)
        .filter(({ kind, state }) => kind !== 'preAuthorisation' && state === 'booked');
      const debits = counted.filter(({ kind }) => kind !== 'refund');
      const credits = counted.filter(({ kind }) => kind === 'refund');
      const sum = (of: typeof counted) => of.reduce((net, it) => net + it.standingMinor, 0);
      expect(all.debits.amountMinor - all.debitReversals.amountMinor).toBe(sum(debits));
      expect(all.credits.amountMinor - all.creditReversals.amountMinor).toBe(sum(credits));
      expect(netMinor(all)).toBe(sum(debits) - sum(credits));
      expect(all.debits.count - all.debitReversals.count).toBe(debits.length);
      expect(all.credits.count - all.creditReversals.count).toBe(credits.length);
    }),
    runs,
  );
});

test('a host that starts again has the same books', async () => {
  await fc.assert(
    fc.asyncProperty(day, async (steps) => {
      const { desk } = await play(steps);
      const { ledger } = desk.restarted();
      expect(ledger.positions(START_MS)).toEqual(desk.ledger.positions(START_MS));
      expect(ledger.totals(TERMINAL)).toEqual(desk.ledger.totals(TERMINAL));
      expect(ledger.counts()).toEqual(desk.ledger.counts());
    }),
    { numRuns: 100 },
  );
});
