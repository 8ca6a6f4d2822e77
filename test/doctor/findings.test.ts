import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ANY, CHECKS, FINDINGS, finding, HANDBOOK_MARKS, handbook } from '#doctor/index.ts';

const rows = [...Object.entries(FINDINGS), ['any', ANY] as const].flatMap(([check, kinds]) =>
  Object.entries(kinds).map(([kind, row]) => ({ name: `${check} ${kind}`, row })),
);

test('docs/reading-the-doctor.md has every finding; if not: node scripts/doctor-handbook.ts', () => {
  const [begin, end] = HANDBOOK_MARKS;
  const text = readFileSync('docs/reading-the-doctor.md', 'utf8');
  expect(text.split(begin)[1]?.split(end)[0]?.trim()).toBe(handbook().trim());
});

test('what needs attention or is wrong has a remedy, and nothing else has', () => {
  const odd = rows.filter(
    ({ row }) => ['attention', 'wrong'].includes(row.verdict) !== 'remedy' in row,
  );
  expect(odd.map(({ name }) => name)).toEqual([]);
});

test('each sentence is one, and begins and ends as one', () => {
  const odd = rows.filter(
    ({ row: { found } }) => !/^(?:[A-Z0-9{]|pcscd|terminal\.json).*\.$/.test(found),
  );
  expect(odd.map(({ name }) => name)).toEqual([]);
});

test('each check can be well or not used', () => {
  for (const { name } of CHECKS) {
    const verdicts = Object.values(FINDINGS[name]).map(({ verdict }) => verdict);
    expect({ name, well: verdicts.includes('well') }).toEqual({ name, well: true });
  }
});

test('values stand within the sentence, on one line, and not for ever', () => {
  const { found } = finding('host', 'down', { why: ` connect\n ECONNREFUSED${'!'.repeat(999)}. ` });
  expect(found).toMatch(/^Not connected: connect ECONNREFUSED!+\.$/);
  expect(found.length).toBeLessThan(330);
});
