import { expect, test } from 'vitest';
import { refusedFor, troubled } from '#drivers/retailer-wallet/answers.ts';

test("a host's sentence is told without what could be a token", () => {
  const token = `rw1.${'x7'.repeat(11)}K`;
  const told = refusedFor({
    code: 'token-used',
    detail: `the token ${token} (or 912345678903) has paid before, on 1 March`,
  });
  expect(told).toEqual({
    status: 'refused',
    code: 'token-used',
    detail: 'the token … (or … has paid before, on 1 March',
  });
});

test('a code that is no word is not told at all', () => {
  expect(troubled({ status: 409, code: '912345678903', detail: '' })).toEqual({
    fault: 'protocol',
    detail: 'the wallet host turns the request away: 409 without a reason',
  });
});
