import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  type Decision,
  type Hours,
  inForce,
  type Moment,
  nextChange,
  stateOf,
  type Zone,
  zoneOf,
} from '#acceptance/index.ts';
import {
  anyHours,
  berlin,
  decision,
  HOUR,
  NOON,
  newYork,
  now,
  off,
  on,
  zone,
} from './decisions.ts';

const idsAt = (decisions: readonly Decision[], wallMs: number, where: Zone = berlin): string =>
  inForce(decisions, { wallMs, zone: where })
    .map(({ id }) => id)
    .join(' ');

const at = (text: string): number => Date.parse(text);

/** What happens by itself from one instant to another, as UTC times and what is in force then. */
const course = (decisions: readonly Decision[], from: string, to: string, where: Zone) => {
  const seen: string[] = [];
  let next = nextChange(decisions, { wallMs: at(from), zone: where });
  while (next !== undefined && next < at(to)) {
    seen.push(`${new Date(next).toISOString().slice(5, 16)} ${idsAt(decisions, next, where)}`);
    next = nextChange(decisions, { wallMs: next, zone: where });
  }
  return seen;
};

describe('a decision', () => {
  it('without "from" is in force at once, even when the clock is set back a year', () => {
    expect(idsAt([off(1)], NOON)).toBe('D1');
    expect(idsAt([off(1)], NOON - 365 * 24 * HOUR)).toBe('D1');
    expect(nextChange([off(1)], now)).toBeUndefined();
  });

  it('begins at its "from" and is over at its "until"', () => {
    const planned = [off(1, {}, { fromMs: NOON + HOUR, untilMs: NOON + 2 * HOUR })];
    expect(idsAt(planned, NOON + HOUR - 1)).toBe('');
    expect(idsAt(planned, NOON + HOUR)).toBe('D1');
    expect(idsAt(planned, NOON + 2 * HOUR - 1)).toBe('D1');
    expect(idsAt(planned, NOON + 2 * HOUR)).toBe('');
    expect(nextChange(planned, now)).toBe(NOON + HOUR);
  });

  it('counts for nothing while it is only proposed', () => {
    const proposed = off(1, {}, { approval: 'needed', supersedes: [] });
    expect(idsAt([proposed], NOON)).toBe('');
    expect(stateOf(proposed, [proposed], now)).toBe('proposed');
  });
});

describe('a decision that supersedes', () => {
  it('ends another when it begins, for good', () => {
    const list = [
      off(1),
      on(2, {}, { fromMs: NOON + HOUR, untilMs: NOON + 2 * HOUR, supersedes: ['D1'] }),
    ];
    expect(idsAt(list, NOON)).toBe('D1');
    expect(idsAt(list, NOON + HOUR)).toBe('D2');
    expect(idsAt(list, NOON + 3 * HOUR)).toBe('');
    expect(list.map((one) => stateOf(one, list, { ...now, wallMs: NOON + HOUR }))).toEqual([
      'superseded',
      'in force',
    ]);
  });

  it('ends another at once, even when the clock is set back to before it was made', () => {
    const list = [on(1, { lanes: ['3'] }), off(2, {}, { supersedes: ['D1'] })];
    expect(idsAt(list, NOON - 365 * 24 * HOUR)).toBe('D2');
  });

  it('ends nothing when it was called off before it began', () => {
    const list = [
      off(1),
      on(2, {}, { fromMs: NOON + HOUR, supersedes: ['D1'] }),
      off(3, { lanes: ['1'] }, { supersedes: ['D2'] }),
    ];
    expect(idsAt(list, NOON + 2 * HOUR)).toBe('D1 D3');
  });

  it('has ended another even when it is superseded itself later', () => {
    const list = [
      off(1),
      on(2, {}, { supersedes: ['D1'] }),
      off(3, { lanes: ['1'] }, { supersedes: ['D2'] }),
    ];
    expect(idsAt(list, NOON)).toBe('D3');
  });

  it('ends nothing as long as nobody has approved it', () => {
    const proposed = on(2, {}, { supersedes: ['D1'], approval: 'needed' });
    expect(idsAt([off(1), proposed], NOON)).toBe('D1');
    const approved = { by: { person: 'bob', role: 'manager' }, atMs: NOON, number: 3 };
    expect(idsAt([off(1), { ...proposed, approved }], NOON)).toBe('D2');
  });
});

describe('weekly hours', () => {
  const nights: Hours = { days: ['sat'], from: '22:00', to: '06:00' };
  const every = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

  test('that span midnight belong to the day on which they begin', () => {
    const list = [off(1, {}, { hours: [nights] })];
    expect(idsAt(list, at('2026-11-21T20:59:00Z'))).toBe('');
    expect(idsAt(list, at('2026-11-21T21:00:00Z'))).toBe('D1');
    expect(idsAt(list, at('2026-11-22T04:59:59Z'))).toBe('D1');
    expect(idsAt(list, at('2026-11-22T05:00:00Z'))).toBe('');
    expect(idsAt(list, at('2026-11-22T21:00:00Z'))).toBe('');
  });

  test('end an hour early by UTC when Berlin springs forward that night', () => {
    const list = [off(1, {}, { hours: [nights] })];
    expect(course(list, '2026-03-28T12:00Z', '2026-03-30T00:00Z', berlin)).toEqual([
      '03-28T21:00 D1',
      '03-29T04:00 ',
    ]);
  });

  test('that end within the hour that is skipped end at the jump', () => {
    const list = [off(1, {}, { hours: [{ days: ['sat'], from: '22:00', to: '02:30' }] })];
    expect(course(list, '2026-03-28T12:00Z', '2026-03-30T00:00Z', berlin)).toEqual([
      '03-28T21:00 D1',
      '03-29T01:00 ',
    ]);
  });

  test('wholly within the skipped hour fall out that day, and come back a week later', () => {
    const list = [off(1, {}, { hours: [{ days: ['sun'], from: '02:10', to: '02:50' }] })];
    expect(course(list, '2026-03-23T12:00Z', '2026-04-06T00:00Z', berlin)).toEqual([
      '04-05T00:10 D1',
      '04-05T00:50 ',
    ]);
    expect(course(list, '2026-03-02T12:00Z', '2026-03-16T00:00Z', newYork)).toEqual([
      '03-15T06:10 D1',
      '03-15T06:50 ',
    ]);
  });

  test('within the hour that autumn repeats come twice, as the clock on the wall does', () => {
    const list = [off(1, {}, { hours: [{ days: [...every], from: '01:10', to: '01:50' }] })];
    expect(course(list, '2026-11-01T04:00Z', '2026-11-01T12:00Z', newYork)).toEqual([
      '11-01T05:10 D1',
      '11-01T05:50 ',
      '11-01T06:10 D1',
      '11-01T06:50 ',
    ]);
  });

  test('of whole days side by side have no seam at midnight', () => {
    const hours = [{ days: [...every], from: '00:00', to: '24:00' }];
    expect(nextChange([off(1, {}, { hours })], now)).toBeUndefined();
    const week = [{ days: ['mon', 'tue'] as const, from: '00:00', to: '24:00' }];
    const list = [off(1, {}, { hours: week })];
    expect(course(list, '2026-11-22T12:00Z', '2026-11-28T00:00Z', berlin)).toEqual([
      '11-22T23:00 D1',
      '11-24T23:00 ',
    ]);
  });

  test('are those of the shop: the same hours begin later in New York', () => {
    const list = [off(1, {}, { hours: [{ days: ['mon'], from: '08:00', to: '20:00' }] })];
    expect(idsAt(list, NOON, berlin)).toBe('D1');
    expect(idsAt(list, NOON, newYork)).toBe('');
  });

  test('need a zone that there is', () => {
    expect(zoneOf('Europe/Atlantis')).toBeUndefined();
    expect(zoneOf('')).toBeUndefined();
  });
});

const MINUTE = 60_000;
// The weeks around each change of the clocks in 2026, and an ordinary one.
const instant = fc
  .tuple(
    fc.constantFrom(
      '2026-03-08T07:00Z',
      '2026-03-29T01:00Z',
      '2026-10-25T01:00Z',
      '2026-11-01T06:00Z',
      '2026-07-01T00:00Z',
    ),
    fc.integer({ min: -3 * 24 * 60, max: 3 * 24 * 60 }),
  )
  .map(([text, minutes]) => at(text) + minutes * MINUTE);

const timed = fc
  .array(
    fc.record(
      {
        hours: anyHours,
        fromMs: instant,
        untilMs: instant,
        supersedes: fc.constantFrom([], ['D0'], ['D1'], ['D0', 'D1']),
        approval: fc.constantFrom('notNeeded' as const, 'notNeeded' as const, 'needed' as const),
      },
      { requiredKeys: ['supersedes', 'approval'] },
    ),
    { maxLength: 4 },
  )
  .map((list) =>
    list.map((one, index) => ({
      ...decision(index + 1),
      ...one,
      id: `D${index}`,
      madeMs: at('2026-01-01T00:00Z'),
      supersedes: one.supersedes.filter((id) => id < `D${index}`),
    })),
  );

const zones = fc.constantFrom(berlin, newYork, zone('Australia/Lord_Howe'), zone('Asia/Kolkata'));

describe('the next change', () => {
  test('is exact: nothing changes before it, and something does at it', () => {
    let changes = 0;
    const spots = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
    fc.assert(
      fc.property(timed, instant, zones, spots, (decisions, wallMs, where, between) => {
        const next = nextChange(decisions, { wallMs, zone: where });
        const before = idsAt(decisions, wallMs, where);
        const end = next ?? wallMs + 9 * 24 * HOUR;
        for (const share of [...between, 1]) {
          const spot = Math.floor(wallMs + (end - 1 - wallMs) * share);
          expect(idsAt(decisions, spot, where)).toBe(before);
        }
        if (next === undefined) return;
        changes += 1;
        expect(idsAt(decisions, next, where)).not.toBe(before);
      }),
      { numRuns: 600 },
    );
    expect(changes).toBeGreaterThan(100);
  });

  test('finds every change that looking each minute finds', () => {
    fc.assert(
      fc.property(timed, instant, zones, (decisions, start, where) => {
        const end = start + 26 * HOUR;
        const seen: number[] = [];
        let before = idsAt(decisions, start, where);
        for (let ms = start + MINUTE; ms < end; ms += MINUTE) {
          const then = idsAt(decisions, ms, where);
          if (then !== before) seen.push(ms);
          before = then;
        }
        expect(changesOf(decisions, { wallMs: start, zone: where }, end)).toEqual(seen);
      }),
      { numRuns: 12 },
    );
  });
});

const changesOf = (decisions: readonly Decision[], from: Moment, end: number): number[] => {
  const next = nextChange(decisions, from);
  if (next === undefined || next >= end) return [];
  return [next, ...changesOf(decisions, { ...from, wallMs: next }, end)];
};
