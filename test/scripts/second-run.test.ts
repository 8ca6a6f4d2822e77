import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'second-run-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The part of vitest's report that counts: by file, which tests passed. */
const report = (name: string, files: Record<string, Record<string, boolean>>): string => {
  const testResults = Object.entries(files).map(([file, tests]) => ({
    name: file,
    status: Object.keys(tests).length > 0 && Object.values(tests).every(Boolean) ? PASS : FAIL,
    assertionResults: Object.entries(tests).map(([fullName, passes]) => ({
      fullName,
      status: passes ? PASS : FAIL,
      failureMessages: passes ? [] : [`${fullName} took too long\n  at a line`],
    })),
  }));
  const path = join(folder, name);
  const success = testResults.every(({ status }) => status === PASS);
  writeFileSync(path, JSON.stringify({ success, numFailedTests: 0, testResults }));
  return path;
};
const [PASS, FAIL] = ['passed', 'failed'];

const run = (...args: string[]): string =>
  execFileSync(process.execPath, ['scripts/lib/second-run.ts', ...args], { encoding: 'utf8' });

describe('which files run once more, alone', () => {
  it('those with a few failed tests, and no other', () => {
    const first = report('first', { a: { one: true, two: false }, b: { three: true } });
    expect(run('files', first)).toBe('a\n');
  });

  it('none when everything passed', () => {
    expect(run('files', report('first', { a: { one: true } }))).toBe('');
  });

  it('none when more is broken than patience explains', () => {
    const four = Object.fromEntries(['a', 'b', 'c', 'd'].map((file) => [file, { one: false }]));
    expect(run('files', report('first', four))).toBe('');
    const six = Object.fromEntries([1, 2, 3, 4, 5, 6].map((test) => [test, false]));
    expect(run('files', report('first', { a: six }))).toBe('');
  });

  it('none when a file could not even be loaded: that is no lack of patience', () => {
    expect(run('files', report('first', { a: {}, b: { one: false } }))).toBe('');
  });
});

describe('what the second run makes of the first', () => {
  const joined = (
    first: Record<string, Record<string, boolean>>,
    second: Record<string, Record<string, boolean>>,
  ) => {
    const path = report('first', first);
    const said = run('join', path, report('second', second));
    return { said, ...JSON.parse(readFileSync(path, 'utf8')) };
  };

  it('a test that passes by itself counts as passed, and is named with its first error', () => {
    const { said, success } = joined({ a: { one: false, two: true } }, { a: { one: true } });
    expect(said).toBe('unsteady: one: passes by itself; before: one took too long\n');
    expect(success).toBe(true);
  });

  it('a test that fails again stays failed, beside one that is unsteady', () => {
    const { said, success } = joined(
      { a: { one: false, two: false } },
      { a: { one: true, two: false } },
    );
    expect(said).toContain('unsteady: one');
    expect(said).not.toContain('two:');
    expect(success).toBe(false);
  });

  it('a test that the second run never came to stays failed', () => {
    expect(joined({ a: { one: false } }, { b: { one: true } })).toMatchObject({ success: false });
  });
});
