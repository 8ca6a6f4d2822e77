import { describe, expect, it } from 'vitest';
import { type Fault, fault } from '#ports/fault.ts';
import { type AuditLine, sparingAudit } from '#staff/index.ts';

const line = (atMs: number, more: Partial<AuditLine> = {}): AuditLine => ({
  atMs,
  person: 'Eve',
  role: 'unknown',
  from: 'console',
  action: 'sign in',
  subject: '',
  outcome: 'refused',
  says: 'name or PIN is wrong',
  ...more,
});

const record = () => {
  const lines: AuditLine[] = [];
  let failure: Fault | undefined;
  const audit = sparingAudit(async (one) => {
    if (failure === undefined) lines.push(one);
    return failure;
  });
  const fail = (why: Fault | undefined) => {
    failure = why;
  };
  return { lines, audit, fail };
};

describe('a record that strangers write into', () => {
  it('holds few of 10,000 refusals under as many names, and their number', async () => {
    const { lines, audit } = record();
    for (let i = 0; i < 10_000; i++) await audit(line(i, { person: `Eve ${i}` }));
    expect(lines.length).toBeGreaterThanOrEqual(20);
    expect(lines.length).toBeLessThan(30);
    const told = await audit(line(200_000));
    expect(told).toBeUndefined();
    const numbers = lines.map(({ says }) => Number(/^(\d+) more/.exec(says)?.[1] ?? 1));
    expect(numbers.reduce((sum, one) => sum + one)).toBe(10_001);
    expect(lines.at(-2)?.says).toMatch(/^\d+ more between 1970-.*, not written one by one$/);
  });

  it('still holds what people of the shop do and are refused meanwhile', async () => {
    const { lines, audit } = record();
    for (let i = 0; i < 1000; i++) await audit(line(0));
    await audit(line(0, { person: 'Bob', role: 'cashier', action: 'decide' }));
    for (let i = 0; i < 100; i++) {
      await audit(line(0, { person: 'Ann', role: 'manager', outcome: 'done', action: `${i}` }));
    }
    expect(lines.filter(({ person }) => person === 'Bob')).toHaveLength(1);
    expect(lines.filter(({ person }) => person === 'Ann')).toHaveLength(100);
  });

  it('tells the number later when it could not be written, and the deed is refused', async () => {
    const { lines, audit, fail } = record();
    for (let i = 0; i < 30; i++) await audit(line(0));
    const full = fault('journal', 'full');
    fail(full);
    expect(await audit(line(0, { outcome: 'done' }))).toBe(full);
    fail(undefined);
    await audit(line(0, { outcome: 'done' }));
    expect(lines.filter(({ says }) => /^10 more/.test(says))).toHaveLength(1);
  });

  it('gives nothing for a clock that is set back', async () => {
    const { lines, audit } = record();
    for (let i = 0; i < 100; i++) await audit(line(1_000_000 - i * 10_000));
    expect(lines).toHaveLength(20);
  });
});
