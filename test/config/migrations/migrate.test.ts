import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type ConfigStep, presentFormat, steps, type Wording } from '#config/migrations/index.ts';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { parseTerminalConfig } from '#config/terminal-config.ts';
import { loadConfiguration } from '../../../src/cli/load-configuration.ts';
import { migrateConfiguration } from '../../../src/cli/migrate-configuration.ts';

const home = mkdtempSync(join(tmpdir(), 'countertap-formats-'));
afterAll(() => rmSync(home, { recursive: true }));

const present = JSON.parse(readFileSync('config/base/terminal.json', 'utf8')) as Wording;

// Two releases to come. Format 1 calls the merchant a shop; 2 still has one address for the
// display; 3 is what this release's schema wants.
const toCome: readonly ConfigStep[] = [
  {
    to: 2,
    brings: 'shop is merchant',
    change: ({ shop, ...rest }) => ({ ...rest, ...(shop === undefined ? {} : { merchant: shop }) }),
  },
  {
    to: 3,
    brings: 'display.address is display.host and display.port',
    change: ({ display, ...rest }) => {
      const { address, ...others } = display as Record<string, unknown>;
      const [host, port] = String(address).split(':');
      return { ...rest, display: { ...others, host, port: Number(port) } };
    },
  },
];
const { merchant: shop, display: _, ...same } = present;
const display = { address: '127.0.0.1:8080' };
const byFormat: Readonly<Record<number, Wording>> = {
  1: { ...same, shop, display },
  2: { ...same, merchant: shop, display, format: 2 },
  3: { ...present, format: 3 },
};

const read = (wording: unknown, known: readonly ConfigStep[] = toCome) =>
  parseTerminalConfig({ name: 'terminal.json', text: JSON.stringify(wording) }, known);
const problemOf = (wording: unknown, known?: readonly ConfigStep[]): string => {
  const problem = read(wording, known);
  return isConfigProblem(problem) ? describeConfigProblem(problem) : 'none';
};

describe('a terminal.json', () => {
  test('says the same to a release, whichever format it was written in', () => {
    const now = parseTerminalConfig({ name: 'terminal.json', text: JSON.stringify(present) });
    for (const wording of Object.values(byFormat)) expect(read(wording)).toEqual(now);
  });

  test('without a format is of the first', () => {
    expect(read({ ...byFormat[1], format: 1 })).toEqual(read(byFormat[1]));
  });

  test('is read as it stands by the release before, after a way back', () => {
    const before = toCome.slice(0, 1);
    const { display: old, ...rest } = present;
    expect(problemOf({ ...rest, shop, display: old, merchant: undefined }, before)).toBe('none');
  });

  test('of a later format is refused with what to do', () => {
    expect(problemOf({ ...byFormat[3], format: 4 })).toMatch(
      /^terminal\.json: format: expected at most 3, .*use a later release.*, found 4$/,
    );
  });

  test('with a format that there can not be is refused', () => {
    for (const format of [0, -1, 1.5, '2', null, [], {}]) {
      expect(problemOf({ ...present, format })).toMatch(/format: expected a whole number from 1/);
    }
  });

  test('names both formats where something else is wrong with it', () => {
    expect(problemOf({ ...byFormat[1], payment: 'none' })).toMatch(
      /^terminal\.json \(of format 1, read as format 3\): payment: /,
    );
  });

  test('is told as it is when it is no object, or no JSON', () => {
    for (const wording of [null, 1, 'a', []]) expect(problemOf(wording)).toMatch(/terminal\.json/);
    expect(parseTerminalConfig({ name: 'a', text: '{' })).toMatchObject({ expected: 'JSON' });
  });

  test('never makes a step throw', () => {
    const known = toCome.slice(0, 1);
    fc.assert(
      fc.property(fc.jsonValue(), (wording) => {
        read(wording, known);
      }),
    );
  });
});

describe('the shipped steps', () => {
  test('lead from each format to the next', () => {
    expect(steps.map(({ to }) => to)).toEqual(steps.map((_step, at) => at + 2));
    expect(presentFormat()).toBe(steps.length + 1);
  });
});

describe('countertap migrate-configuration', () => {
  const silence = () => {
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const err = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    return () => {
      const said = [...out.mock.calls, ...err.mock.calls].join('');
      out.mockRestore();
      err.mockRestore();
      return said;
    };
  };
  const lay = (name: string, wording: Wording): string => {
    const folder = join(home, name);
    cpSync('config/base', folder, { recursive: true });
    writeFileSync(join(folder, 'terminal.json'), JSON.stringify(wording));
    return folder;
  };

  test('writes the same configuration in the present format, and leaves the old one', () => {
    const old = lay('old', byFormat[1] ?? {});
    const fresh = join(home, 'fresh');
    const said = silence();
    expect(migrateConfiguration(old, fresh, toCome)).toBe(0);
    expect(said()).toContain('is in format 3, from format 1');
    const text = readFileSync(join(fresh, 'terminal.json'), 'utf8');
    expect(JSON.parse(text)).toEqual(byFormat[3]);
    expect(JSON.parse(readFileSync(join(old, 'terminal.json'), 'utf8'))).toEqual(byFormat[1]);
  });

  test('writes one that a terminal takes', () => {
    const fresh = join(home, 'of-today');
    const said = silence();
    expect(migrateConfiguration('base', fresh)).toBe(0);
    said();
    const read = loadConfiguration(fresh);
    if (isConfigProblem(read)) throw new Error(describeConfigProblem(read));
    expect(read.terminal).toEqual(
      parseTerminalConfig({ name: 'a', text: JSON.stringify(present) }),
    );
  });

  test('writes over nothing, and nothing that no terminal would take', () => {
    const said = silence();
    expect(migrateConfiguration('base', home)).toBe(3);
    expect(migrateConfiguration(lay('bad', { ...present, payment: 1 }), join(home, 'no'))).toBe(3);
    expect(migrateConfiguration(join(home, 'nowhere'), join(home, 'no'))).toBe(3);
    expect(said()).toMatch(/is there already[\s\S]*payment: expected[\s\S]*ENOENT/);
    expect(() => readFileSync(join(home, 'no'))).toThrow('ENOENT');
    expect(() => readFileSync(join(home, 'no.new'))).toThrow('ENOENT');
  });
});
