import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { fault } from '#ports/fault.ts';
import { type AuditLine, createAuditor, SUMMED_UP_MS } from '../../src/console/audit.ts';

const LINE = {
  person: 'nobody',
  role: 'unknown',
  action: 'sign in',
  subject: 'Ann',
  says: 'wrong PIN',
} as const;

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const setUp = () => {
  const lines: AuditLine[] = [];
  const scheduler = new VirtualTimeScheduler();
  const clock = { wallMs: () => scheduler.now(), monotonicMs: () => scheduler.now(), scheduler };
  const write = async (line: AuditLine) => void lines.push(line);
  const auditor = createAuditor({ write, read: async () => [] }, { clock, log: silent });
  return { lines, scheduler, auditor, pass: (ms: number) => passTime(scheduler, ms) };
};

const passTime = (scheduler: VirtualTimeScheduler, ms: number): void => {
  scheduler.maxFrames = scheduler.now() + ms;
  scheduler.flush();
  scheduler.frame = scheduler.maxFrames;
};

describe('refusals of one kind', () => {
  test('are written as they come, then counted, then summed up once a minute', () => {
    const { lines, auditor, pass } = setUp();
    for (let n = 0; n < 1000; n++) auditor.refused(LINE, `10.0.0.${n % 7}`);
    expect(lines.map(({ says }) => says)).toEqual([
      'wrong PIN, from 10.0.0.0',
      'wrong PIN, from 10.0.0.1',
      'wrong PIN, from 10.0.0.2',
    ]);
    pass(SUMMED_UP_MS);
    expect(lines.at(-1)?.says).toMatch(
      /^wrong PIN, 997 times more within a minute, from 10\.0\.0\.3, .* and others$/,
    );
    auditor.refused(LINE, '10.0.0.1');
    pass(SUMMED_UP_MS);
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)?.says).toBe('wrong PIN, once more within a minute, from 10.0.0.1');
  });

  test('are news again after a quiet minute', () => {
    const { lines, auditor, pass } = setUp();
    auditor.refused(LINE, '10.0.0.1');
    pass(2 * SUMMED_UP_MS);
    auditor.refused(LINE, '10.0.0.1');
    expect(lines.map(({ says }) => says)).toEqual(Array(2).fill('wrong PIN, from 10.0.0.1'));
  });

  test('are summed up at the end, too', async () => {
    const { lines, auditor } = setUp();
    for (let n = 0; n < 5; n++) auditor.refused(LINE, '10.0.0.1');
    await auditor.close();
    expect(lines.at(-1)?.says).toContain('2 times more');
  });
});

test('whoever thinks of ever other refusals fills nothing either', async () => {
  const { lines, auditor } = setUp();
  for (let n = 0; n < 5000; n++) auditor.refused({ ...LINE, subject: `${n}` }, '10.0.0.1');
  await auditor.close();
  expect(lines.length).toBeLessThan(250);
  expect(lines.at(-1)).toMatchObject({ action: 'many different requests', outcome: 'refused' });
});

test('what was done is always written, one by one', async () => {
  const { lines, auditor } = setUp();
  for (let n = 0; n < 50; n++) await auditor.done(LINE);
  expect(lines).toHaveLength(50);
  expect(lines[0]).toEqual({ ...LINE, atMs: 0, from: 'console', outcome: 'done' });
});

test('a journal that takes nothing is no error of ours, and whoever acts is told', async () => {
  const scheduler = new VirtualTimeScheduler();
  const clock = { wallMs: () => 0, monotonicMs: () => 0, scheduler };
  const full = fault('journal', 'the disk is full');
  const auditor = createAuditor(
    { write: async () => full, read: async () => full },
    { clock, log: silent },
  );
  expect(await auditor.done(LINE)).toBe(full);
  auditor.refused(LINE, '10.0.0.1');
  await auditor.close();
});
