import { execFile } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetPeople } from '#drivers/people/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { People } from '#ports/people.ts';
import { ANN, BOB, person } from '#test/ports/people-suite.ts';
import { type Place, place } from './support.ts';

const SIGNING_IN = fileURLToPath(new URL('./signing-in.ts', import.meta.url));

let at: Place;
beforeEach(async () => {
  at = await place();
  const people = at.open();
  person(await people.add('Ann', 'manager', ANN));
  person(await people.add('Bob', 'cashier', BOB));
  await people.close();
});
afterEach(() => at.remove());

const sql = (text: string): void => {
  const db = new DatabaseSync(at.path);
  db.exec(text);
  db.close();
};

const faultOf = (outcome: unknown): Fault => {
  if (isFault(outcome)) return outcome;
  throw new Error(`no fault: ${JSON.stringify(outcome)}`);
};

/** Whatever is asked, the answer is the same, and it names the file. */
const refusesAll = async (people: People, why: RegExp): Promise<void> => {
  const answers = [
    await people.signIn('Ann', ANN),
    await people.list(),
    await people.add('Eve', 'manager', ANN),
    await people.setPin('Ann', BOB),
    await people.setRole('Ann', 'manager'),
    await people.remove('Bob'),
  ];
  for (const answer of answers) {
    expect(faultOf(answer)).toMatchObject({ fault: 'people', detail: expect.stringMatching(why) });
    expect(faultOf(answer).detail).toContain(at.path);
  }
};

const ruin = (): void => {
  const file = openSync(at.path, 'r+');
  writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, 4096);
  closeSync(file);
};

// biome-ignore format: a row stays on its line
const DAMAGES: readonly (readonly [string, () => void, RegExp])[] = [
  ['a page is ruined', ruin, /is damaged: .*`countertap people reset --yes`/],
  ['it is no database', () => writeFileSync(at.path, 'x'.repeat(9999)), /is damaged: its pages/],
  ['it is empty', () => truncateSync(at.path), /is damaged: it is empty/],
  ['it is cut short', () => truncateSync(at.path, 4096), /is damaged/],
  ['it is gone', () => rmSync(at.path), /is gone, and people were known; put a sound copy/],
  ['a table is gone', () => sql('DROP TABLE tries'), /is damaged: its tables/],
  ['a later program wrote it', () => sql('PRAGMA user_version = 2'), /of version 2, of a later/],
  ['another program wrote it', () => sql('PRAGMA application_id = 7'), /another program/],
];

describe('a database of people that can not be trusted lets nobody in', () => {
  it.each(DAMAGES)('when %s', async (_, damage, why) => {
    damage();
    await refusesAll(at.open(), why);
    expect(at.log.lines).toHaveLength(1);
  });

  it('when somebody has a role that there is not', async () => {
    sql("UPDATE people SET role = 'owner' WHERE key = 'bob'");
    const people = at.open();
    expect(faultOf(await people.list()).detail).toMatch(/a role that there is not/);
    expect(faultOf(await people.signIn('Bob', BOB)).detail).toMatch(/a role that there is not/);
  });

  it.each([
    ['no hash', 'x'],
    [
      'one that would take all memory',
      '$argon2id$v=19$m=4000000,t=2,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA',
    ],
    [
      'one that would take all day',
      '$argon2id$v=19$m=1024,t=900,p=1$AAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAA',
    ],
  ])('when a PIN is kept as %s', async (_, text) => {
    sql(`UPDATE people SET pin = '${text}' WHERE key = 'bob'`);
    const people = at.open();
    expect(faultOf(await people.signIn('Bob', BOB)).detail).toMatch(/a PIN is not kept/);
    person(await people.signIn('Ann', ANN));
  });

  it('when its disk is read-only, for a try must be counted', async () => {
    const folder = `${at.folder}/people`;
    const readOnly = `mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder}`;
    const command = `${readOnly} && exec ${process.execPath} ${SIGNING_IN} ${at.path}`;
    const flags = process.getuid?.() === 0 ? '-m' : '-mr';
    const { stdout } = await promisify(execFile)('unshare', [flags, 'sh', '-c', command]);
    expect(stdout).toMatch(/nobody can sign in: .*people\.db is read-only: make the file, its/);
  });

  it('when a folder stands in its place', async () => {
    rmSync(at.path);
    mkdirSync(at.path);
    await refusesAll(at.open(), /something else stands at its path/);
  });

  it('until it is well again, without a restart', async () => {
    const people = at.open();
    person(await people.signIn('Ann', ANN));
    copyFileSync(at.path, `${at.path}.sound`);
    rmSync(at.path);
    await refusesAll(people, /is gone/);
    renameSync(`${at.path}.sound`, at.path);
    person(await people.signIn('Ann', ANN));
  });
});

describe('beginning anew', () => {
  const record = async () => undefined;

  it('removes everybody, also for a terminal that has it open', async () => {
    const people = at.open();
    person(await people.signIn('Ann', ANN));
    expect(await resetPeople(at.options(), record)).toEqual({ names: ['Ann', 'Bob'] });
    expect(await people.list()).toEqual([]);
    person(await people.add('Zoë', 'manager', BOB));
    expect(await people.list()).toHaveLength(1);
  });

  it.each(DAMAGES)('is possible when %s, and keeps aside what there is', async (_, damage) => {
    const people = at.open();
    person(await people.signIn('Ann', ANN));
    await people.close();
    damage();
    const running = at.open();
    faultOf(await running.list());
    const before = readdirSync(`${at.folder}/people`).includes('people.db')
      ? readFileSync(at.path)
      : undefined;
    const removal = await resetPeople(at.options(), record);
    if (isFault(removal)) throw new Error(removal.detail);
    expect(removal.names).toBeUndefined();
    if (before === undefined) expect(removal.aside).toBeUndefined();
    else expect(readFileSync(String(removal.aside))).toEqual(before);
    expect(await running.list()).toEqual([]);
    person(await running.add('Zoë', 'manager', BOB));
  });

  it('changes nothing when it can not be recorded', async () => {
    const full = fault('journal', 'full');
    expect(await resetPeople(at.options(), async () => full)).toBe(full);
    expect(await at.open().list()).toHaveLength(2);
    ruin();
    expect(await resetPeople(at.options(), async () => full)).toBe(full);
    expect(isFault(await at.open().list())).toBe(true);
    expect(readdirSync(`${at.folder}/people`).filter((name) => name.includes('damaged'))).toEqual(
      [],
    );
  });
});
