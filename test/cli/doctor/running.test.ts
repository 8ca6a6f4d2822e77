import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Diagnosis } from '#doctor/index.ts';
import { call } from '#drivers/control/index.ts';
import { isFault } from '#ports/fault.ts';
import { watchViews } from '#test/support/display-watch.ts';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';
import { placesIn } from '../../../src/cli/places.ts';

let terminal: RunningTerminal;
beforeAll(async () => {
  terminal = await runTerminal({ reader: 'in-process' });
});
afterAll(() => terminal?.close());

const examined = async (): Promise<Diagnosis> => {
  const { stdout } = await terminal.countertap('doctor', '--json');
  return JSON.parse(stdout) as Diagnosis;
};
const verdicts = ({ findings }: Diagnosis): Record<string, string> =>
  Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));

describe('a terminal that runs', () => {
  test('looks at itself within ten seconds, and misses a browser at its display', async () => {
    // At its socket: how long a process takes to start is not the doctor's affair.
    const startedMs = performance.now();
    const answer = await call(placesIn(terminal.state).controlSocket, { op: 'doctor' });
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    if (isFault(answer)) throw new Error(answer.detail);
    const diagnosis = answer['diagnosis'] as Diagnosis;
    expect(diagnosis.by).toBe('terminal');
    expect(verdicts(diagnosis)).toMatchObject({
      ...{ terminal: 'well', reader: 'well', cardPath: 'well', host: 'well', journal: 'well' },
      ...{ keys: 'well', nfc: 'well', node: 'well', clock: 'well', display: 'attention' },
      ...{ pcscd: 'notUsed', update: 'notUsed', hostCertificate: 'notUsed', hid: 'notUsed' },
    });
  });

  test('is well once a browser shows its display, and the command ends with 0', async () => {
    const watch = watchViews(terminal.displayUrl);
    await watch.until(() => true);
    const checks = ['display', 'reader', 'cardPath', 'host', 'journal', 'keys', 'nfc'];
    const { code, stdout } = await terminal.countertap('doctor', '--check', ...checks);
    expect(stdout).toMatch(/ok +Shopper's display .* 1 browser/);
    expect(stdout.trim()).toMatch(/All is well\.$/);
    expect(code).toBe(0);
    watch.close();
  });

  test('holds no payment up: it sends no echo and touches no card', async () => {
    const socket = placesIn(terminal.state).controlSocket;
    const paying = call(socket, { op: 'sale', amountMinor: 100, currency: 840 });
    await expect.poll(async () => (await terminal.status())['state']).toBe('sale');
    const during = verdicts(await examined());
    expect(during).toMatchObject({ cardPath: 'notUsed', host: 'attention' });
    await call(socket, { op: 'tap', card: 'visa-phone', holdMs: 40 });
    const answer = await paying;
    expect(isFault(answer) ? answer : answer['result']).toMatchObject({ status: 'approved' });
  });

  test('says when its host is away', async () => {
    await terminal.countertap('acquirer', 'absent');
    await expect.poll(async () => (await terminal.status())['linkUp']).toBe(false);
    const { findings } = await examined();
    expect(findings.find(({ check }) => check === 'host')).toMatchObject({
      verdict: 'wrong',
      remedy: expect.stringContaining('network'),
    });
    await terminal.countertap('acquirer', 'present');
  });

  test('refuses a check that it doesn’t know, at its socket', async () => {
    const socket = placesIn(terminal.state).controlSocket;
    const answer = await call(socket, { op: 'doctor', checks: ['engine'] });
    expect(answer).toMatchObject({ error: expect.stringContaining("a check's name") });
  });
});
