import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exportJournal, openJournal, verifyFile } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import { ANN, BOB } from '#test/ports/people-suite.ts';
import { keptLog } from '#test/support/kept-log.ts';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';

const EVE = '161803';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-people-cli-'));
});
afterEach(() => rmSync(state, { recursive: true }));

const run = async (words: readonly string[], input = '', at = state) => {
  const child = spawn('scripts/countertap', ['--state', at, 'people', ...words]);
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  const [stdout, stderr] = await printed;
  // Whatever happens, nobody sees a PIN.
  for (const pin of [ANN, BOB, EVE]) expect(stdout + stderr).not.toContain(pin);
  return { code, stdout, stderr };
};

/** With PINs as lines of standard input. */
const people = (words: readonly string[], ...pins: readonly string[]) =>
  run([...words, '--pin-stdin'], pins.join('\n'));

/** What the journal holds of it, oldest first. */
const record = (at = state): Record<string, unknown>[] => {
  const lines: string[] = [];
  const path = join(at, 'journal', 'journal.db');
  if (!existsSync(path)) return [];
  const whole = exportJournal(path, (line) => lines.push(line));
  expect(whole).toMatchObject({ chain: 'whole' });
  for (const pin of [ANN, BOB, EVE]) expect(lines.join('\n')).not.toContain(pin);
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'audit')
    .map(({ data }) => data);
};

const shop = async () => {
  expect(await people(['add', 'Ann', 'manager'], ANN)).toMatchObject({ code: 0, stderr: '' });
  const added = await people(['add', 'Bob', 'cashier', '--by', 'ann'], ANN, BOB);
  expect(added).toEqual({ code: 0, stdout: 'Bob may sign in as a cashier\n', stderr: '' });
};

describe('countertap people', () => {
  it('adds the first one without a sign-in, who must be a manager', async () => {
    expect((await run(['list'])).stdout).toMatch(/^nobody yet/);
    const cashier = await people(['add', 'Bob', 'cashier'], BOB);
    expect(cashier).toMatchObject({ code: 1, stdout: '' });
    expect(cashier.stderr).toBe('countertap: the first person must be a manager\n');
    expect((await people(['add', 'Ann', 'manager'], ANN)).code).toBe(0);
    const listed = await run(['list']);
    expect(listed.stdout).toMatch(/^Ann {2}manager {5}since 20\S+Z\n$/);
    expect(statSync(join(state, 'people', 'people.db')).mode & 0o777).toBe(0o600);
    expect(record()).toMatchObject([
      { role: 'machine', subject: 'Bob', outcome: 'refused', from: 'command line' },
      { role: 'machine', subject: 'Ann', outcome: 'done', says: 'Ann may sign in as a manager' },
    ]);
  }, 60_000);

  it('makes each later change only for a manager, and records who it was', async () => {
    await shop();
    const nobody = await people(['role', 'Bob', 'manager'], ANN);
    expect(nobody).toMatchObject({ code: 3 });
    expect(nobody.stderr).toContain('who are you? Say it with --by NAME');
    const cashier = await people(['role', 'Bob', 'manager', '--by', 'Bob'], BOB);
    expect(cashier).toMatchObject({ code: 1 });
    expect(cashier.stderr).toContain('Bob is a cashier: this needs a manager');
    const wrong = await people(['remove', 'Bob', '--by', 'Ann'], EVE);
    expect(wrong).toMatchObject({ code: 1, stderr: 'countertap: name or PIN is wrong\n' });
    expect((await people(['role', 'Bob', 'technician', '--by', 'Ann'], ANN)).code).toBe(0);
    expect((await people(['remove', 'Bob', '--by', 'Ann'], ANN)).code).toBe(0);
    expect(JSON.parse((await run(['list', '--json'])).stdout)).toMatchObject([{ name: 'Ann' }]);
    const lines = record().map(({ person, role, action, outcome }) =>
      [person, role, action, outcome].join(', '),
    );
    expect(lines.slice(1)).toEqual([
      'Ann, manager, add person, done',
      'Bob, cashier, change role, refused',
      'Ann, unknown, remove person, refused',
      'Ann, manager, change role, done',
      'Ann, manager, remove person, done',
    ]);
  }, 60_000);

  it('lets everybody change their own PIN, and no other', async () => {
    await shop();
    expect((await people(['pin', 'Ann', '--by', 'Bob'], BOB, EVE)).code).toBe(1);
    expect((await people(['pin', 'bob', '--by', 'BOB'], BOB, EVE)).code).toBe(0);
    expect((await people(['pin', 'Bob', '--by', 'Bob'], BOB, ANN)).code).toBe(1);
    const weak = await people(['pin', 'Bob', '--by', 'Ann'], ANN, '123456');
    expect(weak).toMatchObject({ code: 1 });
    expect(weak.stderr).toContain('counts up or down');
    expect((await people(['pin', 'Bob', '--by', 'Bob'], EVE, BOB)).code).toBe(0);
  }, 60_000);

  it('locks a name out across commands, and a manager’s new PIN ends it', async () => {
    await shop();
    for (let i = 0; i < 3; i++) await people(['pin', 'Bob', '--by', 'Bob'], EVE, ANN);
    const locked = await people(['pin', 'Bob', '--by', 'Bob'], BOB, EVE);
    expect(locked).toMatchObject({ code: 1 });
    expect(locked.stderr).toMatch(/too many wrong tries: wait \d+ s/);
    expect((await run(['list'])).stdout).toMatch(/Bob .* locked until 20\S+Z\n/);
    expect((await people(['pin', 'Bob', '--by', 'Ann'], ANN, EVE)).code).toBe(0);
    expect((await run(['list'])).stdout).not.toContain('locked');
  }, 60_000);

  it('never takes a PIN as an argument, and says where it may come from', async () => {
    const argument = await run(['add', 'Ann', 'manager', '--pin', '000000']);
    expect(argument.code).toBe(3);
    const keyboard = await run(['add', 'Ann', 'manager']);
    expect(keyboard.code).toBe(3);
    expect(keyboard.stderr).toContain('give PINs with --pin-stdin or --pin-file');
    const none = await people(['add', 'Ann', 'manager']);
    expect(none.stderr).toContain('a PIN is missing: standard input has too few lines');
    const flood = await people(['add', 'Ann', 'manager'], '1'.repeat(100_000));
    expect(flood.stderr).toContain('too long to be a few PINs');
    expect((await run(['list', '--json'])).stdout).toBe('[]\n');
  }, 60_000);

  it('takes PINs from a file that nobody else can read', async () => {
    const file = join(state, 'pins');
    writeFileSync(file, `${ANN}\r\n`, { mode: 0o644 });
    const open = await run(['add', 'Ann', 'manager', '--pin-file', file]);
    expect(open.code).toBe(3);
    expect(open.stderr).toContain(`others may read it: chmod 600 ${file}`);
    chmodSync(file, 0o600);
    const both = await run(['add', 'Ann', 'manager', '--pin-file', file, '--pin-stdin'], ANN);
    expect(both.stderr).toContain('not from both');
    expect((await run(['add', 'Ann', 'manager', '--pin-file', file])).code).toBe(0);
    writeFileSync(file, `${ANN}\n${BOB}\n`);
    const words = ['add', 'Bob', 'cashier', '--by', 'Ann', '--pin-file', file];
    expect((await run(words)).code).toBe(0);
    const missing = await run(['remove', 'Bob', '--by', 'Ann', '--pin-file', `${file}-2`]);
    expect(missing.stderr).toMatch(/pins-2 can't be read: ENOENT/);
  }, 60_000);

  it('changes nothing when it can not be recorded', async () => {
    await shop();
    const before = (await run(['list'])).stdout;
    const path = join(state, 'journal', 'journal.db');
    const holder = await openJournal({ path, log: keptLog(), wallMs: Date.now });
    if (isFault(holder)) throw new Error(holder.detail);
    const refused = await people(['remove', 'Bob', '--by', 'Ann'], ANN);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('another process has the journal');
    const reset = await run(['reset', '--yes']);
    expect(reset.code).toBe(3);
    await holder.close();
    expect((await run(['list'])).stdout).toBe(before);
    expect(record()).toHaveLength(2);
    expect((await people(['remove', 'Bob', '--by', 'Ann'], ANN)).code).toBe(0);
  }, 60_000);

  it('lets nobody in when the database is ruined; the machine’s user begins anew', async () => {
    await shop();
    writeFileSync(join(state, 'people', 'people.db'), 'x'.repeat(5000));
    const refused = await people(['remove', 'Bob', '--by', 'Ann'], ANN);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/people.db is damaged: .*`countertap people reset --yes`/);
    expect((await run(['list'])).code).toBe(3);
    const asked = await run(['reset']);
    expect(asked.code).toBe(3);
    expect(asked.stderr).toContain('repeat it with --yes');
    const reset = await run(['reset', '--yes']);
    expect(reset.code).toBe(0);
    expect(reset.stdout).toMatch(/everybody was removed\n.*is kept: \S+\.damaged\n.*NAME manager/);
    expect((await people(['add', 'Zoë', 'manager'], EVE)).code).toBe(0);
    expect((await run(['reset', '--yes'])).stdout).toMatch(/^removed Zoë\n/);
    expect(record().filter(({ action }) => action === 'reset people')).toMatchObject([
      { role: 'machine', outcome: 'done', says: expect.stringMatching(/who they were can not be/) },
      { role: 'machine', outcome: 'done', says: 'removed Zoë' },
    ]);
  }, 60_000);
});

describe('countertap people at the keyboard', () => {
  /** As a person would: each answer is typed when its question stands there. */
  const typed = async (words: readonly string[], answers: readonly string[]) => {
    const command = ['scripts/countertap', '--state', state, 'people', ...words].join(' ');
    const child = spawn('script', ['-qec', command, '/dev/null'], { stdio: 'pipe' });
    let shown = '';
    const left = [...answers];
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      const asked = shown.match(/(PIN of \S+|The same again): /g)?.length ?? 0;
      while (answers.length - left.length < asked) child.stdin.write(left.shift() ?? '');
    });
    const [code] = await once(child, 'close');
    return { code, shown };
  };

  it('asks for PINs without showing them, a new one twice', async () => {
    const first = await typed(['add', 'Ann', 'manager'], [`${ANN}\r`, `${ANN}\r`]);
    expect(first.code).toBe(0);
    expect(first.shown).toBe(
      'New PIN of Ann: \r\nThe same again: \r\nAnn may sign in as a manager\r\n',
    );
    const mistyped = `${BOB.slice(0, 3)}9\u007f${BOB.slice(3)}\r`;
    const words = ['add', 'Bob', 'cashier', '--by', 'Ann'];
    const second = await typed(words, [`9\u0015${ANN}\r`, mistyped, `${BOB}\r`]);
    expect(second.code).toBe(0);
    expect(second.shown).not.toMatch(/\d{3}/);
    expect((await people(['pin', 'Bob', '--by', 'Bob'], BOB, EVE)).code).toBe(0);
  }, 60_000);

  it('changes nothing when the two are not the same, or at Ctrl-C', async () => {
    const other = await typed(['add', 'Ann', 'manager'], [`${ANN}\r`, `${BOB}\r`]);
    expect(other.code).toBe(3);
    expect(other.shown).toContain('the two PINs are not the same: nothing was changed');
    const given = await typed(['add', 'Ann', 'manager'], [`${ANN.slice(0, 3)}\u0003`]);
    expect(given.code).toBe(3);
    expect(given.shown).toContain('given up');
    expect((await run(['list', '--json'])).stdout).toBe('[]\n');
  }, 60_000);
});

describe('countertap people beside a running terminal', () => {
  let terminal: RunningTerminal;
  afterEach(() => terminal.close());

  it('has the terminal record what it does, and changes nothing when that can not', async () => {
    terminal = await runTerminal({ reader: 'in-process' });
    const at = terminal.state;
    const asked = async (words: readonly string[], ...pins: readonly string[]) =>
      run([...words, '--pin-stdin'], pins.join('\n'), at);
    expect(await asked(['add', 'Ann', 'manager'], ANN)).toMatchObject({ code: 0, stderr: '' });
    expect((await asked(['add', 'Bob', 'cashier', '--by', 'Ann'], ANN, BOB)).code).toBe(0);
    expect((await asked(['remove', 'Ann', '--by', 'Bob'], BOB)).code).toBe(1);
    expect(record(at)).toMatchObject([
      { action: 'add person', subject: 'Ann', role: 'machine', from: 'command line' },
      { action: 'add person', subject: 'Bob', person: 'Ann', role: 'manager', outcome: 'done' },
      { action: 'remove person', subject: 'Ann', person: 'Bob', outcome: 'refused' },
    ]);
    expect(await terminal.pay('mastercard-plastic')).toMatchObject({ status: 'approved' });
    const journal = join(at, 'journal', 'journal.db');
    // Another file in its place: the terminal writes no more.
    await promisify(execFile)('mv', [journal, `${journal}.away`]);
    const refused = await asked(['remove', 'Bob', '--by', 'Ann'], ANN);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/the terminal says: .*journal/);
    expect(JSON.parse((await run(['list', '--json'], '', at)).stdout)).toHaveLength(2);
    await promisify(execFile)('mv', [`${journal}.away`, journal]);
    expect(verifyFile(journal)).toMatchObject({ chain: 'whole' });
  }, 60_000);
});
