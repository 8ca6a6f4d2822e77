import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { firmwareProbe } from '../../../src/cli/probes/firmware.ts';

const never = new AbortController().signal;
let firmware = '';
beforeEach(() => {
  firmware = mkdtempSync(join(tmpdir(), 'countertap-notes-'));
});
afterEach(() => rmSync(firmware, { recursive: true, force: true }));

const look = (names = ['scanner']) =>
  firmwareProbe(
    names.map((name) => ({ name })),
    { firmware },
    () => false,
  )(never);

const note = (underWay: boolean, tries: number): void => {
  const known = { format: 1, sha256: '0'.repeat(64), version: '2.0', underWay, tries };
  writeFileSync(join(firmware, 'scanner.json'), JSON.stringify(known));
};

test('firmware is told by the notes alone: known, cut off, or failed three times', async () => {
  expect(await look()).toMatchObject({ found: 'scanner: not known yet.' });
  note(false, 0);
  expect(await look()).toMatchObject({ verdict: 'well', found: 'scanner runs 2.0.' });
  note(true, 1);
  expect(await look()).toMatchObject({ verdict: 'attention' });
  note(false, 3);
  expect(await look()).toMatchObject({ verdict: 'wrong' });
});

test('without such peripherals it is not used, and before the first look all is well', async () => {
  rmSync(firmware, { recursive: true });
  expect(await look([])).toMatchObject({ verdict: 'notUsed' });
  expect(await look()).toMatchObject({ verdict: 'well' });
});

test('notes that are no folder are told with their reason', async () => {
  rmSync(firmware, { recursive: true });
  writeFileSync(firmware, '');
  expect(await look()).toMatchObject({ verdict: 'wrong' });
});
