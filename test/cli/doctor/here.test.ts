import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import type { CheckName, Diagnosis } from '#doctor/index.ts';
import { openJournal } from '#drivers/sqlite/index.ts';
import { fill, quiet, tamper } from '#test/drivers/sqlite/support.ts';
import { got, START_MS } from '#test/ports/journal-suite.ts';
import { countertap } from '#test/support/running-terminal.ts';
import { configurationHere } from '../../../src/cli/doctor/doctor-here.ts';
import { loadConfiguration } from '../../../src/cli/load-configuration.ts';
import { placesIn } from '../../../src/cli/places.ts';
import { hostHereProbe } from '../../../src/cli/probes/here.ts';
import { keysProbe } from '../../../src/cli/probes/keys.ts';
import { clockProbe } from '../../../src/cli/probes/machine.ts';

const never = new AbortController().signal;
const SMALL_DISK = fileURLToPath(new URL('./small-disk.ts', import.meta.url));

let state = '';
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-doctor-'));
});
afterEach(() => rmSync(state, { recursive: true, force: true }));

const ask = async (...checks: CheckName[]) => {
  const words = ['--state', state, 'doctor', '--json', '--check', ...checks];
  const { code, stdout } = await countertap(words);
  return { code, ...(JSON.parse(stdout) as Diagnosis) };
};

const filled = async (): Promise<string> => {
  const { journal: path } = placesIn(state);
  const journal = got(await openJournal({ path, log: quiet, wallMs: () => START_MS }));
  await fill(journal, 12);
  await journal.close();
  return path;
};

describe('where no terminal runs', () => {
  test('that is said first, and the rest is looked at without one', async () => {
    const { code, by, findings } = await ask('terminal', 'journal', 'keys', 'disk', 'node', 'nfc');
    expect(code).toBe(1);
    expect(by).toBe('here');
    expect(findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
      'terminal attention',
      'node well',
      expect.stringMatching(/^disk (well|attention)$/),
      'journal notUsed',
      'keys wrong',
      'nfc well',
    ]);
  });

  test('a check that there isn’t is refused, with the names of all', async () => {
    const words = ['--state', state, 'doctor', '--check', 'engine'];
    const { code, stderr } = await countertap(words);
    expect(code).toBe(3);
    expect(stderr).toMatch(/no check "engine"; there are terminal, update, firmware, node/);
  });

  test('a journal that is whole is well, and one that was damaged names the entry', async () => {
    const path = await filled();
    const whole = await ask('journal');
    expect(whole.findings[0]?.found).toMatch(/34 entries|payments/);
    tamper(path, 'UPDATE entries SET at_ms = 0 WHERE sequence = 5');
    const { code, findings } = await ask('journal');
    expect(code).toBe(1);
    expect(findings[0]).toMatchObject({
      verdict: 'wrong',
      found: expect.stringContaining('damaged at entry 5'),
      remedy: expect.stringContaining('countertap journal recover'),
    });
  });

  test('a configuration that can’t be used is named, and the machine is looked at', async () => {
    const config = join(state, 'config');
    cpSync('config/base', config, { recursive: true });
    writeFileSync(join(config, 'terminal.json'), '{ "merchant": 7 }');
    const words = ['--state', state, 'doctor', '--json', '--config', config];
    const { findings } = JSON.parse((await countertap(words)).stdout) as Diagnosis;
    const of = (name: CheckName) => findings.find(({ check }) => check === name);
    expect(of('terminal')).toMatchObject({
      verdict: 'wrong',
      found: expect.stringContaining('terminal.json'),
    });
    expect(of('node')).toMatchObject({ verdict: 'well' });
    expect(of('host')).toMatchObject({ verdict: 'attention', found: 'Nobody looked at this.' });
  });
});

test('a disk that is low, full, without inodes or read-only', () => {
  const flags = process.getuid?.() === 0 ? '-m' : '-mr';
  const output = execFileSync('unshare', [flags, process.execPath, SMALL_DISK, state]);
  const said = output
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { step: string; verdict: string; found: string });
  expect(said.map(({ step, verdict }) => `${step} ${verdict}`)).toEqual([
    'roomy well',
    'low attention',
    'full wrong',
    'inodes wrong',
    'readOnly wrong',
  ]);
  expect(said[4]?.found).toContain('read-only');
});

describe('a host', () => {
  let deaf: Server | undefined;
  afterEach(() => deaf?.close());

  const probe = (port: number) => {
    const base = loadConfiguration('base');
    if (isConfigProblem(base)) throw new Error(base.expected);
    const pem = join(state, 'any.pem');
    const key = ['-newkey', 'rsa:2048', '-nodes', '-keyout', pem, '-subj', '/CN=localhost'];
    execFileSync('openssl', ['req', '-x509', ...key, '-out', `${pem}.crt`], { stdio: 'ignore' });
    const connection = {
      ...{ kind: 'tls' as const, address: '127.0.0.1', port, mac: false },
      dialect: 'iso8583-1987-ascii' as const,
      ...{ certificationAuthority: `${pem}.crt`, certificate: `${pem}.crt`, privateKey: pem },
    } as const;
    const host = { ...base.terminal.host, answerWithinSeconds: 1, connection };
    const terminal = { ...base.terminal, host };
    return hostHereProbe({ ...base, terminal }, placesIn(state))(never);
  };

  test('that is down is wrong, and says why', async () => {
    const found = await probe(9);
    expect(found).toMatchObject({ check: 'host', verdict: 'wrong' });
    expect(found.found).toMatch(/^Not connected: .*127\.0\.0\.1/);
  }, 30_000);

  test('that takes the line and never says a word is wrong', async () => {
    deaf = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((done) => deaf?.once('listening', () => done(undefined)));
    const address = deaf.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await probe(port)).toMatchObject({ check: 'host', verdict: 'wrong' });
  }, 30_000);
});

describe('keys', () => {
  const account = { name: 'account', usage: 'B1', algorithm: 'A', bits: 128 } as const;
  const looked = (more: Partial<Parameters<typeof keysProbe>[0]>) =>
    keysProbe({
      list: async () => [{ ...account, checkValue: 'EFBB570CFD' }],
      refusal: async () => undefined,
      erased: () => false,
      ...{ atWork: true, macWanted: false, ...more },
    })(never);

  test('that are loaded are named by their check value', async () => {
    const found = await looked({});
    expect(found).toMatchObject({ verdict: 'well' });
    expect(found.found).toBe('account key (check value EFBB570CFD) are loaded.');
  });

  test('that are missing, erased, or without the one for MACs are wrong', async () => {
    const missing = await looked({ refusal: async () => 'no keys are loaded' });
    expect(missing.remedy).toContain('countertap keys load');
    const erased = await looked({ refusal: async () => 'the keys were erased: case opened' });
    expect(erased.found).toBe('the keys were erased: case opened.');
    expect(await looked({ macWanted: true })).toMatchObject({ verdict: 'wrong' });
  });

  test('a case that is open goes before them', async () => {
    const tamperSignal = join(state, 'tamper');
    writeFileSync(tamperSignal, '0\n');
    expect(await looked({ tamperSignal })).toMatchObject({ verdict: 'well' });
    writeFileSync(tamperSignal, '1\n');
    expect(await looked({ tamperSignal })).toMatchObject({
      verdict: 'wrong',
      found: expect.stringContaining('case is open'),
    });
  });
});

test('a clock of 1970 is found by the age of the installation itself', async () => {
  const probe = clockProbe({ wallMs: () => 1000, lastPaymentMs: async () => undefined });
  expect(await probe(never)).toMatchObject({ check: 'clock', verdict: 'wrong' });
});

test('the configuration is that of the terminal that ran here', () => {
  const found = configurationHere(placesIn(state), 'base');
  expect('problem' in found ? found.problem : found.name).toBe('base');
});
