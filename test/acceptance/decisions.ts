import fc from 'fast-check';
import {
  type Decision,
  type Facts,
  type Known,
  type Moment,
  type Scope,
  type WeeklyHours,
  type Zone,
  zoneOf,
} from '#acceptance/index.ts';

export const zone = (name: string): Zone => {
  const found = zoneOf(name);
  if (found === undefined) throw new Error(`no zone ${name}`);
  return found;
};

export const berlin = zone('Europe/Berlin');
export const newYork = zone('America/New_York');

/** Monday, 10:00 in Berlin. */
export const NOON = Date.UTC(2026, 10, 23, 9);
export const HOUR = 3_600_000;
export const now: Moment = { wallMs: NOON, zone: berlin };

/** A decision by its number, made that many minutes after midnight. */
export const decision = (number: number, of: Partial<Decision> = {}): Decision => ({
  id: `D${number}`,
  number,
  action: 'off',
  scope: {},
  by: { person: 'ann', role: 'manager' },
  madeMs: NOON - 10 * HOUR + number * 60_000,
  approval: 'notNeeded',
  reason: { category: 'commercial', text: 'fees' },
  texts: {},
  alternatives: [],
  supersedes: [],
  ...of,
});

export const off = (number: number, scope: Scope = {}, of: Partial<Decision> = {}): Decision =>
  decision(number, { scope, ...of });
export const on = (number: number, scope: Scope = {}, of: Partial<Decision> = {}): Decision =>
  decision(number, { action: 'on', scope, ...of });

/** All that a tap can tell. */
export const visaPhone: Facts = {
  method: 'contactless',
  lane: '3',
  amount: { minor: 6000, currency: 'EUR' },
  aid: 'A0000000031010',
  scheme: 'Visa',
  kernel: '03',
  device: 'phone',
  account: '48999912345',
};

export const known: Known = {
  now,
  decisions: [],
  approval: { off: false, on: false, urgent: ['security'], roles: ['manager'] },
  applications: [
    { aid: 'A0000000031010', kernel: '03', scheme: 'Visa' },
    { aid: 'A0000000041010', kernel: '02', scheme: 'Mastercard' },
    { aid: 'A0000000043060', kernel: '02', scheme: 'Mastercard' },
  ],
  wallets: ['alipay', 'wechat'],
  lanes: ['1', '2', '3'],
  currencies: ['EUR'],
  languages: ['de', 'en'],
  alternatives: ['insert', 'cash', 'qr:alipay'],
};

// Few values each, so that they meet.
const ranges = ['4-4', '48-49', '4899-4899', '489999-489999', '51-55', '2221-2720'];
const arbitraryRange = fc.constantFrom(...ranges).map((text) => {
  const [from = '', to = ''] = text.split('-');
  return { from, to };
});
const arbitraryLanes = fc.constantFrom(['1'], ['3'], ['1', '3'], ['2', '3']);
const arbitraryAbove = fc.record({
  minor: fc.constantFrom(0, 2500, 5000),
  currency: fc.constantFrom('EUR', 'USD'),
});

export const cardScope: fc.Arbitrary<Scope> = fc.record(
  {
    devices: fc.constant('phones' as const),
    scheme: fc.constantFrom('Visa', 'Mastercard'),
    aid: fc.constantFrom('A000000003', 'A0000000031010', 'A0000000041010'),
    kernel: fc.constantFrom('02', '03'),
    range: arbitraryRange,
    above: arbitraryAbove,
    lanes: arbitraryLanes,
  },
  { requiredKeys: [] },
);

const codeScope: fc.Arbitrary<Scope> = fc.record(
  { method: fc.constantFrom('qr', 'qr:alipay', 'qr:wechat'), above: arbitraryAbove },
  { requiredKeys: ['method'] },
);

export const anyScope = fc.oneof({ weight: 5, arbitrary: cardScope }, codeScope);

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const clock = fc.constantFrom('00:00', '01:59', '02:00', '02:30', '03:00', '12:00', '22:15');
export const anyHours: fc.Arbitrary<WeeklyHours> = fc.array(
  fc
    .record({
      days: fc.subarray([...DAYS], { minLength: 1 }),
      from: clock,
      to: fc.oneof(clock, fc.constant('24:00')),
    })
    .filter(({ from, to }) => from !== to),
  { minLength: 1, maxLength: 2 },
);

/** Decisions without times, numbered in any order; some with the same number, as if merged. */
export const standing: fc.Arbitrary<Decision[]> = fc
  .array(
    fc.record({
      action: fc.constantFrom('off' as const, 'on' as const),
      scope: anyScope,
      number: fc.integer({ min: 1, max: 6 }),
    }),
    { maxLength: 7 },
  )
  .map((list) => list.map((one, index) => ({ ...decision(1), ...one, id: `D${index}` })));

/** Facts of which nothing is missing; some of them can't be told. */
export const wholeFacts: fc.Arbitrary<Facts> = fc.record({
  method: fc.constantFrom('contactless' as const, 'contactless' as const, 'qr' as const),
  lane: fc.constantFrom('1', '2', '3'),
  amount: fc.record({
    minor: fc.constantFrom(0, 1, 2500, 2501, 6000),
    currency: fc.constantFrom('EUR', 'USD'),
  }),
  wallet: fc.constantFrom('alipay', 'wechat', null),
  aid: fc.constantFrom('A0000000031010', 'A0000000041010', 'A000000003101002'),
  scheme: fc.constantFrom('Visa', 'Mastercard', 'other'),
  kernel: fc.constantFrom('02', '03'),
  device: fc.constantFrom('phone' as const, 'plastic' as const, null),
  account: fc.constantFrom(
    '48999912345',
    '48000000000',
    '51234567890',
    '27209999999',
    '27999999999',
    null,
  ),
});

/** Less of the same facts: some are missing, of the account number some digits. */
export const lessOf = (facts: Facts): fc.Arbitrary<Facts> => {
  const names = Object.keys(facts).filter((name) => name !== 'method');
  return fc.tuple(fc.subarray(names), fc.integer({ min: 1, max: 11 })).map(([kept, digits]) => {
    const entries = Object.entries(facts).filter(([name]) => kept.includes(name));
    const less: Facts = { ...Object.fromEntries(entries), method: facts.method };
    return typeof less.account === 'string'
      ? { ...less, account: less.account.slice(0, digits) }
      : less;
  });
};
