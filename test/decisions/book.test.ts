import { beforeEach, describe, expect, it, test } from 'vitest';
import { fault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import { type MemoryJournal, memoryJournal } from '#test/support/memory-journal.ts';
import {
  ann,
  type Bench,
  bob,
  config,
  HOUR_MS,
  idsOf,
  lane3,
  MINUTE_MS,
  made,
  off,
  on,
  openBench,
  phone,
  type ShopClock,
  START_MS,
  shopClock,
  twoPeople,
  why,
} from './support.ts';

let clock: ShopClock;
let journal: MemoryJournal;
let bench: Bench;

beforeEach(async () => {
  clock = shopClock();
  journal = memoryJournal(clock.wallMs);
  bench = await openBench(journal, clock);
});

const restarted = async (how = config): Promise<Bench> => {
  bench.leave();
  journal = memoryJournal(clock.wallMs, journal.durable());
  return openBench(journal, clock, how);
};
const entries = () => journal.durable().entries;

describe('a shop that has decided nothing', () => {
  it('takes everything, and says so once', async () => {
    expect(bench.said).toEqual([{ inForce: [] }]);
    expect(bench.book.judge(phone).accepted).toBe('yes');
    expect(bench.book.all()).toEqual([]);
    expect(await bench.book.verify()).toEqual({ entries: 0, head: '' });
    expect(bench.errors).toEqual([]);
  });
});

describe('a decision', () => {
  it('counts in the same turn of the event loop in which it was written', async () => {
    let written = false;
    const { append } = journal;
    journal.append = async (write) => {
      const answer = await append(write);
      written = true;
      queueMicrotask(() => setImmediate(() => (written = false)));
      return answer;
    };
    bench.book.standing$.subscribe(({ inForce }) => {
      if (inForce.length > 0) expect(written).toBe(true);
    });
    const decision = made(await bench.book.decide(off(), ann));
    expect(written).toBe(true);
    expect(decision).toMatchObject({ id: 'D1', number: 1, by: ann, madeMs: START_MS });
    expect(bench.said.map(idsOf)).toEqual([[], ['D1']]);
    expect(bench.book.judge(phone)).toMatchObject({ accepted: 'no', by: { id: 'D1' } });
  });

  it('is one entry of the journal, and its proof says which', async () => {
    await bench.book.decide(off(), ann);
    await bench.book.decide(on({ scope: { lanes: ['3'] } }), ann);
    expect(entries()).toMatchObject([
      { event: 'decision', payment: null, data: { kind: 'decision', number: 1 } },
      { event: 'decision', payment: null, data: { kind: 'decision', number: 2 } },
    ]);
    const [first, second] = entries().map(({ sequence, hash }) => ({ sequence, hash }));
    expect([...bench.book.proofs()]).toEqual([
      ['D1', first],
      ['D2', second],
    ]);
    expect(await bench.book.verify()).toEqual({ entries: 2, head: second?.hash });
  });

  it('is the same after a restart, and the next one has the next number', async () => {
    made(await bench.book.decide(off({ untilMs: START_MS + HOUR_MS }), ann));
    const before = bench.book.all();
    bench = await restarted();
    expect(bench.book.all()).toEqual(before);
    expect(bench.said.map(idsOf)).toEqual([['D1']]);
    expect(made(await bench.book.decide(on({ supersedes: ['D1'] }), ann)).id).toBe('D2');
    expect(bench.book.judge(phone).accepted).toBe('yes');
  });

  it('takes its turn: of two opposite ones at once the second is refused', async () => {
    const [first, second] = await Promise.all([
      bench.book.decide(off({ scope: { devices: 'phones' } }), ann),
      bench.book.decide(on({ scope: { devices: 'phones' } }), bob),
    ]);
    expect(made(first).id).toBe('D1');
    expect(why(second)).toContain('D1 says "off" for exactly this scope');
    const many = await Promise.all(
      ['1', '2', '3'].map((lane) => bench.book.decide(off({ scope: { lanes: [lane] } }), ann)),
    );
    expect(many.map((one) => made(one).id)).toEqual(['D2', 'D3', 'D4']);
    expect(entries()).toHaveLength(4);
  });

  it('that could not be written changes nothing', async () => {
    journal.failNext(fault('journal', 'the disk is full'));
    expect(await bench.book.decide(off(), ann)).toEqual(fault('journal', 'the disk is full'));
    expect(bench.said).toHaveLength(1);
    expect(bench.book.all()).toEqual([]);
    expect(bench.book.judge(phone).accepted).toBe('yes');
    expect(bench.errors).toEqual([
      'the decision could not be written: nothing changed: the disk is full',
    ]);
    expect(made(await bench.book.decide(off(), ann)).id).toBe('D1');
  });

  test.each<[string, object, string]>([
    ['without a reason', { action: 'off' }, 'reason: missing: expected why'],
    ['that ends in the past', off({ untilMs: START_MS - 1 }), 'until: 2026-11-23 09:59 is past'],
    ['about a scope that there is not', off({ scope: { shop: 'x' } }), 'scope.shop: nothing of'],
    ['about a strange lane', off({ scope: { lanes: ['9'] } }), 'scope.lanes: 9 is unknown here'],
    ['that supersedes nothing', off({ supersedes: ['D9'] }), 'supersedes: D9 is unknown here'],
  ])('%s is refused and written nowhere', async (_, request, words) => {
    expect(why(await bench.book.decide(request, ann))).toContain(words);
    expect(entries()).toEqual([]);
    expect(bench.said).toHaveLength(1);
  });

  it('of a person whose name could not be read back is not written', async () => {
    const nobody = { person: 'a\u0000b', role: 'manager' };
    expect(why(await bench.book.decide(off(), nobody))).toContain('by.person: expected a name');
    expect(entries()).toEqual([]);
    expect(bench.book.standing().unreadable).toBeUndefined();
  });

  it('tells at once those who listen later, and each change only once', async () => {
    await bench.book.decide(off(), ann);
    const late: string[][] = [];
    bench.book.standing$.subscribe((one) => late.push(idsOf(one)));
    await bench.book.verify();
    await clock.pass(2 * MINUTE_MS);
    expect(late).toEqual([['D1']]);
    expect(bench.said).toHaveLength(2);
  });
});

describe('where two people must agree', () => {
  beforeEach(async () => {
    bench = await restarted(twoPeople);
  });

  it('a decision counts when the second did, also across a restart between the two', async () => {
    const proposed = made(await bench.book.decide(off(), ann));
    expect(proposed.approval).toBe('needed');
    expect(bench.book.judge(phone).accepted).toBe('yes');
    // Told all the same: the console shows what waits.
    expect(bench.said.map(idsOf)).toEqual([[], []]);
    bench = await restarted(twoPeople);
    expect(why(await bench.book.approve('D1', { person: 'ANN', role: 'manager' }))).toContain(
      'another person must approve it',
    );
    expect(why(await bench.book.approve('D1', { person: 'cy', role: 'cashier' }))).toContain(
      'not by a cashier',
    );
    expect(why(await bench.book.approve('D7', bob))).toContain('there is no decision D7');
    expect(bench.said.map(idsOf)).toEqual([[]]);
    expect(made(await bench.book.approve('D1', bob))).toMatchObject({
      approved: { by: bob, number: 2, atMs: START_MS },
    });
    expect(bench.said.map(idsOf)).toEqual([[], ['D1']]);
    bench = await restarted(twoPeople);
    expect(bench.book.judge(phone).accepted).toBe('no');
    expect(why(await bench.book.approve('D1', bob))).toContain('needs no approval, or has it');
  });

  it('an urgent "off" counts at once, and its end waits', async () => {
    const found = { category: 'security', text: 'a skimmer' };
    made(await bench.book.decide(off({ reason: found }), ann));
    expect(bench.book.judge(phone).accepted).toBe('no');
    made(await bench.book.decide(on({ reason: found, supersedes: ['D1'] }), ann));
    expect(bench.book.judge(phone).accepted).toBe('no');
    made(await bench.book.approve('D2', bob));
    expect(bench.book.judge(phone).accepted).toBe('yes');
  });

  it('an approval that could not be written is none', async () => {
    await bench.book.decide(off(), ann);
    journal.failNext(fault('journal', 'the disk is full'));
    expect(why(await bench.book.approve('D1', bob))).toBe('the disk is full');
    expect(bench.book.all()[0]?.approved).toBeUndefined();
    expect(bench.book.judge(phone).accepted).toBe('yes');
    await bench.book.approve('D1', bob);
    expect(bench.book.judge(phone).accepted).toBe('no');
  });

  it('two who approve at once approve once', async () => {
    await bench.book.decide(off(), ann);
    const cy = { person: 'cy', role: 'manager' };
    const outcomes = await Promise.all([
      bench.book.approve('D1', bob),
      bench.book.approve('D1', cy),
    ]);
    expect(outcomes.map(why)).toEqual(['decided', 'approval: D1 needs no approval, or has it']);
  });
});

describe('a journal that refuses', () => {
  const damaged = fault('journal', 'the journal is damaged: entry 17: it was changed');

  it('means off, within half a minute and with its own words', async () => {
    await bench.book.decide(on(), ann);
    journal.refuse(damaged);
    await clock.pass(30_000);
    expect(bench.said.at(-1)).toEqual({ inForce: [], unreadable: damaged.detail });
    expect(bench.book.judge(phone)).toEqual({ accepted: 'no', why: [], needs: [] });
    expect(bench.book.judge({ method: 'qr' }).accepted).toBe('no');
    expect(bench.book.why(phone).join(' ')).toContain('entry 17');
    expect(bench.errors).toEqual([
      `the register of decisions can't be read: nothing is taken: ${damaged.detail}`,
    ]);
    // What is known of it can still be shown.
    expect(bench.book.all()).toHaveLength(1);
  });

  it('takes no decision, and no beginning either', async () => {
    await bench.book.decide(off(), ann);
    journal.refuse(damaged);
    expect(await bench.book.decide(on(), ann)).toEqual(damaged);
    expect(await bench.book.approve('D1', bob)).toEqual(damaged);
    expect(await bench.book.beginAnew(on(), ann)).toEqual(damaged);
    expect(await bench.book.verify()).toEqual(damaged);
    expect(bench.book.preview(on(), ann)).toMatchObject({ problem: damaged.detail });
    expect(bench.said.at(-1)?.unreadable).toBe(damaged.detail);
  });

  it('and can be used again is noticed within seconds', async () => {
    await bench.book.decide(on(), ann);
    journal.refuse(damaged);
    await clock.pass(30_000);
    journal.refuse(undefined);
    await clock.pass(5000);
    expect(bench.said.map(({ unreadable }) => unreadable !== undefined)).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(bench.book.judge(phone).accepted).toBe('yes');
  });

  it('at the start means off before anything was asked', async () => {
    bench.leave();
    journal.refuse(damaged);
    bench = await openBench(journal, clock);
    expect(bench.said).toEqual([{ inForce: [], unreadable: damaged.detail }]);
    expect(bench.book.judge(lane3).accepted).toBe('no');
  });
});

describe('a register that begins anew', () => {
  // A recovery that lost entries: nobody knows what they said.
  const lost = { payment: null, event: 'recovered', atMs: START_MS, data: { ownUncertain: true } };

  it('counts from its first decision on, and not twice', async () => {
    await bench.book.decide(off(), ann);
    await journal.append({ entries: [lost] });
    bench = await restarted();
    expect(bench.book.standing().unreadable).toContain('decisions may be among them');
    const first = made(await bench.book.beginAnew(on({ scope: { lanes: ['1'] } }), bob));
    expect([first.id, first.number]).toEqual(['D3', 3]);
    expect(bench.said.map(idsOf)).toEqual([[], ['D3']]);
    expect(why(await bench.book.beginAnew(on(), bob))).toContain('the register can be read');
    expect(entries().map(({ data }) => data['kind'])).toEqual([
      'decision',
      undefined,
      'begin',
      'decision',
    ]);
  });

  it('that waits for a second person takes nothing, not even while it is read again', async () => {
    await journal.append({ entries: [lost] });
    bench.leave();
    let written = false;
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const slow: Journal = {
      ...journal,
      append: async (write) => {
        written = true;
        return journal.append(write);
      },
      ownEntries: async (event) => {
        if (written) await gate;
        return journal.ownEntries(event);
      },
    };
    bench = await openBench(slow, clock, twoPeople);
    const begun = bench.book.beginAnew(off({ scope: { lanes: ['1'] } }), ann);
    while (!written) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect(bench.book.judge(lane3).accepted).toBe('no');
    go();
    expect(made(await begun).approval).toBe('needed');
    expect(bench.book.judge(lane3).accepted).toBe('no');
    expect(bench.said.map(idsOf)).toEqual([[], []]);
    expect(bench.said.every(({ unreadable }) => unreadable !== undefined)).toBe(true);
  });

  it('is not written where its disk is full', async () => {
    await journal.append({ entries: [lost] });
    bench = await restarted();
    journal.failNext(fault('journal', 'the disk is full'));
    expect(why(await bench.book.beginAnew(off(), ann))).toBe('the disk is full');
    expect(why(await bench.book.beginAnew({ action: 'off' }, ann))).toContain('reason: missing');
    expect(bench.book.judge(lane3).accepted).toBe('no');
    expect(entries()).toHaveLength(1);
  });
});

describe('a preview', () => {
  const preview = (request: object) => {
    const result = bench.book.preview(request, ann);
    if ('decisionProblem' in result) throw new Error(result.problem);
    return result;
  };

  it('says what a decision switches and ends, and writes nothing', async () => {
    await bench.book.decide(off(), ann);
    const { decision, says, warnings } = preview(on({ supersedes: ['D1'] }));
    expect(decision.id).toBe('D2');
    expect(says).toEqual([
      'D2 switches on contactless (ann, manager, 2026-11-23 10:00; commercial: fees).',
      'It ends at once, for good: D1 switches off contactless ' +
        '(ann, manager, 2026-11-23 10:00; commercial: fees).',
    ]);
    expect(warnings).toEqual([]);
    expect(entries()).toHaveLength(1);
  });

  it('says whom it waits for', async () => {
    bench = await restarted(twoPeople);
    expect(preview(off()).says[1]).toBe(
      'It waits for another person to approve it (manager) and changes nothing until then.',
    );
    await bench.book.decide(off(), ann);
    expect(preview(off({ supersedes: ['D1'] })).says[1]).toContain('withdraws the proposal: D1');
  });

  it('warns of cards that tell their number too late for a range', () => {
    const range = { from: '48', to: '49' };
    expect(preview(off({ scope: { range } })).warnings).toEqual([
      'Visa cards (kernel 03) tell their account number only together with the cryptogram, ' +
        "unless their directory tells it first: those that don't are all refused, " +
        'also outside this range.',
    ]);
    expect(preview(on({ scope: { range } })).warnings[0]).toContain('this "on" does not count');
    expect(preview(off({ scope: { range, scheme: 'Mastercard' } })).warnings).toEqual([]);
    expect(preview(off({ scope: { scheme: 'Visa' } })).warnings).toEqual([]);
  });

  it('warns that phones are told by signs', () => {
    expect(preview(off({ scope: { devices: 'phones' } })).warnings[0]).toContain(
      'told from plastic by signs',
    );
  });

  it('warns of what is narrower and goes on', async () => {
    await bench.book.decide(on({ scope: { lanes: ['3'] } }), ann);
    await bench.book.decide(on({ scope: { lanes: ['2'] } }), ann);
    expect(preview(off({ scope: { lanes: ['1', '3'] } })).warnings).toEqual([
      'D1 goes on: it is narrower (on: contactless, lane 3).',
    ]);
    expect(preview(off({ supersedes: ['D1', 'D2'] })).warnings).toEqual([]);
    expect(preview(off({ scope: { method: 'qr' } })).warnings).toEqual([]);
  });

  it('names what is wrong with it', () => {
    expect(bench.book.preview({ action: 'off' }, ann)).toMatchObject({ field: 'reason' });
  });
});

it('explains a payment by the rule', async () => {
  await bench.book.decide(off({ scope: { devices: 'phones' } }), ann);
  expect(bench.book.why(phone)[0]).toBe('A phone or watch (Visa) of 60.00 EUR at lane 3: refused.');
});
