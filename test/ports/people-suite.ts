import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fault, isFault } from '#ports/fault.ts';
import {
  type Admission,
  isPersonProblem,
  type People,
  type PersonInfo,
  type PersonProblem,
} from '#ports/people.ts';

/** The machine's clocks, in the test's hand. */
export interface Clocks {
  wallMs: number;
  monotonicMs: number;
  boot: string;
}

/** People under test; `open` gives what the last one left behind. */
export interface PeopleBench {
  readonly clocks: Clocks;
  open(): Promise<People>;
  close(): Promise<void>;
}

export const START_MS = Date.UTC(2026, 0, 1, 12);
export const clocksAtStart = (): Clocks => ({ wallMs: START_MS, monotonicMs: 5_000, boot: 'one' });

export const person = (outcome: Admission): PersonInfo => {
  if (isFault(outcome)) throw new Error(outcome.detail);
  if (isPersonProblem(outcome)) throw new Error(outcome.problem);
  return outcome;
};

export const problem = (outcome: Admission): PersonProblem => {
  if (isPersonProblem(outcome)) return outcome;
  throw new Error(`no problem: ${JSON.stringify(outcome)}`);
};

export const ANN = '271828';
export const BOB = '314159';
const WRONG = '999991';

/** Behaviour that all people have, whatever stands behind them. */
export const describePeople = (name: string, prepare: () => Promise<PeopleBench>): void => {
  describe(`${name} as people`, () => {
    let bench: PeopleBench;
    let people: People;
    beforeEach(async () => {
      bench = await prepare();
      people = await bench.open();
    });
    afterEach(async () => {
      await people.close();
      await bench.close();
    });
    const reopen = async (): Promise<void> => {
      await people.close();
      people = await bench.open();
    };
    const pass = (ms: number): void => {
      bench.clocks.wallMs += ms;
      bench.clocks.monotonicMs += ms;
    };
    const shop = async (): Promise<void> => {
      person(await people.add('Ann', 'manager', ANN));
      person(await people.add('Bob', 'cashier', BOB));
    };
    const fail = async (times: number, who = 'Ann'): Promise<PersonProblem> => {
      for (let i = 1; i < times; i++) problem(await people.signIn(who, WRONG));
      return problem(await people.signIn(who, WRONG));
    };

    it('knows nobody at first, and the first one must be a manager', async () => {
      expect(await people.list()).toEqual([]);
      expect(problem(await people.signIn('Ann', ANN)).problem).toBe('name or PIN is wrong');
      expect(problem(await people.add('Bob', 'cashier', BOB)).field).toBe('role');
      const at = { sinceMs: START_MS, pinSinceMs: START_MS };
      const ann = { name: 'Ann', role: 'manager', ...at };
      expect(await people.add('Ann', 'manager', ANN)).toEqual(ann);
      expect(await people.list()).toEqual([ann]);
    });

    it('has one first manager, however many want to be it at once', async () => {
      const names = ['Ann', 'Bob', 'Eve'];
      let records = 0;
      const record = async () => {
        records++;
        await new Promise((resolve) => setImmediate(resolve));
        return undefined;
      };
      const wanted = names.map((one) => people.addFirst(one, ANN, record));
      const outcomes = await Promise.all(wanted);
      expect(outcomes.filter(isPersonProblem)).toHaveLength(2);
      expect(records).toBeGreaterThan(0);
      expect(await people.list()).toMatchObject([{ role: 'manager' }]);
      problem(await people.addFirst('Zoë', ANN));
      expect(await people.list()).toHaveLength(1);
    });

    it('lets in who knows the PIN, also after a restart, and nobody else', async () => {
      await shop();
      await reopen();
      expect(person(await people.signIn('Bob', BOB))).toMatchObject({ role: 'cashier' });
      expect(problem(await people.signIn('Bob', ANN))).toMatchObject({ field: 'pin' });
      expect(problem(await people.signIn('Bob', ''))).toMatchObject({ field: 'pin' });
    });

    it('takes a name however it is typed, and shows it as it was given', async () => {
      person(await people.add(' Zoë  Straße', 'manager', ANN));
      for (const typed of ['zoë straße', 'ZOË STRASSE ', 'Zoe\u0308 Straße', 'Ｚｏë Straße']) {
        expect(person(await people.signIn(typed, ANN)).name).toBe('Zoë Straße');
        expect(problem(await people.add(typed, 'manager', ANN)).field).toBe('name');
      }
    });

    it.each(['２７１８２８', '٢٧١٨٢٨', '۲۷۱۸۲۸'])('takes the digits of %s', async (typed) => {
      await shop();
      expect(person(await people.signIn('Ann', typed)).name).toBe('Ann');
    });

    it.each([
      ['nothing', ''],
      ['a PIN', '271828'],
      ['a card number with letters', 'Ann 4761739001010010'],
      ['no letter first', '-Ann'],
      ['a line break and more', 'Ann<script>'],
      ['far too many letters', 'A'.repeat(100_000)],
    ])('does not take %s for a name', async (_, typed) => {
      const { field, problem: says } = problem(await people.add(typed, 'manager', ANN));
      expect(field).toBe('name');
      expect(says).not.toMatch(/\d{4}|script/);
      expect(await people.list()).toEqual([]);
    });

    it.each([
      ['too short', '31415'],
      ['too long', '3141592653589'],
      ['of one digit', '777777'],
      ['of two digits over and over', '282828'],
      ['of three digits over and over', '419419'],
      ['counted up', '456789'],
      ['counted up beyond nine', '789012'],
      ['counted down', '654321'],
      ['with a letter', '31415A'],
      ['with a blank', '314 159'],
      ['without end', '3'.repeat(100_000)],
    ])('does not take a PIN %s', async (_, pin) => {
      await shop();
      for (const refused of [
        await people.add('Eve', 'cashier', pin),
        await people.setPin('Bob', pin),
      ]) {
        expect(problem(refused).field).toBe('pin');
        expect(problem(refused).problem).not.toContain(pin);
      }
      expect(person(await people.signIn('Bob', BOB)).name).toBe('Bob');
      expect(await people.list()).toHaveLength(2);
    });

    it('changes PINs and roles of those who are there', async () => {
      await shop();
      person(await people.setPin('bob', '161803'));
      expect(person(await people.setRole('bob', 'technician')).role).toBe('technician');
      await reopen();
      expect(person(await people.signIn('Bob', '161803')).role).toBe('technician');
      problem(await people.signIn('Bob', BOB));
      expect(problem(await people.setPin('Eve', BOB)).field).toBe('name');
      expect(problem(await people.setRole('Eve', 'manager')).field).toBe('name');
      expect(problem(await people.remove('Eve')).field).toBe('name');
    });

    it('tells a new PIN from the one before, whatever the clock says', async () => {
      await shop();
      const told = async () => (await people.list()) as readonly PersonInfo[];
      const sinceOf = async () => (await told()).find(({ name }) => name === 'Bob')?.pinSinceMs;
      const times = [await sinceOf()];
      for (const later of [0, -60_000, 120_000]) {
        bench.clocks.wallMs += later;
        person(await people.setPin('Bob', '161803'));
        await reopen();
        times.push(await sinceOf());
      }
      expect(times).toEqual([START_MS, START_MS + 1, START_MS + 2, START_MS + 60_000]);
      person(await people.signIn('Bob', '161803'));
      person(await people.setRole('Bob', 'technician'));
      expect(await sinceOf()).toBe(START_MS + 60_000);
    });

    it('takes no role that there is not', async () => {
      await shop();
      const role = JSON.parse('"owner"');
      expect(problem(await people.add('Eve', role, BOB)).field).toBe('role');
      expect(problem(await people.setRole('Bob', role)).field).toBe('role');
    });

    it('never is without a manager', async () => {
      await shop();
      expect(problem(await people.remove('Ann')).field).toBe('role');
      expect(problem(await people.setRole('Ann', 'cashier')).field).toBe('role');
      person(await people.setRole('Bob', 'manager'));
      person(await people.setRole('Ann', 'cashier'));
      expect(person(await people.remove('Ann')).name).toBe('Ann');
      problem(await people.signIn('Ann', ANN));
      expect(await people.list()).toMatchObject([{ name: 'Bob', role: 'manager' }]);
    });

    it('does nothing that could not be recorded, and records nothing that is refused', async () => {
      await shop();
      const before = await people.list();
      const full = fault('journal', 'the disk is full');
      const unwritten = async () => full;
      expect(await people.add('Eve', 'cashier', BOB, unwritten)).toBe(full);
      expect(await people.setPin('Bob', '161803', unwritten)).toBe(full);
      expect(await people.setRole('Bob', 'manager', unwritten)).toBe(full);
      expect(await people.remove('Bob', unwritten)).toBe(full);
      expect(await people.list()).toEqual(before);
      person(await people.signIn('Bob', BOB));
      let records = 0;
      const record = async () => {
        records++;
        return undefined;
      };
      problem(await people.add('Bob', 'cashier', BOB, record));
      problem(await people.setPin('Bob', '1', record));
      problem(await people.setRole('Ann', 'cashier', record));
      problem(await people.remove('Ann', record));
      expect(records).toBe(0);
      person(await people.add('Eve', 'cashier', BOB, record));
      expect(records).toBe(1);
    });

    it('lets a name wait after three wrong PINs, longer each time, up to 15 minutes', async () => {
      await shop();
      expect((await fail(2)).retryAfterMs).toBeUndefined();
      let { retryAfterMs: wait = 0 } = await fail(1);
      const waits = [wait];
      for (let i = 0; i < 6; i++) {
        expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(wait);
        pass(wait - 1);
        expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(1);
        pass(1);
        wait = (await fail(1)).retryAfterMs ?? 0;
        waits.push(wait);
      }
      expect(waits.map((ms) => ms / 1000)).toEqual([30, 60, 120, 240, 480, 900, 900]);
      expect(await people.list()).toMatchObject([
        { name: 'Ann', lockedUntilMs: bench.clocks.wallMs + 900_000 },
        { name: 'Bob' },
      ]);
      person(await people.signIn('Bob', BOB));
    });

    it('forgets wrong PINs at the right one, and at a new one', async () => {
      await shop();
      await fail(2);
      person(await people.signIn('Ann', ANN));
      expect((await fail(2)).retryAfterMs).toBeUndefined();
      await fail(1);
      problem(await people.signIn('Ann', ANN));
      expect(person(await people.setPin('Ann', '161803'))).not.toHaveProperty('lockedUntilMs');
      person(await people.signIn('Ann', '161803'));
    });

    it('lets a name wait on after a restart, and after one of the machine', async () => {
      await shop();
      await fail(3);
      pass(10_000);
      await reopen();
      expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(20_000);
      bench.clocks.wallMs += 5_000;
      bench.clocks.monotonicMs = 100;
      bench.clocks.boot = 'two';
      await reopen();
      expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(15_000);
      pass(15_000);
      person(await people.signIn('Ann', ANN));
    });

    it('does not mind a clock that is set while the machine runs', async () => {
      await shop();
      await fail(3);
      for (const jump of [400 * DAY_MS, -900 * DAY_MS]) {
        bench.clocks.wallMs += jump;
        expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(30_000);
        await reopen();
        expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(30_000);
      }
      pass(30_000);
      person(await people.signIn('Ann', ANN));
    });

    it('does not lock for ever when the machine starts with an earlier time', async () => {
      await shop();
      await fail(3);
      Object.assign(bench.clocks, { wallMs: 0, monotonicMs: 100, boot: 'two' });
      await reopen();
      expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(30_000);
      pass(29_000);
      // The time of day comes by network.
      bench.clocks.wallMs = START_MS + DAY_MS;
      expect(problem(await people.signIn('Ann', ANN)).retryAfterMs).toBe(1_000);
      pass(1_000);
      person(await people.signIn('Ann', ANN));
    });

    it.each([
      ['of nobody', 'Eve'],
      ['that is none', '<b>271828</b>'],
    ])(
      'says of a name %s what it says of a wrong PIN, and lets it wait as long',
      async (_, who) => {
        await shop();
        for (let i = 0; i < 6; i++) {
          expect(await people.signIn(who, ANN)).toEqual(await people.signIn('Ann', WRONG));
        }
        pass(30_000);
        expect((await fail(1, who)).retryAfterMs).toBe(60_000);
        // Whoever gets that name has nothing to do with it.
        if (who === 'Eve') {
          person(await people.add('Eve', 'cashier', BOB));
          person(await people.signIn('Eve', BOB));
        }
      },
    );
  });
};

const DAY_MS = 86_400_000;
