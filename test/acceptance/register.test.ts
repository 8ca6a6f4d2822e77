import { describe, expect, it, test } from 'vitest';
import {
  type ApprovalConfig,
  approvalNeeded,
  approvalToJson,
  approve,
  type Decision,
  decisionToJson,
  describeDecisionProblem,
  explain,
  inForce,
  isDecisionProblem,
  nextNumber,
  readRegister,
  registerCsv,
  registerJson,
} from '#acceptance/index.ts';
import { decision, HOUR, NOON, now, off, on, visaPhone } from './decisions.ts';

const both: ApprovalConfig = { off: true, on: true, urgent: ['security'], roles: ['manager'] };
const bob = { person: 'bob', role: 'manager' };

describe('a second person must agree', () => {
  const security = { reason: { category: 'security' as const, text: 'skimmer found' } };
  test.each<[string, Partial<ApprovalConfig>, Decision, boolean]>([
    ['nowhere unless configured', { off: false, on: false }, off(2), false],
    ['to switch off, when configured', { on: false }, off(2), true],
    ['but not when it is urgent', {}, off(2, {}, security), false],
    ['to switch on, when configured', { off: false }, on(2), true],
    ['to switch on, however urgent', {}, decision(2, { action: 'on', ...security }), true],
    [
      'to end an "off" by an "off" about something else',
      { off: false },
      off(2, { lanes: ['3'] }, { supersedes: ['D1'], ...security }),
      true,
    ],
    ['not to go beside an "off"', { off: false }, off(2, { lanes: ['3'] }), false],
  ])('%s', (_, config, one, needed) => {
    expect(approvalNeeded({ ...both, ...config }, one, [off(1)])).toBe(needed);
  });

  const proposed = on(1, { lanes: ['3'] }, { approval: 'needed', untilMs: NOON + HOUR });
  const approval = { by: bob, atMs: NOON, number: 3 };
  const answer = (decisions: Decision[], id = 'D1', by = bob, atMs = NOON): string => {
    const result = approve(both, id, decisions, { ...approval, by, atMs });
    return isDecisionProblem(result) ? describeDecisionProblem(result) : 'approved';
  };

  it('and then the decision counts', () => {
    expect(answer([proposed])).toBe('approved');
    expect(inForce([proposed], now)).toEqual([]);
    expect(inForce([{ ...proposed, approved: approval }], now)).toHaveLength(1);
  });

  test.each(['ann', 'ANN', ' Ann ', 'ａｎｎ'])('who is not the first, as "%s" is', (person) => {
    expect(answer([proposed], 'D1', { person, role: 'manager' })).toBe(
      `approval: D1 was made by ${person}: another person must approve it`,
    );
  });

  test.each([
    [
      'with the role for it',
      [proposed],
      'D1',
      { person: 'cy', role: 'cashier' },
      NOON,
      'by manager, not by a cashier',
    ],
    ['while it is not over', [proposed], 'D1', bob, NOON + HOUR, 'is over'],
    ['to what there is', [proposed], 'D5', bob, NOON, 'there is no decision D5'],
    [
      'once',
      [{ ...proposed, approved: approval }],
      'D1',
      bob,
      NOON,
      'needs no approval, or has it',
    ],
    [
      'unless it was withdrawn',
      [proposed, off(2, {}, { supersedes: ['D1'] })],
      'D1',
      bob,
      NOON,
      'was superseded',
    ],
    [
      'unless the opposite was decided meanwhile',
      [proposed, off(2, { lanes: ['3'] })],
      'D1',
      bob,
      NOON,
      'contradicts D2',
    ],
  ] as const)('%s', (_, decisions, id, by, atMs, words) => {
    expect(answer([...decisions], id, by, atMs)).toContain(words);
  });

  it('and a decision made meanwhile is earlier than one approved after it', () => {
    const list = [
      on(1, { lanes: ['3', '4'] }, { approval: 'needed', approved: approval }),
      off(2, { lanes: ['2', '3'] }),
    ];
    expect(explain(list, visaPhone, now)[0]).toContain('taken');
  });
});

describe('the register', () => {
  const first = decisionToJson(off(1, {}, { approval: 'needed' }));
  const agreed = approvalToJson('D1', { by: bob, atMs: NOON, number: 2 });
  const third = decisionToJson(on(3, {}, { supersedes: ['D1'] }));

  it('is read back with approvals in their place', () => {
    const read = readRegister([first, agreed, third]);
    if (isDecisionProblem(read)) throw new Error(describeDecisionProblem(read));
    expect(read).toEqual([
      off(1, {}, { approval: 'needed', approved: { by: bob, atMs: NOON, number: 2 } }),
      on(3, {}, { supersedes: ['D1'] }),
    ]);
    expect(nextNumber(read)).toBe(4);
    expect(nextNumber([])).toBe(1);
  });

  test.each<[string, unknown[], string]>([
    [
      'an entry is gone that a later one speaks of',
      [third],
      'entry 1: supersedes: D1 is not there',
    ],
    ['an entry came in between', [third, first], 'entry 1: supersedes: D1 is not there'],
    ['entries changed places', [agreed, first], 'entry 1: decision: D1 is not there'],
    ['an entry stands there twice', [first, first], 'entry 2: number: 1 does not follow 1'],
    [
      'a person approved their own',
      [first, { ...agreed, by: { person: 'Ann', role: 'manager' } }],
      'entry 2: by: D1 was approved by the person who made it',
    ],
    [
      'an approval was slipped into a decision',
      [{ ...first, approved: { by: bob } }],
      'entry 1: approved: nothing of this name can be said',
    ],
    ['an entry is not one', ['off'], 'entry 1: expected Object'],
    ['an entry has lost its reason', [{ ...first, reason: undefined }], 'entry 1: reason: '],
  ])('is unreadable as a whole when %s', (_, entries, words) => {
    const read = readRegister(entries);
    expect(isDecisionProblem(read) && describeDecisionProblem(read)).toContain(words);
  });
});

describe('an export', () => {
  const list = [
    off(
      1,
      { devices: 'phones', range: { from: '4899', to: '4900' }, lanes: ['1', '3'] },
      {
        reason: { category: 'commercial', text: '=HYPERLINK("http://x","fees")' },
        texts: { de: { shopper: 'Bitte "stecken", danke' }, en: { shopper: 'Insert, please' } },
        alternatives: ['insert', 'cash'],
        untilMs: NOON + HOUR,
      },
    ),
    on(2, {}, { supersedes: ['D1'], by: { person: '@bob', role: 'manager' } }),
  ];

  it('as CSV has every column, quotes, and nothing that a spreadsheet would calculate', () => {
    const proof = { sequence: 17, hash: 'ab'.repeat(32) };
    const csv = registerCsv(list, now, new Map([['D1', proof]]));
    const [head, one, two, end] = csv.split('\r\n');
    expect(end).toBe('');
    expect(head?.split(',')).toHaveLength(32);
    expect(one).toContain('"\'=HYPERLINK(""http://x"",""fees"")"');
    expect(one).toContain('"de: Bitte ""stecken"", danke | en: Insert, please"');
    expect(one).toContain('"4899–4900"');
    expect(one).toContain('"2026-11-23T10:00:00.000Z"');
    expect(one).toContain(`"D2","17","${proof.hash}"`);
    expect(two).toContain('"\'@bob","manager"');
    expect(two).toContain('"at once","until superseded"');
  });

  test.each(['=1+1', '+1', '-1', '@x', ' =1', '\t=1', '＝1', '\u00a0=1'])(
    'makes text of a cell with %j',
    (text) => {
      const csv = registerCsv([off(1, {}, { reason: { category: 'other', text } })], now);
      expect(csv).toContain(`"'${text}"`);
    },
  );

  it('as JSON says the same, and its state', () => {
    const { decisions, timeZone } = JSON.parse(registerJson(list, now));
    expect(timeZone).toBe('Europe/Berlin');
    expect(decisions).toHaveLength(2);
    expect(decisions[0]).toMatchObject({ ...list[0], state: 'superseded', supersededBy: ['D2'] });
  });
});

describe('the explanation', () => {
  it('names what decides, what gives way and by which rule, and what is about others', () => {
    const list = [
      off(1, { devices: 'phones' }, { untilMs: NOON + HOUR }),
      on(2),
      on(3, { lanes: ['3'] }),
      off(4, { scheme: 'Mastercard' }),
    ];
    expect(explain(list, visaPhone, now)).toEqual([
      'A phone or watch (Visa) of 60.00 EUR at lane 3: refused.',
      'Decides: D1 switches off contactless, phones and watches until 2026-11-23 11:00 ' +
        '(ann, manager, 2026-11-23 00:01; commercial: fees).',
      'Applies but gives way to D1: that one is narrower (devices: only it names one). ' +
        'D3 switches on contactless, lane 3 (ann, manager, 2026-11-23 00:03; commercial: fees).',
      'Applies but gives way to D1: that one is narrower (devices: only it names one). ' +
        'D2 switches on contactless (ann, manager, 2026-11-23 00:02; commercial: fees).',
      'In force, but not for this payment: D4 switches off contactless, Mastercard ' +
        '(ann, manager, 2026-11-23 00:04; commercial: fees).',
      'This may change by itself at 2026-11-23 11:00.',
    ]);
  });

  it('says what it would have to know', () => {
    const list = [off(1, { devices: 'phones', scheme: 'Visa' })];
    expect(explain(list, { method: 'contactless' }, now)).toEqual([
      'A contactless payment: not settled before we know the scheme and whether it is a phone.',
      'May apply, depending on the scheme and whether it is a phone: D1 switches off ' +
        'contactless, phones and watches, Visa (ann, manager, 2026-11-23 00:01; commercial: fees).',
      'No decision begins or ends by itself.',
    ]);
  });

  it('says which rule told equals apart', () => {
    const words = (a: Decision, b: Decision) => explain([a, b], visaPhone, now).join(' ');
    expect(words(on(1), off(2))).toContain('to D2: equally narrow, that one is later');
    expect(words(on(1), off(1, {}, { id: 'D0' }))).toContain('equally late, off beats on');
    expect(words(on(1, { lanes: ['3'] }), off(2, { lanes: ['2', '3'] }))).toContain(
      'narrower (lanes: it takes in less)',
    );
  });

  it('holds no digit of the card', () => {
    const list = [off(1, { range: { from: '4', to: '4' } })];
    expect(explain(list, visaPhone, now).join(' ')).not.toContain('48999');
  });
});
