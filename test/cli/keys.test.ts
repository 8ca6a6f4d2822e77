import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { xor } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { keyCheckValue } from '#crypto/key-check-value.ts';
import { openKeyStore } from '#drivers/keystore/index.ts';
import {
  ACCOUNT_BLOCK,
  BDK,
  CMAC_BLOCK,
  initial,
  sound,
  TRANSPORT,
} from '#test/drivers/keystore/key-material.ts';
import { startSoftModule } from '#test/drivers/pkcs11/soft-module.ts';
import { keptLog } from '#test/support/kept-log.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-keys-cli-'));
});
afterEach(() => rmSync(state, { recursive: true }));

const keys = async (words: readonly string[], input = '') => {
  const child = spawn('scripts/countertap', ['--state', state, 'keys', ...words]);
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  const [stdout, stderr] = await printed;
  return { code, stdout, stderr };
};

const checkValue = (key: Uint8Array) => toHex(keyCheckValue('A', key) ?? new Uint8Array());
const ID_AND_COUNTER = 'id 1234567800000042, next counter 1';
const COMPONENTS = [BDK, xor(BDK, initial()), xor(initial(), TRANSPORT)];
const asLines = (components: readonly Uint8Array[]) => components.map(toHex).join('\n');

describe('countertap keys', () => {
  it('takes the transport key in components, then key blocks, and lists them', async () => {
    const transport = await keys(['transport'], asLines(COMPONENTS));
    expect(transport.stderr).toBe('');
    expect(transport.code).toBe(0);
    for (const key of [...COMPONENTS, TRANSPORT]) {
      expect(transport.stdout).toContain(`check value ${checkValue(key)}`);
      expect(transport.stdout).not.toContain(toHex(key));
    }
    const loaded = await keys(['load', '-'], `\n${ACCOUNT_BLOCK}\n${CMAC_BLOCK}\n`);
    expect(loaded.code).toBe(0);
    expect(loaded.stdout.split('\n')).toHaveLength(3);
    const listed = await keys(['list']);
    expect(listed.stdout).toBe(
      [
        `transport  K1 AES-256  check value ${checkValue(TRANSPORT)}`,
        `account    B1 AES-256  check value ${checkValue(initial())}  ${ID_AND_COUNTER}`,
        'mac        M6 AES-128  check value 227DCE88F8\n',
      ].join('\n'),
    );
    expect(JSON.parse((await keys(['list', '--json'])).stdout)).toHaveLength(3);
  }, 30_000);

  it('names the line and the place of a block that it refuses', async () => {
    await keys(['transport'], asLines(COMPONENTS));
    const file = join(state, 'blocks');
    writeFileSync(file, `${CMAC_BLOCK}\n${ACCOUNT_BLOCK.slice(0, 100)}\n`);
    const { code, stderr } = await keys(['load', file]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^countertap: line 2: refused: key block › length at 1/);
    const missing = await keys(['load', join(state, 'nothing')]);
    expect(missing.stderr).toMatch(/nothing can't be read: ENOENT/);
  }, 30_000);

  it.each([
    ['one component', [BDK], '1 components: two or three make a transport key'],
    ['the same component twice', [BDK, BDK], 'the components cancel each other out'],
    ['components of two lengths', [BDK, BDK.slice(0, 16)], 'different lengths: 32, 16 bytes'],
  ])('refuses %s', async (_, components, why) => {
    const { code, stderr } = await keys(['transport'], asLines(components));
    expect(code).toBe(3);
    expect(stderr).toContain(why);
    expect(stderr).not.toContain(toHex(BDK));
  });

  it('erases only what is meant to be erased, and says so from then on', async () => {
    await keys(['transport'], asLines(COMPONENTS));
    const asked = await keys(['erase', '--why', 'sold']);
    expect(asked.code).toBe(3);
    expect(asked.stderr).toContain('--yes');
    expect((await keys(['list'])).code).toBe(0);
    const erased = await keys(['erase', '--why', 'sold', '--yes']);
    expect(erased.code).toBe(0);
    expect(erased.stdout).toMatch(/^the keys were erased at .*: sold\n$/);
    const listed = await keys(['list']);
    expect(listed.code).toBe(3);
    expect(listed.stderr).toMatch(/the keys were erased at .*: sold/);
  }, 30_000);

  it('says what is still there where the disk is read-only: exit 3', async () => {
    await keys(['transport'], asLines(COMPONENTS));
    const folder = join(state, 'keys');
    const readOnly = `mount --bind ${folder} ${folder} && mount -o remount,ro,bind ${folder}`;
    const erase = `exec scripts/countertap --state ${state} keys erase --why sold --yes`;
    const flags = process.getuid?.() === 0 ? '-m' : '-mr';
    const child = spawn('unshare', [flags, 'sh', '-c', `${readOnly} && ${erase}`]);
    const printed = Promise.all([text(child.stdout), text(child.stderr)]);
    const [code] = await once(child, 'close');
    const [stdout, stderr] = await printed;
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^countertap: not everything is erased: .*machine\.key.*keys\.sealed/);
    expect(code).toBe(3);
    expect((await keys(['list'])).stdout).toContain(checkValue(TRANSPORT));
  }, 30_000);

  it('changes nothing beside a running terminal, but lists', async () => {
    await keys(['transport'], asLines(COMPONENTS));
    const folder = join(state, 'keys');
    const terminal = sound(await openKeyStore({ folder, log: keptLog() }));
    const refused = await keys(['load', '-'], ACCOUNT_BLOCK);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('key store open: if it is the terminal, stop it first');
    expect((await keys(['list'])).code).toBe(0);
    await terminal.close();
    expect((await keys(['load', '-'], ACCOUNT_BLOCK)).code).toBe(0);
  }, 30_000);

  it('keeps them in a security module where it is told to', async () => {
    const soft = startSoftModule();
    const pin = join(state, 'pin');
    writeFileSync(pin, `${soft.pin}\n`);
    const module = ['--module-library', soft.library, '--module-token', soft.token];
    const words = [...module, '--module-pin', pin];
    expect((await keys(['transport', ...words], asLines(COMPONENTS))).code).toBe(0);
    expect((await keys(['list', ...words])).stdout).toContain(checkValue(TRANSPORT));
    expect((await keys(['list'])).stderr).toMatch(/not sealed by the machine sealer/);
    expect((await keys(['list', ...module])).stderr).toMatch(/and a file with the PIN/);
    soft.close();
  }, 30_000);
});
