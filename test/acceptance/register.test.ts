import { describe, expect, it, test } from 'vitest';
import {
  type ApprovalConfig,
  approvalNeeded,
  approvalToJson,
  approve,
  type Beginning,
  beginningToJson,
  contradiction,
  type Decision,
  decisionToJson,
  describeDecisionProblem,
  explain,
  inForce,
  isDecisionProblem,
  nextChange,
  numberOfBeginning,
  parseDecision,
  type Register,
  readRegister,
  registerCsv,
  registerJson,
  stateOf,
} from '#acceptance/index.ts';
import { decision, HOUR, known, NOON, now, off, on, visaPhone } from './decisions.ts';

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
    expect(read(first, agreed, third)).toEqual({
      decisions: [
        off(1, {}, { approval: 'needed', approved: { by: bob, atMs: NOON, number: 2 } }),
        on(3, {}, { supersedes: ['D1'] }),
      ],
      last: 3,
    });
    expect(read()).toEqual({ decisions: [], last: 0 });
  });

  test.each<[string, unknown[], string]>([
    ['its first entry is gone', [agreed], 'entry 1: number: 1 is missing, 2 stands here'],
    ['an entry is gone', [first, third], 'entry 2: number: 2 is missing, 3 stands here'],
    ['entries changed places', [agreed, first], 'entry 1: number: 1 is missing, 2 stands here'],
    ['an entry stands there twice', [first, first], 'entry 2: number: 2 is missing, 1 stands here'],
    [
      'an entry speaks of one that is not there',
      [first, decisionToJson(on(2, {}, { supersedes: ['D7'] }))],
      'entry 2: supersedes: D7 is not there',
    ],
    [
      'an approval has nothing to approve',
      [decisionToJson(off(1)), agreed],
      'entry 2: decision: D1 had nothing to approve',
    ],
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
    const result = readRegister(entries);
    expect(isDecisionProblem(result) && describeDecisionProblem(result)).toContain(words);
  });
});

describe('a register that begins anew', () => {
  const beginning: Beginning = {
    by: bob,
    atMs: NOON,
    number: 4,
    reason: 'the journal was damaged',
    unreadable: 'entry 2: missing',
  };
  const begin = beginningToJson(beginning);
  const one = decisionToJson(off(1));
  const three = decisionToJson(off(3, { devices: 'phones' }, { supersedes: ['D1'] }));
  const five = decisionToJson(on(5, { lanes: ['3'] }));

  it('has from then on only what is decided afterwards, and the rest as history', () => {
    const { decisions, last, beginsAt } = read(one, three, begin, five);
    expect([last, beginsAt]).toEqual([5, 2]);
    expect(decisions.map((each) => [each.id, each.setAside?.number])).toEqual([
      ['D1', 4],
      ['D3', 4],
      ['D5', undefined],
    ]);
    expect(decisions[2]?.beginning).toEqual(beginning);
    expect(decisions.map((each) => stateOf(each, decisions, now))).toEqual([
      'set aside',
      'set aside',
      'in force',
    ]);
    expect(inForce(decisions, now).map(({ id }) => id)).toEqual(['D5']);
  });

  test.each<[string, unknown[]]>([
    ['is missing', [three]],
    ['is none', ['off', one]],
    ['has no reason any more', [{ ...one, reason: undefined }]],
    ['stands there twice', [one, one]],
    ['approves nothing', [approvalToJson('D9', { by: bob, atMs: NOON, number: 1 }), one]],
  ])('works where an earlier entry %s', (_, before) => {
    const { decisions, last } = read(...before, begin, five);
    expect(last).toBe(5);
    expect(inForce(decisions, now).map(({ id }) => id)).toEqual(['D5']);
  });

  it('does not forgive what comes after it', () => {
    const wrong = (...entries: unknown[]) => {
      const result = readRegister(entries);
      return isDecisionProblem(result) ? describeDecisionProblem(result) : 'well';
    };
    expect(wrong(one, begin, decisionToJson(on(6)))).toBe(
      'entry 3: number: 5 is missing, 6 stands here',
    );
    expect(wrong(one, begin, { ...five, supersedes: ['D1'] })).toContain('D1 is not there');
    expect(wrong({ ...one, approval: 'needed' }, begin, { ...first, number: 5 })).toContain(
      'D1 is not there',
    );
    expect(wrong(begin, { ...begin, reason: '' })).toContain('entry 2: reason: expected why');
  });
  const first = approvalToJson('D1', { by: bob, atMs: NOON, number: 2 });

  it('can begin anew again', () => {
    const again = beginningToJson({ ...beginning, number: 7 });
    const entries = [one, begin, five, 'ruined', again, decisionToJson(off(8))];
    const { decisions, last } = read(...entries);
    expect(last).toBe(8);
    expect(decisions.map(({ setAside }) => setAside?.number)).toEqual([4, 7, undefined]);
  });

  it('gives no number and no id a second time', () => {
    expect(numberOfBeginning([])).toBe(1);
    expect(numberOfBeginning([one, three])).toBe(4);
    expect(numberOfBeginning(['ruined', 'ruined', 'ruined', 'ruined', three])).toBe(6);
    const { decisions } = read({ ...one, id: 'D5' }, begin, five);
    expect(decisions.map(({ id, number }) => [id, number])).toEqual([['D5', 5]]);
  });

  it('lets nothing that was set aside act on what counts', () => {
    const setAside = beginning;
    const old = off(1, {}, { setAside, untilMs: NOON + HOUR });
    const proposal = off(2, {}, { setAside, approval: 'needed' });
    expect(nextChange([old], now)).toBeUndefined();
    expect(contradiction(on(5), [old], NOON)).toBeUndefined();
    expect(inForce([on(5), off(6, {}, { setAside, supersedes: ['D5'] })], now)).toEqual([on(5)]);
    const agreed = approve(both, 'D2', [proposal], { by: bob, atMs: NOON, number: 6 });
    expect(isDecisionProblem(agreed) && agreed.problem).toContain('was set aside');
    const request = { action: 'on', reason: { category: 'other', text: 'x' }, supersedes: ['D1'] };
    const made = { id: 'D5', number: 5, by: bob };
    expect(parseDecision(request, { ...known, decisions: [old] }, made)).toMatchObject({
      field: 'supersedes',
      problem: 'D1 is unknown here; known: none',
    });
  });

  it('shows in both exports what was set aside, by whom and why', () => {
    const { decisions } = read(one, begin, five);
    const [, first, second] = registerCsv(decisions, now).split('\r\n');
    const words =
      '"bob, manager, 2026-11-23T09:00:00.000Z: the journal was damaged ' +
      '(unreadable: entry 2: missing)"';
    expect(first).toContain(`"set aside"`);
    expect(first).toContain(`${words},""`);
    expect(second).toContain(`"",${words}`);
    const json = JSON.parse(registerJson(decisions, now));
    expect(json.decisions[0]).toMatchObject({ state: 'set aside', setAside: { number: 4 } });
  });
});

const read = (...entries: unknown[]): Register => {
  const result = readRegister(entries);
  if (isDecisionProblem(result)) throw new Error(describeDecisionProblem(result));
  return result;
};

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
    expect(head?.split(',')).toHaveLength(34);
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
