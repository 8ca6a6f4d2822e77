import { beforeEach, describe, expect, it } from 'vitest';
import { fault } from '#ports/fault.ts';
import { ROLES, type Role } from '#ports/people.ts';
import {
  type Asked,
  type AuditLine,
  authorise,
  may,
  RIGHTS,
  type Right,
  recorded,
  refuseUnless,
} from '#staff/index.ts';
import { ANN, BOB, clocksAtStart, person, problem } from '#test/ports/people-suite.ts';
import { type MemoryPeople, memoryPeople } from '#test/support/memory-people.ts';

const asked = (more: Partial<Asked> = {}): Asked => ({
  name: 'Ann',
  pin: ANN,
  right: 'changePeople',
  from: 'command line',
  action: 'add person',
  subject: 'Eve',
  atMs: 7,
  ...more,
});

let people: MemoryPeople;
let lines: AuditLine[];
const audit = async (line: AuditLine) => {
  lines.push(line);
  return undefined;
};
beforeEach(async () => {
  lines = [];
  people = memoryPeople(clocksAtStart);
  person(await people.add('Ann', 'manager', ANN));
  person(await people.add('Bob', 'cashier', BOB));
});

describe('who may do what', () => {
  it('lets a manager do what a manager may, and leaves the record to the deed', async () => {
    expect(person(await authorise(people, audit, asked({ name: 'ann' }))).name).toBe('Ann');
    expect(lines).toEqual([]);
  });

  it('refuses a cashier what a manager may, and records it', async () => {
    const refused = problem(await authorise(people, audit, asked({ name: 'bob', pin: BOB })));
    expect(refused).toMatchObject({
      field: 'role',
      problem: 'Bob is a cashier: this needs a manager',
    });
    expect(lines).toMatchObject([
      { atMs: 7, person: 'Bob', role: 'cashier', action: 'add person', subject: 'Eve' },
    ]);
    expect(lines[0]?.outcome).toBe('refused');
  });

  it('records a wrong PIN, and never the PIN', async () => {
    problem(await authorise(people, audit, asked({ pin: BOB })));
    expect(lines).toMatchObject([{ person: 'Ann', role: 'unknown', outcome: 'refused' }]);
    expect(JSON.stringify(lines)).not.toContain(BOB);
  });

  it('refuses also what it can not record, and lets nobody in whom it can not check', async () => {
    const full = async () => fault('journal', 'full');
    problem(await authorise(people, full, asked({ name: 'Bob', pin: BOB })));
    const damaged = fault('people', 'damaged');
    people.fail(damaged);
    expect(await authorise(people, audit, asked())).toBe(damaged);
  });

  it('has a row for every right, and a manager may do everything', async () => {
    for (const right of Object.keys(RIGHTS) as Right[]) {
      expect(may('manager', right)).toBe(true);
      for (const role of ROLES) {
        lines = [];
        const why = await refuseUnless({ name: 'Zoë', role }, right, audit, asked());
        expect(why === undefined).toBe(may(role, right));
        expect(lines).toHaveLength(may(role, right) ? 0 : 1);
      }
    }
  });

  it.each<[Role, readonly Right[]]>([
    ['cashier', ['decide', 'approveDecision', 'changeSettings', 'changePeople', 'seePeople']],
    [
      'technician',
      ['decide', 'approveDecision', 'changeSettings', 'changePeople', 'refund', 'void'],
    ],
  ])('keeps from a %s what is not theirs', (role, rights) => {
    for (const right of rights) expect(may(role, right)).toBe(false);
  });
});

describe('a change that is recorded', () => {
  const line = {
    ...asked(),
    person: 'Ann',
    role: 'manager',
    says: 'Eve is a cashier now',
  } as const;
  const add = (name: string) =>
    recorded(audit, line, (record) => people.add(name, 'cashier', BOB, record));

  it('stands in the record once, as done', async () => {
    person(await add('Eve'));
    expect(lines).toMatchObject([{ outcome: 'done', says: 'Eve is a cashier now' }]);
  });

  it('stands there as refused when it is', async () => {
    problem(await add('Bob'));
    expect(lines).toMatchObject([
      { outcome: 'refused', says: 'there is somebody of this name already: Bob' },
    ]);
  });

  it('is not made when it can not be recorded', async () => {
    const full = fault('journal', 'full');
    let tries = 0;
    const unwritten = async () => {
      tries++;
      return full;
    };
    const add = recorded(unwritten, line, (record) => people.add('Eve', 'cashier', BOB, record));
    expect(await add).toBe(full);
    expect(tries).toBe(1);
    expect(await people.list()).toHaveLength(2);
  });

  it('says so when it was recorded and came to nothing after all', async () => {
    const late = await recorded(audit, line, async (record) => {
      await record();
      return fault('people', 'the disk is full');
    });
    expect(late).toMatchObject({ fault: 'people' });
    expect(lines.map(({ outcome, says }) => [outcome, says])).toEqual([
      ['done', 'Eve is a cashier now'],
      ['refused', 'not done after all: the disk is full'],
    ]);
  });
});
