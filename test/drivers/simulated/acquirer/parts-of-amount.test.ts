import { expect, test } from 'vitest';
import { openDesk, paying } from './messages.ts';

const cash = '0040840D000000000500';
const tip = '0044840D000000000200';

test.each([
  ['cashback without its sum', '09', [], '12'],
  ['cash in a purchase', '00', [[54, cash]], '12'],
  ['more than the amount', '09', [[54, `${cash}0044840D000000099999`]], '13'],
  ['another currency', '00', [[54, '0044978D000000000200']], '30'],
  ['no list of amounts', '00', [[54, '44 200']], '30'],
  ['a sum that is not 9F03', '09', [[54, cash]], '30'],
] as const)('a host refuses %s', async (_, processing, fields, code) => {
  const desk = openDesk();
  expect(await desk.code(paying(1250, { processing, fields, atc: 1 }))).toBe(code);
});

test('a host keeps tip and fee', async () => {
  const desk = openDesk();
  const fields = [
    [28, 'D00000025'],
    [54, tip],
  ] as const;
  expect(await desk.code(paying(1250, { fields, atc: 1 }))).toBe('00');
  expect(desk.ledger.last(1)).toMatchObject([{ tipMinor: 200, feeMinor: 25 }]);
});
