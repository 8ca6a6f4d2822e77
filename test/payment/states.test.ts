import { describe, expect, test } from 'vitest';
import {
  type EventName,
  fold,
  nextState,
  type PaymentRecord,
  type PaymentState,
  states,
  transitions,
} from '#payment/index.ts';

const names = Object.keys(states) as PaymentState[];
const events = [...new Set(names.flatMap((name) => Object.keys(transitions[name])))] as EventName[];

const inState = (state: PaymentState): PaymentRecord => ({
  id: 'A1',
  kind: 'purchase',
  state,
  startedMs: 0,
  amountMinor: 100,
  currency: 840,
});

/** States that a payment can still come to. */
const reachable = (from: PaymentState): Set<PaymentState> => {
  const found = new Set<PaymentState>();
  const visit = (state: PaymentState) => {
    for (const next of Object.values(transitions[state])) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(from);
  return found;
};

describe('the table of states', () => {
  test('leads from "new" to every other state', () => {
    expect([...reachable('new'), 'new'].sort()).toEqual([...names].sort());
  });

  test('lets every payment come to an end where nothing is owed', () => {
    for (const name of names.filter((state) => !states[state].settled)) {
      const ends = [...reachable(name)].filter((state) => states[state].settled);
      expect(ends, name).not.toEqual([]);
    }
  });

  test('never leads out of a settled state into one that owes something', () => {
    for (const name of names.filter((state) => states[state].settled)) {
      const owing = [...reachable(name)].filter((state) => states[state].owes !== 'none');
      expect(owing, name).toEqual([]);
    }
  });

  test('never lets a declined or cancelled payment become an approved one', () => {
    for (const name of ['declined', 'cancelled', 'timedOut', 'failed', 'reversed'] as const) {
      expect([...reachable(name)], name).toEqual([]);
    }
  });

  test('takes back whatever the host may hold', () => {
    for (const name of ['asking', 'approved', 'preAuthorised', 'queued'] as const) {
      expect(nextState(name, 'reversalOwed'), name).toBe('reversing');
    }
  });

  test('keeps track 2 for nothing but a message that is still to be sent', () => {
    const keeping = names.filter((name) => states[name].keeps === 'track2');
    expect(keeping.sort()).toEqual(['asking', 'new', 'queued']);
  });
});

describe('a record', () => {
  test.each(names)('in state %s takes the events of its row and no other', (name) => {
    for (const event of events) {
      const next = nextState(name, event);
      if (next === undefined) {
        expect(() => fold(inState(name), event, {})).toThrow(`"${event}" can't happen`);
      } else expect(fold(inState(name), event, {}).state).toBe(next);
    }
  });

  test('gains what an event adds and keeps the rest', () => {
    const after = fold(inState('new'), 'asked', { card: { scheme: 'Visa' } });
    expect(after).toEqual({ ...inState('asking'), card: { scheme: 'Visa' } });
  });
});
