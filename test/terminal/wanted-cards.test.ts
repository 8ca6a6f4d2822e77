import { describe, expect, test } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import { tag } from '#data/dictionary.ts';
import { schemeOf } from '#data/schemes.ts';
import type { Combination, ReaderConfiguration } from '#entry-point/configuration.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { cardsWanted, understood } from '../../src/terminal/wanted-cards.ts';

const configuration = loadConfiguration('base');
if (isConfigProblem(configuration)) throw new Error('the base configuration is broken');

/** A shop that lets cards below 50 dollars pay without the host. */
const generous = (one: Combination): Combination => ({
  ...one,
  entryPoint: { ...one.entryPoint, readerContactlessFloorLimit: 5000 },
  data: new Map([...one.data, [tag.readerContactlessFloorLimitK2, new Uint8Array(6).fill(0x11)]]),
});
const contactless: ReaderConfiguration = {
  ...configuration.contactless,
  combinations: new Map(
    [...configuration.contactless.combinations].map(([type, list]) => [type, list.map(generous)]),
  ),
};
const purchases = (of: ReaderConfiguration) => of.combinations.get(0) ?? [];

test('a till that wants the host asked leaves no amount below a floor limit', () => {
  const all = purchases(cardsWanted(contactless, { forceOnline: true }));
  expect(all.length).toBe(purchases(contactless).length);
  for (const { entryPoint, kernelId, data, options } of all) {
    expect(entryPoint.readerContactlessFloorLimit).toBe(0);
    if (kernelId === '02') {
      expect(data.get(tag.readerContactlessFloorLimitK2)).toEqual(new Uint8Array(6));
    }
    if (kernelId === '05') expect(options?.kernel5?.floorLimit).toBe(0);
  }
});

test('the schemes of its brands alone are selected from', () => {
  const some = purchases(cardsWanted(contactless, { brands: ['Visa', 'JCB'] }));
  expect(new Set(some.map(({ aid }) => schemeOf(aid)?.name))).toEqual(new Set(['Visa', 'JCB']));
});

describe("a till's brands", () => {
  const sale = { amountMinor: 1, currency: 840 };
  const hosts = [{ name: 'alipay' }];
  test.each([
    [['visa', 'mc', 'American Express'], ['Visa', 'Mastercard', 'American Express'], 'card'],
    [['alipay'], ['alipay'], 'code'],
    [['alipay', 'cup'], ['alipay', 'UnionPay'], undefined],
    [['girocard'], ['girocard'], 'card'],
  ])('%j are %j, by %s', (asked, brands, method) => {
    const request = understood({ ...sale, brands: asked }, hosts);
    expect([request.brands, request.method]).toEqual([brands, method]);
  });

  test('and cash or a token leave the card alone', () => {
    expect(understood({ ...sale, cashBackMinor: 1 }, hosts)).toMatchObject({ method: 'card' });
    expect(understood({ ...sale, cardToken: 'T' }, hosts)).toMatchObject({ method: 'card' });
    expect(understood(sale, hosts)).toEqual(sale);
  });
});
