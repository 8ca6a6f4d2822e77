import { describe, expect, test } from 'vitest';
import {
  attachedFinding,
  clockFinding,
  diskFinding,
  firmwareFinding,
  memoryFinding,
  nodeFinding,
  slotsFinding,
  standingFinding,
} from '#doctor/index.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { fault } from '#ports/fault.ts';

const DAY_MS = 86_400_000;
const BUILT = Date.UTC(2026, 10, 1);
const NOW = Date.UTC(2026, 10, 29, 17, 30);

describe('a clock', () => {
  const at = (facts: Partial<Parameters<typeof clockFinding>[0]>) =>
    clockFinding({ nowMs: NOW, builtMs: BUILT, ...facts });

  test('before the release was made is wrong, however well network time keeps it', () => {
    const epoch = at({ nowMs: 86_400_000, synchronised: true });
    expect(epoch).toMatchObject({ verdict: 'wrong' });
    expect(epoch.found).toBe(
      'It says 1970-01-02 00:00 UTC, which is before this release was made (2026-11-01).',
    );
  });

  test('behind the latest payment is wrong: it was set back', () => {
    expect(at({ lastPaymentMs: NOW + DAY_MS })).toMatchObject({ verdict: 'wrong' });
    expect(at({ lastPaymentMs: NOW + 60_000 })).toMatchObject({ verdict: 'well' });
  });

  test('ten years ahead is wrong', () => {
    expect(at({ nowMs: BUILT + 4000 * DAY_MS })).toMatchObject({ verdict: 'wrong' });
  });

  test('that differs from the host by an hour is wrong, either way', () => {
    for (const hostAheadMs of [3_600_000, -3_600_000]) {
      expect(at({ hostAheadMs, synchronised: true }).found).toContain('by 3600 s');
    }
    expect(at({ hostAheadMs: 1000 })).toMatchObject({ verdict: 'well' });
  });

  test('that nothing keeps in step needs attention, where somebody says so', () => {
    expect(at({ synchronised: false })).toMatchObject({ verdict: 'attention' });
    expect(at({})).toMatchObject({ verdict: 'well' });
  });
});

describe('a disk', () => {
  const disk = {
    path: '/state',
    freeBytes: 5e9,
    totalBytes: 8e9,
    freeInodes: 1e5,
    totalInodes: 2e5,
  };
  test.each([
    ['with room', {}, 'well'],
    ['with little room', { freeBytes: 2e8 }, 'attention'],
    ['that is full', { freeBytes: 1e6 }, 'wrong'],
    ['without inodes', { freeInodes: 3 }, 'wrong'],
    ['that counts no inodes', { freeInodes: 0, totalInodes: 0 }, 'well'],
    ['that is read-only', { unwritable: 'the file system is read-only' }, 'wrong'],
  ])('%s', (_, change, verdict) => {
    expect(diskFinding({ ...disk, ...change })).toMatchObject({ verdict });
  });
});

test.each([
  ['v24.1.0', ['--max-semi-space-size=2', '--heap-growing-percent=20', '--no-maglev'], 'well'],
  ['v24.1.0', ['--no-maglev'], 'attention'],
  ['v22.9.0', ['--max-semi-space-size=2', '--heap-growing-percent=20', '--no-maglev'], 'wrong'],
])('Node %s with %j is %s', (version, flags, verdict) => {
  expect(nodeFinding(version, flags)).toMatchObject({ verdict });
});

test('a terminal that grew needs attention, a machine without memory is wrong', () => {
  const facts = { ownBytes: 12e7, availableBytes: 5e8, totalBytes: 1e9 };
  expect(memoryFinding(facts)).toMatchObject({ verdict: 'well' });
  expect(memoryFinding({ ...facts, ownBytes: 5e8 })).toMatchObject({ verdict: 'attention' });
  expect(memoryFinding({ ...facts, availableBytes: 1e7 })).toMatchObject({ verdict: 'wrong' });
});

test('of several devices the one that is away is named', () => {
  const one = (place: string, health: AttachedDevice['health']): AttachedDevice => ({
    ...{ kind: 'scanner', place, name: '', because: '', health },
  });
  const ready = one('/dev/ttyS1', { health: 'ready' });
  const noisy = one('/dev/ttyS2', { health: 'attention', detail: 'it sends rubbish' });
  const away = one('/dev/ttyS3', { health: 'absent', why: fault('device', 'not plugged in') });
  expect(attachedFinding('serial', [])).toMatchObject({ verdict: 'notUsed' });
  expect(attachedFinding('serial', [ready]).found).toBe('scanner /dev/ttyS1: ready.');
  expect(attachedFinding('serial', [ready, noisy]).found).toContain('it sends rubbish');
  expect(attachedFinding('serial', [ready, noisy, away])).toMatchObject({
    verdict: 'wrong',
    found: 'scanner /dev/ttyS3: not plugged in.',
  });
});

describe('updates', () => {
  const standing = { managed: true, version: '1.4.0', phase: 'settled', work: 'none' } as const;
  test.each([
    ['a checkout', { managed: false }, 'notUsed', /checkout/],
    ['settled', {}, 'well', /1\.4\.0 runs/],
    ['ready', { work: 'ready', offered: '1.5.0', waitsFor: 'window' }, 'well', /shop's window/],
    ['being fetched', { work: 'fetching', offered: '1.5.0' }, 'well', /on its way/],
    ['on probation', { phase: 'probation' }, 'attention', /probation/],
    ['unhealthy', { phase: 'probation', reason: 'no echo' }, 'wrong', /says: no echo\./],
    ['rolled back', { phase: 'rolledBack', reason: 'no reader' }, 'wrong', /again: no reader\./],
    ['looked at', { lastLook: { atMs: NOW - 60_000 } }, 'well', /60 s ago/],
    ['not reached', { lastLook: { atMs: NOW, problem: 'no route' } }, 'attention', /no route/],
  ] as const)('%s', (_, change, verdict, words) => {
    const found = standingFinding({ ...standing, ...change }, NOW);
    expect(found).toMatchObject({ verdict, found: expect.stringMatching(words) });
  });

  test('by the disk alone: how often it was started, and why the last one was left', () => {
    const state = { version: '1.4.0', phase: 'probation', reason: null, starts: 2 };
    expect(slotsFinding(state).found).toContain('started 2 times');
    const left = { ...state, phase: 'rolledBack', reason: 'three starts and no reader' };
    expect(slotsFinding(left)).toMatchObject({
      verdict: 'wrong',
      found: 'The last update was left, and version 1.4.0 runs again: three starts and no reader.',
    });
    expect(slotsFinding({ ...state, phase: 'checked' })).toMatchObject({ verdict: 'attention' });
  });
});

describe('firmware of peripherals', () => {
  const noted = (name: string, version: string, tries = 0, underWay = false) => ({
    name,
    note: { version, tries, underWay },
  });
  const judged = (peripherals: Parameters<typeof firmwareFinding>[0], isLoading = false) =>
    firmwareFinding(peripherals, { mostTries: 3, isLoading });

  test('is told with each version that is known', () => {
    const unknown = { name: 'printer', note: undefined };
    expect(judged([noted('scanner', '2.0'), unknown])).toMatchObject({
      ...{ verdict: 'well', found: 'scanner runs 2.0, printer: not known yet.' },
    });
    expect(judged([])).toMatchObject({ verdict: 'notUsed' });
  });

  test.each([
    ['failed once', noted('scanner', '2.0', 1), 'attention', /did not run 2\.0/],
    ['was cut off', noted('scanner', '2.0', 1, true), 'attention', /begun and has not ended/],
    ['failed three times', noted('scanner', '2.0', 3), 'wrong', /failed on scanner 3 times/],
    ['broke off three times', noted('scanner', '2.0', 3, true), 'wrong', /3 times/],
  ] as const)('that %s is said of the peripheral it is', (_, one, verdict, found) => {
    const told = judged([noted('printer', '1.0'), one]);
    expect(told).toMatchObject({ verdict, found: expect.stringMatching(found) });
    expect(told.remedy).toBeDefined();
  });

  test('that is being loaded just now is no fault', () => {
    expect(judged([noted('scanner', '2.0', 1, true)], true)).toMatchObject({ verdict: 'well' });
  });
});
