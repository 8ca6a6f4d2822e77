import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  compareDecisions,
  compareScopes,
  type Decision,
  type Facts,
  judge,
  ruleBetween,
  type Scope,
  verdict,
  withApplication,
  withCard,
} from '#acceptance/index.ts';
import { anyScope, lessOf, now, off, on, standing, visaPhone, wholeFacts } from './decisions.ts';

const plastic: Facts = { ...visaPhone, device: 'plastic' };

describe('a shop without decisions', () => {
  it('takes everything, and knows so before the card is there', () => {
    expect(verdict([], { method: 'contactless' }, now)).toEqual({
      accepted: 'yes',
      why: [],
      needs: [],
    });
  });
});

describe('what a scope is about', () => {
  test.each<[string, Scope, Facts, 'yes' | 'no']>([
    ['all contactless is off: plastic too', {}, plastic, 'no'],
    ['all contactless is off: codes are taken', {}, { method: 'qr' }, 'yes'],
    ['codes are off: cards are taken', { method: 'qr' }, visaPhone, 'yes'],
    ['codes are off: a code is refused', { method: 'qr' }, { method: 'qr' }, 'no'],
    [
      'one wallet is off: another is taken',
      { method: 'qr:alipay' },
      { method: 'qr', wallet: 'wechat' },
      'yes',
    ],
    ['phones are off: a phone is refused', { devices: 'phones' }, visaPhone, 'no'],
    ['phones are off: plastic is taken', { devices: 'phones' }, plastic, 'yes'],
    [
      'phones are off, and it cannot be told: refused',
      { devices: 'phones' },
      { ...visaPhone, device: null },
      'no',
    ],
    ['a scheme is off: its card is refused', { scheme: 'Visa' }, visaPhone, 'no'],
    ['another scheme is off', { scheme: 'Mastercard' }, visaPhone, 'yes'],
    ['an application is off by its first bytes', { aid: 'A000000003' }, visaPhone, 'no'],
    ['a longer identifier is off', { aid: 'A000000003101001' }, visaPhone, 'yes'],
    ['a kernel is off', { kernel: '03' }, visaPhone, 'no'],
    [
      'a range is off: its first number',
      { range: { from: '489999', to: '490000' } },
      visaPhone,
      'no',
    ],
    ['a range is off: one before', { range: { from: '490000', to: '499999' } }, visaPhone, 'yes'],
    [
      'a range is off, and the card has no number: refused',
      { range: { from: '51', to: '55' } },
      { ...visaPhone, account: null },
      'no',
    ],
    [
      'above 60.00: 60.00 is not above',
      { above: { minor: 6000, currency: 'EUR' } },
      visaPhone,
      'yes',
    ],
    ['above 59.99: 60.00 is', { above: { minor: 5999, currency: 'EUR' } }, visaPhone, 'no'],
    [
      'above 1.00 of another currency',
      { above: { minor: 100, currency: 'USD' } },
      visaPhone,
      'yes',
    ],
    ['another lane is off', { lanes: ['1', '2'] }, visaPhone, 'yes'],
    ['this lane is off', { lanes: ['2', '3'] }, visaPhone, 'no'],
    ['all parts must hold', { devices: 'phones', scheme: 'Mastercard' }, visaPhone, 'yes'],
  ])('%s', (_, scope, facts, accepted) => {
    expect(verdict([off(1, scope)], facts, now).accepted).toBe(accepted);
  });

  it('an "on" for what cannot be told does not lift an "off"', () => {
    const decisions = [off(1), on(2, { devices: 'phones' })];
    expect(verdict(decisions, { ...visaPhone, device: null }, now).accepted).toBe('no');
    expect(verdict(decisions, visaPhone, now).accepted).toBe('yes');
  });
});

describe('of several decisions that apply', () => {
  test.each([
    ['the narrower wins, though earlier', on(1, { devices: 'phones' }), off(2), 'yes'],
    [
      'the later wins when equally narrow',
      off(1, { lanes: ['3'] }),
      on(2, { lanes: ['3'] }),
      'yes',
    ],
    ['off beats on when equally late, too', off(1), on(1, {}, { id: 'D0' }), 'no'],
    [
      'a range beats a scheme',
      on(1, { range: { from: '4', to: '4' } }),
      off(2, { scheme: 'Visa' }),
      'yes',
    ],
    [
      'the smaller range wins',
      on(1, { range: { from: '4', to: '4' } }),
      off(2, { range: { from: '48', to: '48' } }),
      'no',
    ],
    ['a scheme beats phones', off(2, { devices: 'phones' }), on(1, { scheme: 'Visa' }), 'yes'],
    [
      'phones beat an amount',
      off(1, { devices: 'phones' }),
      on(2, { above: { minor: 1, currency: 'EUR' } }),
      'no',
    ],
    [
      'an amount beats a lane',
      off(1, { above: { minor: 1, currency: 'EUR' } }),
      on(2, { lanes: ['3'] }),
      'no',
    ],
    ['one lane beats two', on(1, { lanes: ['3'] }), off(2, { lanes: ['2', '3'] }), 'yes'],
    [
      'the higher amount wins',
      on(1, { above: { minor: 5000, currency: 'EUR' } }),
      off(2, { above: { minor: 2500, currency: 'EUR' } }),
      'yes',
    ],
  ] as const)('%s', (_, a, b, accepted) => {
    expect(verdict([a, b], visaPhone, now).accepted).toBe(accepted);
    expect(verdict([b, a], visaPhone, now).accepted).toBe(accepted);
  });

  it('a clock that was set back does not make the later decision earlier', () => {
    const later = off(2, { lanes: ['3'] }, { madeMs: now.wallMs - 1e10 });
    expect(verdict([on(1, { lanes: ['3'] }), later], visaPhone, now).accepted).toBe('no');
  });
});

describe('the examples of docs/nfc-decisions.md', () => {
  const eur = (minor: number) => ({ minor, currency: 'EUR' });
  const phones = { devices: 'phones' } as const;
  const phonesInLane3 = { devices: 'phones', lanes: ['3'] } as const;
  test.each<[string, Decision[], Facts, 'yes' | 'no']>([
    ['none', [], visaPhone, 'yes'],
    ['everything off, a code', [off(1)], { method: 'qr', wallet: 'alipay' }, 'yes'],
    ['everything off, on in lane 3', [off(1), on(2, { lanes: ['3'] })], visaPhone, 'yes'],
    ['phones on, then everything off', [on(1, phones), off(2)], visaPhone, 'yes'],
    ['phones off, lane 3 on', [off(1, phones), on(2, { lanes: ['3'] })], visaPhone, 'no'],
    ['phones off, those in lane 3 on', [off(1, phones), on(2, phonesInLane3)], visaPhone, 'yes'],
    [
      'off above 50.00, on above 100.00',
      [off(1, { above: eur(5000) }), on(2, { above: eur(10_000) })],
      { ...visaPhone, amount: eur(12_000) },
      'yes',
    ],
    [
      'a range off, a part of it on',
      [
        off(1, { range: { from: '48', to: '49' } }),
        on(2, { range: { from: '489900', to: '489999' } }),
      ],
      { ...visaPhone, account: '48991299999' },
      'yes',
    ],
    [
      'two lanes off, two others on, one of them the same',
      [off(1, { lanes: ['2', '3'] }), on(2, { lanes: ['1', '3'] })],
      visaPhone,
      'yes',
    ],
  ])('%s', (_, decisions, facts, accepted) => {
    expect(verdict(decisions, facts, now).accepted).toBe(accepted);
  });
});

describe('a tap that reveals itself step by step', () => {
  const decisions = [off(1, { devices: 'phones', scheme: 'Visa' })];
  const atTheDoor: Facts = { method: 'contactless', lane: '3' };

  it('is open while it may be what is refused, and says what is missing', () => {
    const first = verdict(decisions, atTheDoor, now);
    expect(first).toMatchObject({ accepted: 'open', needs: ['scheme', 'device'] });
    expect(first.by).toBeUndefined();
    const selected = withApplication(atTheDoor, 'a0000000031010', '03');
    expect(verdict(decisions, selected, now)).toMatchObject({
      accepted: 'open',
      needs: ['device'],
    });
    const read = withCard(selected, 'phone', '4899991234567890');
    expect(verdict(decisions, read, now)).toMatchObject({ accepted: 'no', by: { id: 'D1' } });
  });

  it('is settled as soon as one part fails: a Mastercard need not say if it is a phone', () => {
    const selected = withApplication(atTheDoor, 'A0000000041010', '02');
    expect(verdict(decisions, selected, now)).toMatchObject({ accepted: 'yes', needs: [] });
  });

  it('is refused before the field when nothing narrower could lift it', () => {
    expect(verdict([off(1)], atTheDoor, now).accepted).toBe('no');
    expect(verdict([off(1), on(2, { kernel: '02' })], atTheDoor, now)).toMatchObject({
      accepted: 'open',
      needs: ['kernel'],
    });
  });

  it('does not ask for what would change nothing', () => {
    const same = [off(1), off(2, { scheme: 'Visa' }), on(3, { lanes: ['1'] })];
    expect(verdict(same, atTheDoor, now)).toMatchObject({ accepted: 'no', needs: [] });
  });

  it('takes digits of the account number as they come', () => {
    const range = [off(1, { range: { from: '489990', to: '489999' } })];
    const answers = ['4', '48999', '489991', '489989'].map(
      (account) => verdict(range, { ...visaPhone, account }, now).accepted,
    );
    expect(answers).toEqual(['open', 'no', 'no', 'yes']);
    const straddling = [off(1, { range: { from: '2221', to: '2720' } })];
    const more = ['27', '272', '2720', '2721', '25'].map(
      (account) => verdict(straddling, { ...visaPhone, account }, now).accepted,
    );
    expect(more).toEqual(['open', 'open', 'no', 'yes', 'no']);
  });
});

describe('whatever was decided', () => {
  test('a "yes" or "no" stays when more comes to be known, and all facts settle it', () => {
    const taps = wholeFacts.chain((whole) =>
      lessOf(whole).chain((some) => fc.tuple(lessOf(some), fc.constant(some), fc.constant(whole))),
    );
    let settled = 0;
    fc.assert(
      fc.property(standing, taps, (decisions, [least, some, whole]) => {
        const [first, second, last] = [least, some, whole].map((facts) => judge(decisions, facts));
        expect(last?.accepted).not.toBe('open');
        for (const early of [first, second]) {
          if (early?.accepted === 'open') expect(early.needs.length).toBeGreaterThan(0);
          else settled += 1;
          if (early?.accepted !== 'open') expect(last?.accepted).toBe(early?.accepted);
        }
        if (first?.accepted !== 'open') expect(second?.accepted).toBe(first?.accepted);
      }),
      { numRuns: 2000 },
    );
    expect(settled).toBeGreaterThan(500);
  });

  test('what it needs is missing, and knowing all of it is progress', () => {
    fc.assert(
      fc.property(
        standing,
        wholeFacts.chain((w) => fc.tuple(lessOf(w), fc.constant(w))),
        (decisions, [some, whole]) => {
          const { accepted, needs } = judge(decisions, some);
          if (accepted !== 'open') return;
          const added = Object.fromEntries(needs.map((name) => [name, whole[name]]));
          expect(judge(decisions, { ...some, ...added }).accepted).not.toBe('open');
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('the order in which decisions are looked at does not matter', () => {
    const shuffled = standing.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    const facts = wholeFacts.chain(lessOf);
    fc.assert(
      fc.property(shuffled, facts, ([one, other], some) => {
        expect(judge(other, some)).toEqual(judge(one, some));
      }),
      { numRuns: 1000 },
    );
  });

  test('of those that apply, none beats the one that decides', () => {
    fc.assert(
      fc.property(standing, wholeFacts, (decisions, facts) => {
        const { by, accepted, why } = judge(decisions, facts);
        expect(accepted).toBe(by?.action === 'off' ? 'no' : 'yes');
        if (by === undefined) {
          expect(why).toEqual([]);
          return;
        }
        for (const { decision } of why) {
          expect(compareDecisions(by, decision)).toBeGreaterThanOrEqual(0);
          if (ruleBetween(by, decision) === 'offBeatsOn') expect(by.action).toBe('off');
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('a scope with further parts is narrower, and narrowness is a total preorder', () => {
    const extended = fc.tuple(anyScope, anyScope).map(([a, b]) => [a, { ...b, ...a }] as const);
    fc.assert(
      fc.property(extended, ([scope, more]) => {
        if ((scope.method === undefined) !== (more.method === undefined)) return;
        const wider = Object.keys(more).length === Object.keys(scope).length;
        const order = compareScopes(more, scope);
        expect(wider ? order === 0 : order > 0).toBe(true);
      }),
    );
    fc.assert(
      fc.property(anyScope, anyScope, anyScope, (a, b, c) => {
        expect(Math.sign(compareScopes(a, b))).toBe(0 - Math.sign(compareScopes(b, a)));
        if (compareScopes(a, b) >= 0 && compareScopes(b, c) >= 0) {
          expect(compareScopes(a, c)).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

test('a hundred decisions are judged well within the 50 µs that a tap can spare', () => {
  const scopes: Scope[] = [
    { devices: 'phones' },
    { lanes: ['3'] },
    { scheme: 'Visa', above: { minor: 100, currency: 'EUR' } },
    { range: { from: '489900', to: '489999' } },
  ];
  const hours = [{ days: ['mon' as const], from: '08:00', to: '20:00' }];
  const hundred = Array.from({ length: 100 }, (_, index) =>
    (index % 3 === 0 ? on : off)(index + 1, scopes[index % 4], index % 2 === 0 ? {} : { hours }),
  );
  const some: Facts = {
    method: 'contactless',
    lane: '3',
    amount: { minor: 6000, currency: 'EUR' },
  };
  const took = (facts: Facts): number => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 30; round++) {
      const start = performance.now();
      for (let i = 0; i < 20; i++) verdict(hundred, facts, now);
      best = Math.min(best, ((performance.now() - start) * 1000) / 20);
    }
    return best;
  };
  // The best of many short rounds: what the code takes, not what the machine does meanwhile. The
  // test runner's way of importing doubles it, hence twice the bound.
  const [early, late] = [took(some), took(visaPhone)];
  expect(early).toBeLessThan(100);
  expect(late).toBeLessThan(100);
});
