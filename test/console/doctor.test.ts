import { afterEach, expect, test } from 'vitest';
import type { Diagnosis } from '#doctor/index.ts';
import { doctorRoutes } from '../../src/console/routes/doctor.ts';
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
  shop = await openShop();
  const examine = async () => {
    looks += 1;
    return DIAGNOSIS;
  };
  const [route] = doctorRoutes({ doctor: { examine } });
  const ask = () => route?.handle({} as never);
  expect(await Promise.all([ask(), ask()])).toEqual([
    { status: 200, body: DIAGNOSIS },
    { status: 200, body: DIAGNOSIS },
  ]);
  expect(looks).toBe(1);
  await ask();
  expect(looks).toBe(2);
});
