import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { hoursText } from '#acceptance/hours.ts';
import { isDecisionProblem, parseDecision, type WeeklyHours } from '#acceptance/index.ts';
import { localText } from '#acceptance/zone.ts';
import { berlin, HOUR, known, NOON, now, zone } from '#test/acceptance/decisions.ts';
import { parseHours } from '../../src/cli/nfc/hours.ts';
import { type DecisionWords, requestOf, type Shop } from '../../src/cli/nfc/request.ts';
import { instantsAt, parseInstant } from '../../src/cli/nfc/time.ts';

const shop: Shop = { now, currency: 'EUR', language: 'en', schemes: ['Visa'] };
const reason = 'commercial: fees';

const request = (words: DecisionWords) => requestOf('off', { reason, ...words }, shop);
const refusal = (words: DecisionWords): string => {
  const result = request(words);
  return isDecisionProblem(result) ? `${result.field}: ${result.problem}` : 'taken';
};

// It is Monday, 23 November 2026, 10:00 in Berlin.
const at = (text: string): string => {
  const ms = parseInstant('until', text, now);
  return typeof ms === 'number' ? localText(ms, berlin) : ms.problem;
};

describe('a decision as a person types it', () => {
  it('needs no more than a reason', () => {
    expect(request({})).toEqual({
      action: 'off',
      reason: { category: 'commercial', text: 'fees' },
      scope: {},
      texts: {},
      alternatives: [],
      supersedes: [],
    });
  });

  it('says everything that can be said, and the shop’s own rules take it', () => {
    const asked = request({
      scope: ['phones', 'lanes=2,1'],
      from: '11:00',
      until: 'tomorrow 06:00',
      hours: 'mon-wed 9-18',
      words: ['Please insert your card', 'de=Bitte Karte stecken'],
      cashierWords: ['en=Offer = the slot'],
      offer: ['insert,cash', 'cash'],
      supersedes: [],
    });
    expect(asked).toEqual({
      action: 'off',
      reason: { category: 'commercial', text: 'fees' },
      scope: { devices: 'phones', lanes: ['1', '2'] },
      fromMs: NOON + HOUR,
      untilMs: NOON + 20 * HOUR,
      hours: [{ days: ['mon', 'tue', 'wed'], from: '09:00', to: '18:00' }],
      texts: {
        en: { shopper: 'Please insert your card', cashier: 'Offer = the slot' },
        de: { shopper: 'Bitte Karte stecken' },
      },
      alternatives: ['insert', 'cash'],
      supersedes: [],
    });
    const made = { id: 'D1', number: 1, by: { person: 'ann', role: 'manager' } };
    expect(isDecisionProblem(parseDecision(asked, known, made))).toBe(false);
  });

  it('names for whom a text is in the text itself, too', () => {
    expect(request({ words: ['en:cashier=Send them to lane 1', 'EN:shopper=x=y'] })).toMatchObject({
      texts: { en: { cashier: 'Send them to lane 1', shopper: 'x=y' } },
    });
  });

  it('takes the id of a decision in small letters', () => {
    expect(request({ supersedes: ['d3, D4'] })).toMatchObject({ supersedes: ['D3', 'D4'] });
  });
});

describe('what can’t be understood is refused by the field', () => {
  test.each<[string, DecisionWords, RegExp]>([
    ['no reason', { reason: '' }, /^reason: a decision needs a reason.*\n {2}commercial +fees/],
    ['no category', { reason: 'fees' }, /^reason: the reason has no category.*\n {2}commercial/],
    ['an unknown one', { reason: 'money: fees' }, /"money" is no category[\s\S]*security +fraud/],
    ['one that every object has', { reason: 'constructor: x' }, /"constructor" is no category/],
    ['no text', { reason: 'commercial:  ' }, /"commercial" alone is no reason/],
    ['a scope', { scope: ['moon'] }, /^scope: there is no scope "moon"/],
    ['a time', { until: 'soon' }, /^until: "soon" is no time: expected "18:00"/],
    ['a past time', { until: '09:59' }, /09:59 is past: it is .* 10:00; "tomorrow 09:59"/],
    ['a past day', { until: '2026-11-22 18:00' }, /^until: 2026-11-22 18:00 is past: it is [^;]*$/],
    ['a past beginning', { from: '09:00' }, /^from: 2026-11-23 09:00 is past/],
    ['hours', { hours: 'mon-fri' }, /^hours: no hours stand behind mon tue wed thu fri/],
    ['hours of no day', { hours: 'someday 9-10' }, /"someday" is neither days nor hours/],
    ['no hours', { hours: ' ' }, /^hours: nothing is there/],
    ['two texts', { words: ['en=a', 'b'] }, /^texts.en: two texts for the shopper in "en"/],
  ])('%s', (_, words, why) => {
    expect(refusal(words)).toMatch(why);
  });
});

describe('a time as a person types it', () => {
  test.each([
    ['18:00', '2026-11-23 18:00'],
    ['today 24:00', '2026-11-24 00:00'],
    ['tomorrow 06:00', '2026-11-24 06:00'],
    ['Mon 10:00', '2026-11-30 10:00'],
    ['monday 10:01', '2026-11-23 10:01'],
    ['sunday 9:00', '2026-11-29 09:00'],
    ['2026-12-01 06:00', '2026-12-01 06:00'],
    ['2026-12-01T06:00', '2026-12-01 06:00'],
    ['2026-12-01T06:00Z', '2026-12-01 07:00'],
    ['2026-12-01T06:00-05:00', '2026-12-01 12:00'],
    ['+2h', '2026-11-23 12:00'],
    ['+90m', '2026-11-23 11:30'],
    ['+1h30m', '2026-11-23 11:30'],
  ])('%s is %s', (text, wall) => {
    expect(at(text)).toBe(wall);
  });

  test.each([
    '',
    '+',
    '6pm',
    '25:00',
    '24:01',
    '10:60',
    '2026-02-30 10:00',
    '2026-13-01 10:00',
    'yesterday 10:00',
    'mo 10:00',
    '2026-12-01',
    '+2d',
  ])('"%s" is none', (text) => {
    expect(at(text)).toMatch(/is no time/);
  });

  it('from half a minute ago is now', () => {
    const late = { ...now, wallMs: NOON + 30_000 };
    expect(parseInstant('from', '10:00', late)).toBe(NOON);
    expect(parseInstant('until', '10:00', late)).toMatchObject({ field: 'until' });
  });

  it('that the clocks skip in spring never comes', () => {
    expect(at('2027-03-28 02:30')).toMatch(/02:30 never comes: the clocks are put forward/);
    expect(at('2027-03-28 03:00')).toBe('2027-03-28 03:00');
  });

  it('that comes twice in autumn has to be told apart, and the answer says how', () => {
    const said = at('2027-10-31 02:30');
    const both = said.match(/2027-10-31T02:30[+-]\d\d:\d\d/g) ?? [];
    expect(both).toEqual(['2027-10-31T02:30+02:00', '2027-10-31T02:30+01:00']);
    const [first, second] = both.map((text) => Number(parseInstant('until', text, now)));
    expect((second ?? 0) - (first ?? 0)).toBe(HOUR);
  });

  it('is the instant at which the wall shows it, in any zone', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
    const aMinute = fc.nat(10 * 366 * 24 * 60).map((minutes) => NOON + minutes * 60_000);
    fc.assert(
      fc.property(fc.constantFrom(...zones), aMinute, (name, ms) => {
        const place = zone(name);
        const instants = instantsAt(place.localMs(ms), place);
        expect(instants).toContain(ms);
        for (const one of instants) expect(place.localMs(one)).toBe(place.localMs(ms));
      }),
    );
  });
});

describe('weekly hours as a person types them', () => {
  test.each([
    ['mon-fri 09:00-18:00', 'mon tue wed thu fri 09:00–18:00'],
    ['mon-fri 9-18, sat 10-14', 'mon tue wed thu fri 09:00–18:00, sat 10:00–14:00'],
    ['Sat - Mon 22:00 - 06:00', 'mon sat sun 22:00–06:00'],
    ['mon, wed friday 8:30-12', 'mon wed fri 08:30–12:00'],
    ['12-13', 'mon tue wed thu fri sat sun 12:00–13:00'],
    ['daily 0-24', 'mon tue wed thu fri sat sun 00:00–24:00'],
  ])('%s', (typed, meant) => {
    const hours = parseHours(typed);
    if (isDecisionProblem(hours)) throw new Error(hours.problem);
    expect(hoursText(hours)).toBe(meant);
  });

  it('come back as they were typed', () => {
    const days = fc.subarray(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const, {
      minLength: 1,
    });
    const time = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map((two) => two.map((number) => String(number).padStart(2, '0')).join(':'));
    const hours: fc.Arbitrary<WeeklyHours> = fc.array(
      fc.record({ days, from: time, to: fc.oneof(time, fc.constant('24:00')) }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(hours, (given) => {
        expect(parseHours(hoursText(given))).toEqual(given);
      }),
    );
  });
});
