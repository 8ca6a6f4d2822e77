import { expect, test } from 'vitest';
import { paymentSection } from '#config/payment-config.ts';
import { isConfigProblem } from '#config/problem.ts';
import { readConfig } from '#config/read.ts';

const least = { cardTimeoutSeconds: 60, resultSeconds: 4, attempts: 3 };
const read = (more: object) =>
  readConfig({ name: 'payment.json', text: JSON.stringify({ ...least, ...more }) }, paymentSection);

test('a shop that states nothing asks for the usual tips and takes no surcharge', () => {
  expect(read({})).toMatchObject({
    tips: { percentages: [15, 18, 20], other: true },
    surcharges: [],
  });
});

test('a shop may have its own', () => {
  const surcharges = [
    { on: 'scheme:amex', percent: 1.5, mostMinor: 500 },
    { on: 'wallet:alipay', fixedMinor: 10, fromMinor: 0, toMinor: 1000 },
    { on: 'card', percent: 1 },
  ];
  const tips = { percentages: [5, 10], other: false };
  expect(read({ tips, surcharges })).toMatchObject({ tips, surcharges });
});

test.each([
  [{ surcharges: [{ on: 'cards', percent: 1 }] }, 'surcharges[0].on'],
  [{ surcharges: [{ on: 'card' }] }, 'surcharges[0]'],
  [{ surcharges: [{ on: 'card', percent: 101 }] }, 'surcharges[0].percent'],
  [{ tips: { percentages: [1, 2, 3, 4, 5, 6, 7] } }, 'tips.percentages'],
])('a problem is named: %j', (more, key) => {
  const problem = read(more);
  if (!isConfigProblem(problem)) throw new Error('no problem');
  expect(problem.key).toBe(key);
});
