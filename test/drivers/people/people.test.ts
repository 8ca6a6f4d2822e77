import { readdirSync, readFileSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFault } from '#ports/fault.ts';
import { ANN, BOB, describePeople, person, problem } from '#test/ports/people-suite.ts';
import { type Place, place, QUICK } from './support.ts';

describePeople('the people of the database', async () => {
  const at = await place();
  return { clocks: at.clocks, open: async () => at.open(), close: at.remove };
});

describe('the database of people', () => {
  let at: Place;
  beforeEach(async () => {
    at = await place();
  });
  afterEach(() => at.remove());
  const rows = (sql: string) => {
    const db = new DatabaseSync(at.path, { readOnly: true });
    const found = db.prepare(sql).all();
    db.close();
    return found;
  };
  const everything = (): string =>
    readdirSync(`${at.folder}/people`)
      .map((name) => readFileSync(`${at.folder}/people/${name}`, 'latin1'))
      .join('\n');

  it('is its owner’s alone, whatever the umask and whoever put it there', async () => {
    const mask = process.umask(0);
    person(await at.open().add('Ann', 'manager', ANN));
    process.umask(mask);
    expect(statSync(`${at.folder}/people`).mode & 0o777).toBe(0o700);
    const names = readdirSync(`${at.folder}/people`);
    expect(names).toContain('people.db');
    for (const name of names) {
      expect([name, statSync(`${at.folder}/people/${name}`).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  it('holds no PIN, and keeps none of what strangers type for a name', async () => {
    const people = at.open();
    person(await people.add('Ann', 'manager', ANN));
    problem(await people.signIn(BOB, BOB));
    problem(await people.signIn('4761739001010010', BOB));
    expect(everything()).not.toMatch(new RegExp(`${ANN}|${BOB}|4761739001010010`));
    expect(rows('SELECT pin FROM people')[0]?.['pin']).toMatch(
      /^\$argon2id\$v=19\$m=32,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/,
    );
    expect(at.log.lines).toEqual([]);
  });

  it('has another hash for the same PIN each time, and none left of an earlier one', async () => {
    const people = at.open();
    person(await people.add('Ann', 'manager', ANN));
    person(await people.add('Bob', 'cashier', ANN));
    const [first, second] = rows('SELECT pin FROM people').map(({ pin }) => String(pin));
    expect(first).not.toBe(second);
    person(await people.setPin('Bob', BOB));
    await people.close();
    expect(everything()).toContain(String(first));
    expect(everything()).not.toContain(String(second));
  });

  it('hashes anew at the next sign-in what was hashed at a lower cost', async () => {
    person(await at.open().add('Ann', 'manager', ANN));
    const dear = { memoryKiB: 64, passes: 3, lanes: 1 };
    const people = at.open({ cost: dear });
    problem(await people.signIn('Ann', BOB));
    expect(rows('SELECT pin FROM people')[0]?.['pin']).toMatch(/m=32,t=2,p=1/);
    person(await people.signIn('Ann', ANN));
    expect(rows('SELECT pin FROM people')[0]?.['pin']).toMatch(/m=64,t=3,p=1/);
    person(await people.signIn('Ann', ANN));
    person(await at.open({ cost: QUICK }).signIn('Ann', ANN));
    expect(rows('SELECT pin FROM people')[0]?.['pin']).toMatch(/m=64,t=3,p=1/);
  });

  it('goes on with the loop while it hashes', async () => {
    const people = at.open({ cost: { memoryKiB: 19_456, passes: 8, lanes: 1 } });
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    const before = turns;
    person(await people.add('Ann', 'manager', ANN));
    clearInterval(ticking);
    // Once or twice around it, if it were on the loop's own thread.
    expect(turns - before).toBeGreaterThan(10);
  });

  it('counts tries at the same time before it looks at them', async () => {
    const people = at.open();
    person(await people.add('Ann', 'manager', ANN));
    const tries = Array.from({ length: 10 }, (_, i) => people.signIn('Ann', `99990${i}`));
    const outcomes = (await Promise.all(tries)).map((one) => problem(one).problem);
    expect(outcomes.filter((says) => says.startsWith('name or PIN is wrong'))).toHaveLength(3);
    // The others came when three were being looked at already.
    expect(outcomes.filter((says) => says.startsWith('too many people'))).toHaveLength(7);
    expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(30_000);
  });

  it('lets nobody in who was removed while the PIN was compared', async () => {
    const people = at.open();
    person(await people.add('Ann', 'manager', ANN));
    person(await people.add('Bob', 'cashier', BOB));
    const slow = at.open({ cost: { memoryKiB: 19_456, passes: 5, lanes: 1 } });
    person(await slow.setPin('Bob', BOB));
    const late = people.signIn('Bob', BOB);
    while (rows("SELECT * FROM tries WHERE key = 'bob'").length === 0) await setImmediate();
    person(await at.open().remove('Bob'));
    expect(problem(await late).problem).toBe('name or PIN is wrong');
  });

  it('keeps count of a thousand strangers, and of everybody it knows', async () => {
    const people = at.open({ cost: { memoryKiB: 8, passes: 1, lanes: 1 } });
    person(await people.add('Ann', 'manager', ANN));
    for (let i = 0; i < 3; i++) problem(await people.signIn('Ann', BOB));
    const db = new DatabaseSync(at.path);
    const put = db.prepare('INSERT INTO tries VALUES (?, 1, 0, ?, 0, ?)');
    db.exec('BEGIN');
    for (let i = 0; i < 998; i++) put.run(`stranger ${i}`, at.clocks.wallMs - i, at.clocks.boot);
    db.exec('COMMIT');
    db.close();
    for (const name of ['x', 'y', 'z', 'x', 'y']) {
      at.clocks.wallMs++;
      problem(await people.signIn(name, BOB));
    }
    const left = rows("SELECT key FROM tries WHERE key LIKE 'stranger %'").map(({ key }) => key);
    expect(left).toHaveLength(997);
    expect(left).not.toContain('stranger 997');
    expect(rows('SELECT count(*) AS count FROM tries')[0]?.['count']).toBe(1001);
    expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBeGreaterThan(0);
  });

  it('refuses whom it has no room for, without counting the try', async () => {
    const people = at.open();
    person(await people.add('Ann', 'manager', ANN));
    const crowd = Array.from({ length: 40 }, (_, i) =>
      people.signIn(`Eve ${'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQR'[i]}x`, BOB),
    );
    const refused = problem(await people.signIn('Ann', ANN));
    expect(refused).toMatchObject({ field: '', retryAfterMs: 1000 });
    // What a manager does goes on meanwhile.
    person(await people.setPin('Ann', '161803'));
    await Promise.all(crowd);
    expect(rows("SELECT * FROM tries WHERE key = 'ann'")).toEqual([]);
    person(await people.signIn('Ann', '161803'));
  });

  it('says that it was closed', async () => {
    const people = at.open();
    await people.close();
    expect(isFault(await people.list())).toBe(true);
    expect(isFault(await people.signIn('Ann', ANN))).toBe(true);
  });
});
