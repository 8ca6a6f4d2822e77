import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { forJournal, isJournal } from '../../src/cli/journal-log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countertap-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const LOGGING = join(import.meta.dirname, '../../src/cli/logging.ts');

/** A process that logs, with standard output a file that may pass for systemd's journal. */
const logged = (env: Readonly<Record<string, string>>, level = 'info') => {
  const path = join(folder, 'log', 'terminal.log');
  const output = join(folder, 'stdout');
  const fd = openSync(output, 'w');
  const { dev, ino } = fstatSync(fd, { bigint: true });
  const program = `
    import { openLog } from ${JSON.stringify(LOGGING)};
    const log = openLog(${JSON.stringify(path)}, ${JSON.stringify(level)}, true);
    log.debug({}, 'detail');
    log.info({ state: 'idle' }, 'ready');
    log.warn({}, 'strange');
    log.error({ why: { fault: 'disk' } }, 'broken');
  `;
  const stream = env['JOURNAL_STREAM'] ?? `${dev}:${ino}`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ...env, JOURNAL_STREAM: stream },
    stdio: ['ignore', fd, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(fd);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  const file = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  return { output: readFileSync(output, 'utf8'), file };
};

describe("a log whose output is systemd's journal", () => {
  test('has the records of the file there, each with the priority of syslog', () => {
    const { output, file } = logged({});
    expect(output.replaceAll(/^<\d>/gm, '')).toBe(file);
    expect(output.match(/^<\d>/gm)).toEqual(['<6>', '<4>', '<3>']);
    expect(JSON.parse(output.split('\n')[2]?.slice(3) ?? '')).toMatchObject({
      ...{ level: 50, msg: 'broken', why: { fault: 'disk' } },
    });
  });

  test('has details there as the lowest priority, where they are wanted', () => {
    const { output } = logged({}, 'debug');
    expect(output).toMatch(/^<7>.*detail/);
  });

  test('has no file beside it, where the shop wants its card spared', () => {
    const { output, file } = logged({ COUNTERTAP_LOG: 'journal' });
    expect(output).toContain('ready');
    expect(file).toBeUndefined();
  });

  test('that was led elsewhere since is written for people, and into the file in any case', () => {
    const { output, file } = logged({ JOURNAL_STREAM: '1:2', COUNTERTAP_LOG: 'journal' });
    expect(output).toMatch(/^\d\d:\d\d:\d\d ready {2}state=idle$/m);
    expect(file).toContain('"msg":"ready"');
  });
});

test('without JOURNAL_STREAM no output is the journal', () => {
  expect(isJournal(undefined)).toBe(false);
});

test('a line without a level, as of a full disk, is information', () => {
  expect(forJournal('{"msg":"x"}\n')).toBe('<6>{"msg":"x"}\n');
});
