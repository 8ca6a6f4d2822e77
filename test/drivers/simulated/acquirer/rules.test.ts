import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { answerFor, loadRules, shippedRules } from '#drivers/simulated/acquirer/rules.ts';

const PAN = '4761739001010119';

test.each([
  [10_000, '840', '00'],
  [10_001, '978', '51'],
  [2_005, '840', '05'],
  [10_005, '840', '51'],
  [10_005, '392', '00'],
  [10_005, '414', '00'],
])('by the shipped rules, %i of %s is answered %s', async (amountMinor, currency, answer) => {
  expect(answerFor(await loadRules(shippedRules), { amountMinor, currency, pan: PAN })).toBe(
    answer,
  );
});

const loaded = async (rules: unknown) => {
  const folder = await mkdtemp(join(tmpdir(), 'rules-'));
  const path = join(folder, 'mine.json');
  await writeFile(path, JSON.stringify(rules));
  return loadRules(path).finally(() => rm(folder, { recursive: true }));
};

test('a shop for testing may answer by card', async () => {
  const rules = await loaded({ rules: [{ name: 'lost', pan: '476173', answer: '41' }] });
  expect(answerFor(rules, { amountMinor: 1, currency: '840', pan: PAN })).toBe('41');
  expect(answerFor(rules, { amountMinor: 1, currency: '840', pan: `5${PAN}` })).toBe('00');
});

test.each([
  [{ name: 'x', answer: '5' }, /mine\.json: rules\[0\]: answer must be two characters/],
  [{ name: 'x', answer: '51', amountOver: 1 }, /rules\[0\]: amountOver is not known/],
  [{ name: 'x', answer: '51', amountAbove: '1' }, /rules\[0\]: amountAbove must be a number/],
])('a rule that is none, %j, is refused with file and place', async (rule, problem) => {
  await expect(loaded({ rules: [rule] })).rejects.toThrow(problem);
});
