import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportJournal, openJournal, verifyFile } from '#drivers/sqlite/index.ts';
import { asked, got, START_MS, settled } from '#test/ports/journal-suite.ts';
import { fill, type Place, place, quiet } from './support.ts';

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));

let at: Place;
let child: ChildProcess | undefined;
beforeEach(async () => {
  at = await place();
});
afterEach(async () => {
  if (child?.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }
  await at.remove();
});

const running = (): ChildProcess => {
  if (child === undefined) throw new Error('no writer');
  return child;
};

/** Starts a writer; resolves to what it said when `enough` says so, while it writes on. */
const writer = async (enough: number): Promise<{ written: string[] }> => {
  child = spawn(process.execPath, [WRITER, at.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const written: string[] = [];
  const { stdout } = child;
  if (!stdout) throw new Error('no output');
  const reached = new Promise<void>((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { written?: string };
      if (said.written !== undefined) written.push(said.written);
      if (written.length >= enough) resolve();
    });
  });
  await reached;
  return { written };
};

describe('a process killed in the middle of its writes', () => {
  test('leaves everything that it was told is written, every time', async () => {
    for (let round = 0; round < 5; round++) {
      const { written } = await writer(5 + 7 * round);
      const exit = once(running(), 'exit');
      child?.kill('SIGKILL');
      await exit;
      const journal = await at.open();
      expect(journal.refusal()).toBeUndefined();
      for (const id of written) {
        expect(await journal.payment(id)).toMatchObject({ state: 'approved' });
        expect(got(await journal.entriesOf(id))).toHaveLength(3);
      }
      await journal.close();
      expect(got(verifyFile(at.path)).chain).toBe('whole');
    }
  });
});

describe('while one process writes', () => {
  test('another that wants to write is told so, and may when the first is gone', async () => {
    await writer(1);
    const options = { path: at.path, log: quiet, wallMs: () => START_MS };
    expect(await openJournal(options)).toMatchObject({
      fault: 'journal',
      detail: expect.stringMatching(/another process has the journal .* open/),
    });
    const exit = once(running(), 'exit');
    child?.kill('SIGKILL');
    await exit;
    const journal = await at.open();
    expect(await journal.append(asked('mine'))).toBeUndefined();
    await journal.close();
  });

  test('others verify and export it, and find it whole each time', async () => {
    const { written } = await writer(3);
    let before = 0;
    for (let i = 0; i < 5; i++) {
      const state = got(verifyFile(at.path));
      if (state.chain === 'broken') throw new Error(`${state.sequence}: ${state.problem}`);
      expect(state.entries).toBeGreaterThan(before);
      before = state.entries;
      const lines: string[] = [];
      expect(got(exportJournal(at.path, (line) => lines.push(line))).chain).toBe('whole');
      expect(lines.length).toBeGreaterThanOrEqual(before);
      // A payment has three entries. What was written before may be told after.
      while (3 * written.length <= before) await once(running().stdout ?? running(), 'data');
    }
  });
});

test('the files are for their owner alone', async () => {
  const mask = process.umask(0);
  const journal = await at.open();
  process.umask(mask);
  await journal.append(asked('p1'));
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  expect(mode(dirname(at.path))).toBe('700');
  for (const end of ['', '-wal', '-shm', '.head', '.lock']) {
    expect(mode(`${at.path}${end}`), end).toBe('600');
  }
  await journal.close();
});

describe('a process killed while it changes the version of the journal', () => {
  const OPENER = fileURLToPath(new URL('./opener.ts', import.meta.url));
  type Which = 'present' | 'slowForth' | 'slowBack';
  const lay = async (): Promise<void> => {
    const journal = await at.open();
    await fill(journal, 40);
    await journal.close();
  };
  const start = (which: Which): { readonly said: Promise<string> } => {
    child = spawn(process.execPath, [OPENER, at.path, which], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const stdout = child.stdout ?? undefined;
    const said = new Promise<string>((resolve) => {
      if (stdout) createInterface({ input: stdout }).once('line', resolve);
    });
    return { said };
  };
  const killed = async (): Promise<void> => {
    const exit = once(running(), 'exit');
    child?.kill('SIGKILL');
    await exit;
  };
  const turned = async (which: Which): Promise<void> => {
    expect(await start(which).said).toBe('open');
    await killed();
  };
  const copyIsThere = async (): Promise<void> => {
    const name = (): boolean => readdirSync(dirname(at.path)).some((one) => /-v\d/.test(one));
    while (!name()) await sleep(2);
  };

  test.each([
    ['forth', 'slowForth', 3, 4],
    ['back', 'present', 4, 3],
  ] as const)(
    '%s leaves the old one or the new one, whole',
    async (_, which, from, to) => {
      await lay();
      const versions: number[] = [];
      for (const ms of [0, 100]) {
        if (from === 4) await turned('slowBack');
        start(which);
        await copyIsThere();
        await sleep(ms);
        await killed();
        const db = new DatabaseSync(at.path, { readOnly: true });
        versions.push(Number(db.prepare('PRAGMA user_version').get()?.['user_version']));
        db.close();
        // Whichever it is, the release that was killed goes on with it, and the present one too.
        await turned(which);
        const journal = await at.open();
        expect(journal.refusal()).toBeUndefined();
        expect(got(await journal.openPayments()).map(({ id }) => id)).toHaveLength(4);
        expect(await journal.append(asked(`at-${ms}`))).toBeUndefined();
        expect(await journal.append(settled(`at-${ms}`))).toBeUndefined();
        await journal.close();
        expect(got(verifyFile(at.path)).chain).toBe('whole');
        expect(readdirSync(dirname(at.path)).filter((name) => /-v\d/.test(name))).toEqual([]);
      }
      expect(versions.filter((version) => version !== from && version !== to)).toEqual([]);
      expect(versions).toContain(from);
    },
    120_000,
  );
});
