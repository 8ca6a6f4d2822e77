import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOf } from '#drivers/simulated/acquirer/entries.ts';
import { netMinor } from '#drivers/simulated/acquirer/totals.ts';
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
// message may come long after those that speak of it.
const step = fc.oneof(
  fc.record({
    do: fc.constant('pay' as const),
    amount: fc.constantFrom(100, 1250, 9999, 6610, 6651),
    mti: fc.constantFrom('0100', '0200', '0220'),
    processing: fc.constantFrom('00', '20'),
    held: fc.boolean(),
    /** Its answer, or the message itself, gets lost: the host sees it later, or never. */
    late: fc.boolean(),
  }),
  fc.record({ do: fc.constantFrom('again' as const, 'late' as const), which: fc.nat(20) }),
  fc.record({ do: fc.constant('reverse' as const), which: fc.nat(20), left: fc.nat(3) }),
  fc.record({ do: fc.constant('complete' as const), which: fc.nat(20), percent: fc.nat(120) }),
  fc.record({ do: fc.constant('reconcile' as const) }),
  fc.record({ do: fc.constant('restart' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Plays the day; what was reconciled away counts too. */
const play = async (steps: readonly Step[]) => {
  let desk: Desk = openDesk();
  const payments: Message[] = [];
  const sent: Message[] = [];
  const answers = new Map<Message, Message>();
  let reconciledMinor = 0;
  const at = (list: readonly Message[], which: number) => list[which % Math.max(1, list.length)];
  const send = async (message: Message | undefined) => {
    if (message === undefined) return;
    const answer = await desk.ask(message);
    const first = answers.get(message) ?? answer;
    if (answers.has(message) || !sent.includes(message)) sent.push(message);
    answers.set(message, first);
    // Asked again, the host says what it said.
    expect(answer).toEqual(first);
    expect(await desk.ask(again(message))).toEqual(first);
  };
  for (const it of steps) {
    if (it.do === 'pay') {
      const held = it.held && it.mti === '0100' && it.processing === '00';
      const { mti, processing } = it;
      payments.push(paying(it.amount, { mti, processing, condition: held ? '06' : '00' }));
      if (!it.late) await send(payments.at(-1));
    } else if (it.do === 'again') await send(at(sent, it.which));
    else if (it.do === 'late') await send(at(payments, it.which));
    else if (it.do === 'reverse') {
      const original = at(payments, it.which);
      const left = it.left === 0 ? [] : [replacement(it.left * 40)];
      if (original !== undefined) await send(reversing(original, left));
    } else if (it.do === 'complete') {
      const hold = at(payments, it.which);
      if (hold !== undefined) {
        payments.push(completing(hold, Math.ceil((Number(text(hold, 4)) * it.percent) / 100)));
        await send(payments.at(-1));
      }
    } else if (it.do === 'reconcile') {
      reconciledMinor += netMinor(desk.ledger.totals(TERMINAL));
      await send(reconciling([0, 0]));
    } else desk = desk.restarted();
  }
  return { desk, payments, reconciledMinor };
};

const day = fc.array(step, { maxLength: 25 });
const runs = { numRuns: 300 };

test('whatever is sent again and taken back, each payment is booked at most once', async () => {
  await fc.assert(
    fc.asyncProperty(day, async (steps) => {
      const { desk, payments } = await play(steps);
      const lines = desk.ledger.entries().filter(({ type }) => !/^re/.test(type));
      const keys = lines.map((line) => keyOf(line.terminal, line.stan, line.transmitted));
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.length).toBeLessThanOrEqual(payments.length);
      for (const position of desk.ledger.positions(START_MS)) {
        expect(position.standingMinor).toBeGreaterThanOrEqual(0);
        expect(position.approvedMinor).toBeLessThanOrEqual(position.amountMinor);
        const { approvedMinor, reversedMinor, state, standingMinor } = position;
        if (state !== 'completed') expect(standingMinor).toBe(approvedMinor - reversedMinor);
      }
    }),
    runs,
  );
});

test('the totals of all periods are the sum of all positions', async () => {
  await fc.assert(
    fc.asyncProperty(day, async (steps) => {
      const { desk, reconciledMinor } = await play(steps);
      const positions = desk.ledger.positions(START_MS, TERMINAL);
      const sum = positions
        .filter(({ kind }) => kind !== 'preAuthorisation')
        .reduce((net, { kind, standingMinor }) => {
          return net + (kind === 'refund' ? -standingMinor : standingMinor);
        }, 0);
      expect(reconciledMinor + netMinor(desk.ledger.totals(TERMINAL))).toBe(sum);
      expect(desk.restarted().ledger.positions(START_MS)).toEqual(positions);
    }),
    runs,
  );
});

test('no hold is charged more than once, nor for more than it may be', async () => {
  await fc.assert(
    fc.asyncProperty(day, async (steps) => {
      const { desk } = await play(steps);
      const completed = desk.ledger.entries().flatMap((entry) => {
        return 'completes' in entry && entry.completes !== undefined ? [entry] : [];
      });
      expect(new Set(completed.map(({ completes }) => completes)).size).toBe(completed.length);
      for (const { completes = '', approvedMinor } of completed) {
        const hold = desk.ledger.find(completes);
        expect(approvedMinor).toBeLessThanOrEqual((hold?.approvedMinor ?? 0) * 1.15);
      }
    }),
    runs,
  );
});
