import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { type Fault, fault } from '#ports/fault.ts';
import { type AuditLine, sparingAudit } from '#staff/index.ts';
import { MOST_KINDS, WRITTEN_AS_THEY_COME } from '#staff/refusals.ts';
import { SUMMED_UP_MS } from '#staff/sparing-audit.ts';

const LINE: AuditLine = {
  atMs: 7,
  person: 'nobody',
  role: 'unknown',
  from: 'console',
  action: 'sign in',
  subject: 'Ann',
  outcome: 'refused',
  says: 'wrong PIN',
};
const CARL: AuditLine = { ...LINE, person: 'Carl', role: 'cashier', action: 'decide' };
const DONE: AuditLine = { ...CARL, action: 'refund', outcome: 'done' };
const FULL = fault('journal', 'the disk is full');

const record = () => {
  const lines: AuditLine[] = [];
  const errors: string[] = [];
  const scheduler = new VirtualTimeScheduler();
  const clock = { wallMs: () => scheduler.now(), monotonicMs: () => scheduler.now(), scheduler };
  const quiet = () => {};
  const error = (_: object, message: string) => void errors.push(message);
  const log = { debug: quiet, info: quiet, warn: quiet, error };
  let failure: Fault | undefined;
  const write = async (line: AuditLine) => {
    if (failure === undefined) lines.push(line);
    return failure;
  };
  const pass = async (ms: number) => {
    scheduler.maxFrames = scheduler.now() + ms;
    scheduler.flush();
    scheduler.frame = scheduler.maxFrames;
    // What could not be written is known only now.
    await new Promise((resolve) => setImmediate(resolve));
  };
  const fail = (why: Fault | undefined) => {
    failure = why;
  };
  return { ...sparingAudit(write, { clock, log }), lines, errors, pass, fail };
};

const saying = (lines: readonly AuditLine[]): string[] => lines.map(({ says }) => says);

/** How many refusals the lines tell of. */
const told = (lines: readonly AuditLine[]): number =>
  lines
    .map(({ says }) => Number(/(\d+) times more/.exec(says)?.[1] ?? 1))
    .reduce((sum, one) => sum + one, 0);

describe('refusals of one kind', () => {
  it('are written as they come, then counted, then summed up once a minute', async () => {
    const { lines, audit, pass } = record();
    for (let n = 0; n < 1000; n++) await audit(LINE, `10.0.0.${n % 7}`);
    expect(saying(lines)).toEqual([
      'wrong PIN, from 10.0.0.0',
      'wrong PIN, from 10.0.0.1',
      'wrong PIN, from 10.0.0.2',
    ]);
    await pass(SUMMED_UP_MS);
    expect(lines.at(-1)).toMatchObject({ atMs: SUMMED_UP_MS, action: 'sign in', subject: 'Ann' });
    expect(lines.at(-1)?.says).toBe(
      'wrong PIN, 997 times more within a minute, from 10.0.0.3, 10.0.0.4, 10.0.0.5 and others',
    );
    await audit(LINE, '10.0.0.1');
    await pass(SUMMED_UP_MS);
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)?.says).toBe('wrong PIN, once more within a minute, from 10.0.0.1');
  });

  it('are news again after a quiet minute', async () => {
    const { lines, audit, pass } = record();
    for (let n = 0; n < 4; n++) await audit(LINE);
    await pass(2 * SUMMED_UP_MS);
    await audit(LINE);
    expect(saying(lines.slice(3))).toEqual(['wrong PIN, once more within a minute', 'wrong PIN']);
  });

  it('are one kind, however long there is to wait', async () => {
    const { lines, audit, close } = record();
    for (let n = 0; n < 900; n++) await audit({ ...LINE, says: `wait ${n} s` });
    await close();
    expect(lines).toHaveLength(WRITTEN_AS_THEY_COME + 1);
  });

  it('are summed up at the end, too', async () => {
    const { lines, audit, close } = record();
    for (let n = 0; n < 5; n++) await audit(LINE);
    await close();
    expect(lines.at(-1)?.says).toBe('wrong PIN, 2 times more within a minute');
  });
});

describe('whoever thinks of ever other refusals', () => {
  const kindsOf = async (more: (n: number) => Partial<AuditLine>) => {
    const kept = record();
    for (let n = 0; n < 10_000; n++) await kept.audit({ ...LINE, ...more(n) }, '10.0.0.1');
    await kept.pass(SUMMED_UP_MS);
    return kept;
  };

  it.each<[string, (n: number) => Partial<AuditLine>]>([
    ['under as many names', (n) => ({ person: `Eve ${n}` })],
    ['of as many people', (n) => ({ subject: `Eve ${n}` })],
    ['for as many reasons', (n) => ({ says: 'x'.repeat(n) })],
  ])('fills nothing %s, and all are counted', async (_, more) => {
    const { lines, audit, pass } = await kindsOf(more);
    expect(lines.length).toBeLessThan(MOST_KINDS * (WRITTEN_AS_THEY_COME + 1) + 2);
    expect(told(lines)).toBe(10_000);
    expect(lines.at(-1)).toMatchObject({ action: 'different requests', person: 'several' });
    // Nor by going on with still others.
    const before = lines.length;
    for (let n = 0; n < 100; n++) await audit({ ...LINE, subject: `Bob ${n}` });
    await pass(SUMMED_UP_MS);
    expect(lines.length).toBe(before + 1);
  });

  it('keeps nobody of the shop out of the record', async () => {
    const { lines, audit } = await kindsOf((n) => ({ person: `Eve ${n}` }));
    await audit(CARL);
    expect(lines.at(-1)).toEqual(CARL);
  });

  it('is named when it is somebody of the shop', async () => {
    const { lines, audit, close } = record();
    for (let n = 0; n < 100; n++) await audit({ ...CARL, subject: `D${n}`, action: `${n}` });
    await close();
    expect(lines.at(-1)).toMatchObject({ person: 'Carl', role: 'cashier' });
    expect(told(lines)).toBe(100);
  });
});

it('what was done is always written, one by one', async () => {
  const { lines, audit } = record();
  for (let n = 0; n < 100; n++) expect(await audit(DONE, '10.0.0.1')).toBeUndefined();
  expect(lines).toEqual(Array(100).fill(DONE));
});

describe('a journal that takes nothing', () => {
  it('is told to whoever acts, and logged', async () => {
    const { audit, errors, fail } = record();
    fail(FULL);
    expect(await audit(DONE)).toBe(FULL);
    expect(errors).toEqual(['not in the audit log']);
  });

  it('has the number of refusals later', async () => {
    const { lines, audit, pass, fail } = record();
    fail(FULL);
    for (let n = 0; n < 10; n++) await audit(LINE, '10.0.0.1');
    await pass(SUMMED_UP_MS);
    await audit(LINE, '10.0.0.2');
    expect(lines).toEqual([]);
    fail(undefined);
    await pass(SUMMED_UP_MS);
    expect(saying(lines)).toEqual([
      'wrong PIN, 11 times more within 2 minutes, from 10.0.0.1, 10.0.0.2',
    ]);
  });
});
