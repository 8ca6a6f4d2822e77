import { expect, test } from 'vitest';
import { CHECKS, diagnosisText, examine, finding, type Probes } from '#doctor/index.ts';
import type { Probe } from '#ports/finding.ts';

const well: Probe = async () => finding('reader', 'well', { name: 'ACR1252' });
const look = (probes: Probes, only?: ('reader' | 'host' | 'disk')[]) =>
  examine({ probes, by: 'here', wallMs: () => 5, only, withinMs: 60 });

test('findings stand in the order of the table, and the worst verdict is that of all', async () => {
  const diagnosis = await look(
    {
      host: async () => finding('host', 'down', { why: 'no route' }),
      reader: well,
      disk: async () => finding('disk', 'absent', { path: '/var/x' }),
    },
    ['host', 'reader', 'disk'],
  );
  expect(diagnosis.findings.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
    'disk attention',
    'reader well',
    'host wrong',
  ]);
  expect(diagnosis).toMatchObject({ verdict: 'wrong', atMs: 5, by: 'here' });
});

test('checks run side by side', async () => {
  const { promise: both, resolve } = Promise.withResolvers<void>();
  let begun = 0;
  const waiting: Probe = async () => {
    begun += 1;
    if (begun === 2) resolve();
    await both;
    return finding('reader', 'well', { name: 'x' });
  };
  const { verdict } = await look({ reader: waiting, host: waiting }, ['reader', 'host']);
  expect(verdict).toBe('well');
});

test('one that hangs is told to stop, and told as wrong, and holds no other up', async () => {
  let stopped = false;
  const hanging: Probe = (signal) =>
    new Promise(() => {
      signal.addEventListener('abort', () => {
        stopped = true;
      });
    });
  const { findings } = await look({ host: hanging, reader: well }, ['host', 'reader']);
  expect(findings.map(({ verdict }) => verdict)).toEqual(['well', 'wrong']);
  expect(findings[1]?.found).toBe('The check did not end within 0.06 s.');
  expect(stopped).toBe(true);
});

test('one that breaks its word and throws is a finding, too', async () => {
  const broken: Probe = () => Promise.reject(new Error('a bug'));
  const { findings } = await look({ host: broken }, ['host']);
  expect(findings[0]).toMatchObject({
    verdict: 'wrong',
    found: 'The check itself failed: a bug.',
    remedy: expect.stringContaining('support bundle'),
  });
});

test('what nobody looks at is told, so that no silence passes for well', async () => {
  const { findings, verdict } = await look({});
  expect(findings).toHaveLength(CHECKS.length);
  expect(verdict).toBe('attention');
});

test('for people each stands with its mark, and below it what to do', async () => {
  const text = diagnosisText(
    await look({ reader: well, host: async () => finding('host', 'down', { why: 'no route' }) }, [
      'reader',
      'host',
    ]),
  );
  expect(text.split('\n')).toEqual([
    'ok     Card reader      ACR1252 is there.',
    "WRONG  Acquirer's host  Not connected: no route.",
    expect.stringMatching(/^ {24}→ Look at the network/),
    '',
    'Something is wrong. No terminal is running: this was looked at without it.',
  ]);
});

test('all checks together have less than ten seconds', () => {
  expect(Math.max(...CHECKS.map(({ withinMs }) => withinMs))).toBeLessThan(9500);
});
