import { afterEach, expect, test } from 'vitest';
import type { Diagnosis } from '#doctor/index.ts';
import { openShop, type Shop } from './shop.ts';

const DIAGNOSIS: Diagnosis = {
  ...{ verdict: 'wrong', atMs: 7, by: 'terminal' },
  findings: [
    {
      ...{ check: 'host', title: "Acquirer's host", verdict: 'wrong' },
      ...{ found: 'Not connected: no route.', remedy: 'Look at the network.' },
    },
  ],
};

let shop: Shop;
afterEach(() => shop.close());

test('the doctor answers all who are signed in, and nobody else', async () => {
  shop = await openShop({ examine: async () => DIAGNOSIS });
  for (const role of ['cashier', 'manager', 'technician'] as const) {
    const person = await shop.enter(`A ${role}`, role);
    const answer = await person.ask('GET', '/api/doctor');
    expect(answer.status).toBe(200);
    expect(answer.json<Diagnosis>()).toEqual(DIAGNOSIS);
  }
  expect((await shop.client.ask('GET', '/api/doctor')).status).toBe(401);
});

test('two who ask at once get one look, and the next one looks anew', async () => {
  let looks = 0;
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  shop = await openShop({
    examine: async () => {
      looks += 1;
      await gate;
      return DIAGNOSIS;
    },
  });
  const ann = await shop.enter('Ann', 'manager');
  const both = [ann.ask('GET', '/api/doctor'), ann.ask('GET', '/api/doctor')];
  await expect.poll(() => looks).toBe(1);
  open();
  for (const one of both) expect((await one).status).toBe(200);
  expect(looks).toBe(1);
  await ann.ask('GET', '/api/doctor');
  expect(looks).toBe(2);
});
