import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { type CaPublicKeyRow, parseCaPublicKeys } from '#config/ca-public-keys-config.ts';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { rids } from '#drivers/simulated/issuer/certification.ts';
import { issuers } from '#drivers/simulated/issuer/index.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'config', 'ca-public-keys');

const keysIn = (name: string): readonly CaPublicKeyRow[] => {
  const rows = parseCaPublicKeys({ name, text: readFileSync(join(FOLDER, name), 'utf8') });
  if (isConfigProblem(rows)) throw new Error(describeConfigProblem(rows));
  return rows;
};

const KERNEL_8 = toHex(rids.countertap);
const RIDS = issuers.map(({ scheme }) => toHex(rids[scheme])).filter((rid) => rid !== KERNEL_8);
const nameOf = ({ rid, index }: CaPublicKeyRow) => `${toHex(rid)} ${index.toString(16)}`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'countertap-authority-'));
  cpSync('config/base', folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

const authentication = () => {
  const loaded = loadConfiguration(folder);
  if (isConfigProblem(loaded)) throw new Error(describeConfigProblem(loaded));
  const { authentication: given } = loaded.contactless;
  if (given === undefined) throw new Error('a configuration without keys');
  return given;
};

describe('the authority of the emulated cards', () => {
  test('takes no index that a scheme has, and none of their keys', () => {
    const shipped = [...keysIn('live.json'), ...keysIn('test.json')];
    const simulated = keysIn('simulated.json');
    expect(simulated.map(nameOf)).toEqual([
      ...RIDS.flatMap((rid) => [`${rid} e0`, `${rid} e1`]),
      `${KERNEL_8} e0`,
    ]);
    const taken = new Set(shipped.map(nameOf));
    expect(simulated.filter((row) => taken.has(nameOf(row)))).toEqual([]);
  });

  test('is known to terminals for test cards', () => {
    const { caKeys } = authentication();
    for (const rid of RIDS) {
      expect(caKeys.find(hex(rid), 0xe0)).toBeDefined();
      expect(caKeys.find(hex(rid), 0xe1)).toBeDefined();
      expect(caKeys.find(hex(rid), 0xe9)).toBeUndefined();
    }
    expect(caKeys.findEcc(hex(KERNEL_8), 0xe0)).toBeDefined();
    expect(caKeys.findEcc(hex(KERNEL_8), 0xe9)).toBeUndefined();
    // Beside the schemes' own.
    expect(caKeys.find(hex('A000000003'), 0x92)).toBeDefined();
  });

  test('is unknown to terminals that take real money', () => {
    const file = join(folder, 'terminal.json');
    const text = readFileSync(file, 'utf8');
    for (const changed of [
      text.replace('"caPublicKeys": "test"', '"caPublicKeys": "live"'),
      text.replace('"caPublicKeys": "test",', ''),
    ]) {
      expect(changed).not.toBe(text);
      writeFileSync(file, changed);
      const { caKeys } = authentication();
      expect(caKeys.find(hex('A000000003'), 0x09)).toBeDefined();
      expect(caKeys.findEcc(hex(KERNEL_8), 0xe0)).toBeUndefined();
      for (const rid of RIDS) {
        for (let index = 0xe0; index <= 0xe9; index++) {
          expect(caKeys.find(hex(rid), index)).toBeUndefined();
        }
      }
    }
  });
});

describe('a list of revoked certificates', () => {
  test('may be absent', () => {
    expect(authentication().revoked.has(hex('A000000003'), 0xe0, 0xdead01)).toBe(false);
  });

  test('counts by key and serial number', () => {
    const row = { rid: 'A000000003', index: 'E0', serial: 'DEAD01' };
    write('revoked-certificates.json', JSON.stringify([row]));
    const { revoked } = authentication();
    expect(revoked.has(hex('A000000003'), 0xe0, 0xdead01)).toBe(true);
    expect(revoked.has(hex('A000000003'), 0xe1, 0xdead01)).toBe(false);
    expect(revoked.has(hex('A000000004'), 0xe0, 0xdead01)).toBe(false);
    expect(revoked.has(hex('A000000003'), 0xe0, 0xdead02)).toBe(false);
  });

  test.each([
    ['[{"rid":"A000000003","index":"E0","serial":"DEAD"}]', '[0].serial'],
    ['[{"rid":"A0","index":"E0","serial":"DEAD01"}]', '[0].rid'],
    ['[{"rid":"A000000003","serial":"DEAD01"}]', '[0].index'],
    ['{}', 'a list of revoked issuer certificates'],
    ['[', 'JSON'],
  ])('that is %s is refused', (text, named) => {
    write('revoked-certificates.json', text);
    const loaded = loadConfiguration(folder);
    expect(isConfigProblem(loaded) && describeConfigProblem(loaded)).toContain(named);
  });
});
