import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { PeerCertificate } from 'node:tls';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import { tillSection } from '#config/till-config.ts';
import { isFault } from '#ports/fault.ts';
import { type Line, recordingLog } from '#test/drivers/http/support.ts';
import { fakeDesk } from '#test/drivers/till/fake-desk.ts';
import { freePort } from '#test/support/running-terminal.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { openTill } from '../../src/cli/opening/open-till.ts';
import { openTillKeys } from '../../src/cli/opening/open-till-keys.ts';
import { placesIn } from '../../src/cli/places.ts';

const PASSPHRASE = 'correct horse battery';
const base = loadConfiguration('base');
if (isConfigProblem(base)) throw new Error('config/base');

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-till-'));
});
afterEach(() => rmSync(state, { recursive: true }));

/** The command as a process of its own: nobody is at its keyboard. */
const keys = async (words: readonly string[], input = '') => {
  const program = `
    const { Command } = await import('commander');
    const { addTillCommands } = await import('#cli/till-commands.ts');
    const { placesIn } = await import('#cli/places.ts');
    const program = new Command().exitOverride();
    addTillCommands(program, () => placesIn(process.env.STATE));
    await program.parseAsync(['till', 'keys', ...JSON.parse(process.env.WORDS)], { from: 'user' })
      .catch(() => { process.exitCode = 3; });`;
  const env = { ...process.env, STATE: state, WORDS: JSON.stringify(words) };
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env });
  child.stdin.end(input);
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  const [stdout, stderr] = await printed;
  expect(stdout + stderr).not.toContain(PASSPHRASE);
  return { code, stdout, stderr };
};

describe('countertap till keys', () => {
  test('adds a passphrase from standard input, lists its check value, and removes it', async () => {
    expect((await keys(['list'])).stdout).toMatch(/^none yet/);
    const added = await keys(['add', 'shop', '1', '--passphrase-stdin'], `${PASSPHRASE}\n`);
    expect(added).toMatchObject({ code: 0, stderr: '' });
    expect(added.stdout).toMatch(/^shop {3}version 1 {3}check value [0-9A-F]{10}\n$/);
    expect(statSync(join(state, 'till', 'keys.json')).mode & 0o777).toBe(0o600);
    expect((await keys(['list'])).stdout).toBe(added.stdout);
    const [json] = JSON.parse((await keys(['list', '--json'])).stdout);
    expect(Object.keys(json)).toEqual(['identifier', 'version', 'cryptoVersion', 'checkValue']);
    const again = await keys(['add', 'shop', '1', '--passphrase-stdin'], 'another passphrase');
    expect(again).toMatchObject({ code: 3, stdout: '' });
    expect(await keys(['remove', 'shop', '1'])).toMatchObject({ code: 0 });
    expect(await keys(['remove', 'shop', '1'])).toMatchObject({ code: 3 });
    // Seven processes; a busy machine takes its time.
  }, 120_000);

  test('takes no passphrase that is too short, missing, or an argument', async () => {
    expect((await keys(['add', 'shop', '1', '--passphrase-stdin'], 'short')).code).toBe(3);
    expect((await keys(['add', 'shop', '1'])).stderr).toContain('--passphrase-stdin');
    expect((await keys(['add', 'shop', '1', 'a-passphrase'])).code).toBe(3);
    expect((await keys(['add', 'shop', 'one', '--passphrase-stdin'], PASSPHRASE)).code).toBe(3);
    expect((await keys(['list', '--json'])).stdout).toBe('[]\n');
  }, 120_000);
});

describe('tills at a terminal', () => {
  const open = async (section: object | undefined, desk = async () => fakeDesk()) => {
    const port = await freePort();
    const till = section && v.parse(tillSection, { port, ...section });
    const configuration = { ...base, terminal: { ...base.terminal, till } };
    const lines: Line[] = [];
    const opened = await openTill(
      configuration,
      placesIn(state),
      { desk, facts: {} },
      recordingLog(lines),
    );
    return { opened, port, lines };
  };

  const post = (port: number, path = '/nexo/') =>
    new Promise<{ status: number | undefined; name: string; said: string }>((resolve, reject) => {
      const ca = readFileSync(join(state, 'till', 'certificate.pem'));
      let name = '';
      // As Adyen's libraries look at a terminal: the authority, and the common name alone.
      const checkServerIdentity = (_: string, { subject }: PeerCertificate) => {
        name = String(subject.CN);
        return undefined;
      };
      const options = { host: '127.0.0.1', port, path, method: 'POST', ca, checkServerIdentity };
      const sent = request({ ...options, agent: false }, async (response) => {
        resolve({ status: response.statusCode, name, said: await text(response) });
      });
      sent.on('error', reject);
      sent.end('hello');
    });

  test('are not let in unless the configuration says so', async () => {
    expect((await open(undefined)).opened).toBeUndefined();
  });

  test('find a certificate that they can be given; the first loads the desk', async () => {
    let loads = 0;
    const { opened, port } = await open({}, async () => {
      loads += 1;
      return fakeDesk();
    });
    if (opened === undefined || isFault(opened)) throw new Error('not open');
    expect(opened.url).toBe(`https://127.0.0.1:${port}/`);
    await expect.poll(opened.fingerprint, { timeout: 20_000 }).toBeDefined();
    expect(loads).toBe(0);
    const { status, name, said } = await post(port);
    expect([status, said, loads]).toEqual([200, 'echo hello', 1]);
    expect(name).toBe(`Countertap-${base.terminal.terminal.id}.test.terminal.adyen.com`);
    expect((await post(port, '/till/')).status).toBe(404);
    expect(opened.relay()).toBeUndefined();
    await opened.close();
  });

  test('are a fault where the port is taken or a file is missing, in words', async () => {
    const first = await open({});
    if (first.opened === undefined || isFault(first.opened)) throw new Error('not open');
    const second = await open({ port: first.port });
    expect(isFault(second.opened) && second.opened.detail).toContain('The line for tills');
    await first.opened.close();
    const third = await open({ clientCertificates: 'nowhere.pem' });
    expect(isFault(third.opened) && third.opened.detail).toContain('nowhere.pem: ENOENT');
  });

  test('are looked for by a relay, where there is one', async () => {
    const relay = { address: 'ws://127.0.0.1:9', tokenFile: join(state, 'token') };
    writeFileSync(relay.tokenFile, 'a-token');
    const { opened, lines } = await open({ relay });
    if (opened === undefined || isFault(opened)) throw new Error('not open');
    await expect.poll(() => lines.some(({ message }) => message.includes('no relay'))).toBe(true);
    expect(opened.relay()).toEqual({ connected: false, kept: 0, underWay: 0 });
    await opened.close();
  });

  test('have the keys that the command adds while the terminal runs', async () => {
    const places = placesIn(state);
    const kept = await openTillKeys(places, recordingLog([]));
    expect(kept.ring()).toBeUndefined();
    expect((await keys(['add', 'shop', '3', '--passphrase-stdin'], PASSPHRASE)).code).toBe(0);
    await expect.poll(() => kept.ring()?.current.key.version, { timeout: 10_000 }).toBe(3);
    kept.close();
  });
});
