import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { State } from '#upkeep/index.ts';
import { COPIES, encode } from '#upkeep/launcher.ts';
import { slotsProbe } from '../../../src/cli/probes/slots.ts';

const never = new AbortController().signal;
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countertap-slots-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const slot = {
  ...{ release: 'countertap-1.4.0', version: '1.4.0', digest: '0'.repeat(64) },
  ...{ starts: 2, trials: 2, healthy: false, probationMs: 1000 },
};
const state: State = {
  ...{ format: 1, sequence: 3, current: 'a', floor: '1.0.0' },
  ...{ phase: 'rolledBack', reason: 'no reader was found in three starts' },
  slots: { a: slot, b: null },
};

const written = (text: string) => {
  for (const name of COPIES) writeFileSync(join(root, name), text);
};

test('an update that was left is told with its reason, by the disk alone', async () => {
  written(encode(state));
  expect(await slotsProbe(root)(never)).toMatchObject({
    verdict: 'wrong',
    found: expect.stringMatching(/1\.4\.0 runs again: no reader was found in three starts\.$/),
  });
});

test('a release on probation is told with its starts', async () => {
  written(encode({ ...state, phase: 'probation', reason: null }));
  expect(await slotsProbe(root)(never)).toMatchObject({
    verdict: 'attention',
    found: expect.stringContaining('started 2 times'),
  });
});

test('a state that is ruined or gone is wrong; a checkout has none', async () => {
  expect(await slotsProbe(root)(never)).toMatchObject({ verdict: 'wrong' });
  written('rubbish\n{}');
  expect(await slotsProbe(root)(never)).toMatchObject({ verdict: 'wrong' });
  expect(await slotsProbe('')(never)).toMatchObject({ verdict: 'notUsed' });
});
