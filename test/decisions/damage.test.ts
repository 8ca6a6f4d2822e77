import { createHash } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { recoverFile } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import { leavesOf, type Place, place, ruinPage, tamper } from '#test/drivers/sqlite/support.ts';
import { asked, entry, got, settled } from '#test/ports/journal-suite.ts';
import {
  ann,
  type Bench,
  bob,
  config,
  idsOf,
  lane3,
  made,
  off,
  on,
  openBench,
  phone,
  type ShopClock,
  shopClock,
  twoPeople,
  why,
} from './support.ts';

// Entries of the journal: 1 and 2 a payment, 3 D1, 4 its end, 5 D2, 6 D3, 7 something else.
let at: Place;
let clock: ShopClock;
let journal: Journal;
let bench: Bench;

beforeEach(async () => {
  at = await place();
  clock = shopClock();
  journal = await at.open();
  bench = await openBench(journal, clock);
  await journal.append(asked('p1'));
  made(await bench.book.decide(off({ scope: { devices: 'phones' } }), ann));
  await journal.append(settled('p1'));
  made(await bench.book.decide(off({ scope: { scheme: 'Visa' } }), ann));
  made(await bench.book.decide(off({ scope: { lanes: ['3'] } }), ann));
});
afterEach(async () => {
  bench.leave();
  await journal.close();
  await at.remove();
});

const restart = async (how = config): Promise<void> => {
  bench.leave();
  await journal.close();
  journal = await at.open();
  bench = await openBench(journal, clock, how);
};
const later = () => journal.append({ entries: [entry(null, 'upkeep')] });

const hashOf = (line: Readonly<Record<string, unknown>>): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        ['previous', 'sequence', 'payment', 'event', 'at_ms', 'data', 'attached'].map(
          (name) => line[name],
        ),
      ),
    )
    .digest('hex');

/** Another text in an entry, and a hash that fits it: all that an informed hand can do to one. */
const forge = (sequence: number, from: string, to: string): void => {
  const db = new DatabaseSync(at.path);
  const line = db.prepare('SELECT * FROM entries WHERE sequence = ?').get(sequence);
  db.close();
  if (line === undefined) throw new Error(`no entry ${sequence}`);
  const data = String(line['data']).replace(from, to);
  expect(data).not.toBe(line['data']);
  const hash = hashOf({ ...line, data });
  tamper(
    at.path,
    `UPDATE entries SET data = '${data}', hash = '${hash}' WHERE sequence = ${sequence}`,
  );
};

/** One more entry at the end, well chained, that nobody decided. */
const insert = (data: object): void => {
  const db = new DatabaseSync(at.path);
  const last = db.prepare('SELECT * FROM entries ORDER BY sequence DESC LIMIT 1').get();
  const line = {
    ...last,
    sequence: Number(last?.['sequence']) + 1,
    payment: null,
    event: 'decision',
    data: JSON.stringify(data),
    previous: last?.['hash'],
  };
  const values = Object.values({ ...line, hash: hashOf(line) });
  db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(
    ...(values as (string | number | null)[]),
  );
  db.close();
};

const forged = {
  ...{ kind: 'decision', id: 'D4', number: 4, by: ann, madeMs: 1, approval: 'notNeeded' },
  ...on({ scope: {}, supersedes: ['D1', 'D2', 'D3'], texts: {}, alternatives: [] }),
};

// What a hand does to the file, and what is said of it.
const hands: readonly (readonly [string, () => void, RegExp])[] = [
  [
    'changes an "off" to "on"',
    () =>
      tamper(
        at.path,
        `UPDATE entries SET data = replace(data, '"off"', '"on"') WHERE sequence = 3`,
      ),
    /entry 3: it was changed/,
  ],
  [
    'changes one and its hash with it',
    () => forge(3, '"off"', '"on"'),
    /entry 3: it was changed: entry 4 doesn't follow|entry 4: it doesn't follow on entry 3/,
  ],
  [
    'changes the last one and its hash with it',
    () => forge(6, '"off"', '"on"'),
    /entry 6: it (was changed|is not the one that the head file knows)/,
  ],
  [
    'takes the first out',
    () => tamper(at.path, 'DELETE FROM entries WHERE sequence = 3'),
    /entry [34]/,
  ],
  [
    'takes one out of the middle',
    () => tamper(at.path, 'DELETE FROM entries WHERE sequence = 5'),
    /entry [56]/,
  ],
  [
    'takes the last out',
    () => tamper(at.path, 'DELETE FROM entries WHERE sequence = 6'),
    /entry [56]|last 1 entries, up to 6, are missing/,
  ],
  [
    'makes another event of one',
    () => tamper(at.path, "UPDATE entries SET event = 'note' WHERE sequence = 5"),
    /entry 5: it was changed/,
  ],
  [
    'makes another event of the last',
    () => tamper(at.path, "UPDATE entries SET event = 'note' WHERE sequence = 6"),
    /entry 6: it was changed/,
  ],
  [
    'hides one behind a payment',
    () => tamper(at.path, "UPDATE entries SET payment = 'p1' WHERE sequence = 5"),
    /entry 5: it was changed/,
  ],
  [
    'lets two change places',
    () =>
      tamper(
        at.path,
        `UPDATE entries SET sequence = 5000 WHERE sequence = 5;
         UPDATE entries SET sequence = 5 WHERE sequence = 6;
         UPDATE entries SET sequence = 6 WHERE sequence = 5000`,
      ),
    /entry [56]: it (was changed|is not the one that the head file knows)/,
  ],
  ['adds one that nobody decided', () => insert(forged), /entry 7|7 of 6|4 of 3|count/],
];

describe.each(hands)('a hand that %s', (_, hand, words) => {
  const expectOff = (): void => {
    const { unreadable, inForce } = bench.book.standing();
    expect(inForce).toEqual([]);
    expect(unreadable).toMatch(words);
    expect(bench.book.judge({ ...lane3, lane: '1' }).accepted).toBe('no');
    expect(bench.book.judge({ method: 'qr', lane: '1' }).accepted).toBe('no');
    expect(bench.errors.at(-1)).toMatch(words);
  };

  it('is found within half a minute, named, and all is off', async () => {
    hand();
    await clock.pass(30_000);
    expectOff();
    expect(bench.said.at(-1)?.unreadable).toMatch(words);
    expect(bench.errors.filter((error) => error.includes('nothing is taken'))).toHaveLength(1);
  });

  it('is found before the next decision, which is not written', async () => {
    hand();
    const outcome = await bench.book.decide(on(), bob);
    expect(isFault(outcome)).toBe(true);
    expect(why(outcome)).toMatch(words);
    expectOff();
  });

  it('is found when somebody verifies', async () => {
    hand();
    expect(await bench.book.verify()).toMatchObject({ detail: expect.stringMatching(words) });
    expectOff();
  });

  it('is found at the next start', async () => {
    hand();
    await restart();
    expectOff();
    expect(bench.said).toHaveLength(1);
  });

  it('is found at the next start, however much was written since', async () => {
    bench.leave();
    const many = Array.from({ length: 1200 }, () => entry(null, 'upkeep'));
    await journal.append({ entries: many });
    await journal.close();
    // The start looks at the last 1,000 entries only.
    hand();
    await restart();
    expect(bench.book.standing().unreadable).toMatch(/entry ([3456]|1207): /);
    expect(bench.book.judge({ ...lane3, lane: '1' }).accepted).toBe('no');
  });
});

describe('a journal with damaged pages', () => {
  it('is off while it runs, and when it starts', async () => {
    await later();
    await journal.close();
    for (const page of leavesOf(at.path, 'entries')) ruinPage(at.path, page);
    await restart();
    expect(bench.book.standing().unreadable).toMatch(/damaged/);
    expect(bench.book.judge(phone).accepted).toBe('no');
    expect(why(await bench.book.beginAnew(off(), ann))).toMatch(/countertap journal recover/);
  });
});

describe('after the journal was recovered', () => {
  const recover = async (hand: string): Promise<void> => {
    bench.leave();
    await journal.close();
    tamper(at.path, hand);
    got(recoverFile(at.path, clock.wallMs));
    journal = await at.open();
    expect(journal.refusal()).toBeUndefined();
  };

  test.each([
    ['the first decision', 3, /entry 1: number: 1 is missing, 2 stands here \(entry 5/],
    ['one in the middle', 5, /entry 2: number: 2 is missing, 3 stands here \(entry 6/],
    ['the last, of which no number tells', 6, /recovered at .* lost entries: decisions may be/],
  ])('without %s all stays off until a manager begins anew', async (_, sequence, words) => {
    await recover(`DELETE FROM entries WHERE sequence = ${sequence}`);
    bench = await openBench(journal, clock);
    expect(bench.book.standing().unreadable).toMatch(words);
    expect(bench.book.judge({ ...lane3, lane: '1' }).accepted).toBe('no');
    expect(why(await bench.book.decide(on(), ann))).toContain('must begin anew');
    expect(bench.book.all().length).toBe(2);

    const preview = bench.book.preview(off({ scope: { lanes: ['2'] } }), ann);
    expect('says' in preview && preview.says[0]).toContain('begins anew');
    const first = made(await bench.book.beginAnew(off({ scope: { lanes: ['2'] } }), ann));
    expect(first.beginning).toMatchObject({ by: ann, reason: 'fees' });
    expect(first.beginning?.unreadable).toMatch(words);
    const states = () => bench.book.all().map(({ setAside }) => setAside !== undefined);
    expect(states()).toEqual([true, true, false]);
    expect(idsOf(bench.book.standing())).toEqual([first.id]);
    expect(bench.book.judge(phone).accepted).toBe('yes');
    expect(bench.book.proofs().size).toBe(3);

    const before = [bench.book.all(), bench.book.standing()];
    await restart();
    expect([bench.book.all(), bench.book.standing()]).toEqual(before);
    const next = made(await bench.book.decide(off(), ann));
    expect(next.number).toBe(first.number + 1);
    expect(why(await bench.book.beginAnew(off(), ann))).toContain('the register can be read');
  });

  it('without a payment the decisions stand: what follows proves that none is gone', async () => {
    await recover('DELETE FROM entries WHERE sequence = 1');
    bench = await openBench(journal, clock);
    expect(bench.book.standing().unreadable).toBeUndefined();
    expect(idsOf(bench.book.standing())).toEqual(['D1', 'D2', 'D3']);
  });

  it('with two people a beginning waits for the second, whatever it says', async () => {
    await recover('DELETE FROM entries WHERE sequence = 5');
    bench = await openBench(journal, clock, twoPeople);
    const urgent = { reason: { category: 'security', text: 'the register was damaged' } };
    const first = made(
      await bench.book.beginAnew(off({ ...urgent, scope: { lanes: ['2'] } }), ann),
    );
    const refuses = () => bench.book.judge({ ...lane3, lane: '1' }).accepted === 'no';
    expect(refuses()).toBe(true);
    await restart(twoPeople);
    expect(refuses()).toBe(true);
    expect(bench.book.standing().unreadable).toContain(`${first.id} of ann begins it anew`);
    expect(why(await bench.book.decide(on(), bob))).toContain('waits for another person');
    expect(why(await bench.book.approve(first.id, ann))).toContain('another person must approve');
    expect(refuses()).toBe(true);
    // Who thinks better of it begins once more.
    const again = made(await bench.book.beginAnew(off({ scope: { lanes: ['1'] } }), bob));
    expect(why(await bench.book.approve(first.id, ann))).toContain('must begin anew');
    expect(refuses()).toBe(true);
    made(await bench.book.approve(again.id, ann));
    expect(idsOf(bench.book.standing())).toEqual([again.id]);
    expect(bench.book.judge(phone).accepted).toBe('yes');
    expect(refuses()).toBe(true);
  });
});

it('entries that are others than at the last reading are found, however well chained', async () => {
  const entries = got(await journal.ownEntries('decision'));
  const another = entries.map((one, index) =>
    index === 1 ? { ...one, hash: 'f'.repeat(64) } : one,
  );
  const exchanged: Journal = {
    ...journal,
    ownEntries: async (event) => (event === 'decision' ? another : []),
  };
  let current = journal;
  const switching: Journal = { ...journal, ownEntries: (event) => current.ownEntries(event) };
  bench.leave();
  bench = await openBench(switching, clock);
  current = exchanged;
  await clock.pass(30_000);
  expect(bench.said.at(-1)?.unreadable).toBe(
    'entry 2, entry 5 of the journal, is gone or was changed',
  );
});
