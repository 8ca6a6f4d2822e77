import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { readConfig } from '#config/read.ts';
import { receiptOptions } from '#config/receipt-options-config.ts';

const schema = v.strictObject({ receipts: v.optional(receiptOptions, {}) });
const read = (receipts?: object) =>
  readConfig({ name: 'terminal.json', text: JSON.stringify({ receipts }) }, schema);

const problem = (receipts: object): string => {
  const found = read(receipts);
  return isConfigProblem(found) ? describeConfigProblem(found) : 'none';
};

describe('the receipts in terminal.json', () => {
  test('are printed when somebody asks, and are no pages, unless stated', () => {
    expect(read()).toEqual({ receipts: { print: 'asked', declined: false } });
  });

  test('are pages for a week, at the address that is listened on', () => {
    const page = { host: '192.0.2.7', port: 8090 };
    expect(read({ page })).toMatchObject({ receipts: { page: { ...page, days: 7 } } });
    const origin = 'https://receipts.shop.example:8443';
    expect(problem({ page: { ...page, origin, days: 365 } })).toBe('none');
  });

  test.each([
    [{ print: 'always' }, 'receipts.print'],
    [{ page: { port: 8090 } }, 'receipts.page.host'],
    [{ page: { host: '192.0.2.7', port: 8090, origin: 'receipts.shop' } }, 'receipts.page.origin'],
    [{ page: { host: '192.0.2.7', port: 8090, origin: 'http://a/b' } }, 'receipts.page.origin'],
    [{ page: { host: '192.0.2.7', port: 8090, days: 0 } }, 'receipts.page.days'],
  ])('%j is refused where it is wrong', (receipts, where) => {
    expect(problem(receipts)).toContain(where);
  });
});
