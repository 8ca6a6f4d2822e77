import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, expect, test, vi } from 'vitest';
import { openShop, PIN, type Shop } from './shop.ts';

let shop: Shop;
afterEach(() => shop.close());

const TRIES = 10_000;

test('10,000 tries to sign in are refused, counted, and hold nobody else up', async () => {
  shop = await openShop();
  const ann = await shop.enter('Ann', 'manager');
  await shop.people.add('Bob', 'cashier', PIN);
  const checks = vi.spyOn(shop.people, 'signIn');
  const pauses = monitorEventLoopDelay({ resolution: 5 });
  pauses.enable();
  const statuses = new Map<number, number>();
  let left = TRIES;
  const attack = async (from: string): Promise<void> => {
    while (left-- > 0) {
      const body = { name: left % 2 ? 'Ann' : `stranger ${left}`, pin: `${left}` };
      const { status } = await shop.client.ask('POST', '/api/session', { body, from });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const attacking = Promise.all(['127.0.0.9', '127.0.0.9', '127.0.0.10', '127.0.0.11'].map(attack));
  // Meanwhile somebody works, and somebody else signs in from another address.
  const waited: number[] = [];
  while (left > 0) {
    const before = performance.now();
    expect((await ann.ask('GET', '/api/payments')).status).toBe(200);
    waited.push(performance.now() - before);
  }
  await attacking;
  pauses.disable();
  const body = { name: 'Bob', pin: PIN };
  expect((await shop.client.ask('POST', '/api/session', { body })).status).toBe(200);

  const sum = [...statuses.values()].reduce((a, b) => a + b, 0);
  expect(sum).toBe(TRIES);
  expect([...statuses.keys()].sort()).toEqual([401, 429]);
  // Of three addresses, and perhaps of a second minute: no more reach the PINs.
  const checked = checks.mock.calls.length;
  expect(checked).toBeLessThan(TRIES / 50);
  expect(waited.length).toBeGreaterThan(20);
  await shop.closeAudit();
  const refused = shop.audit.filter(({ outcome }) => outcome === 'refused');
  expect(refused.length).toBeLessThan(40);
  const counted = refused.map(({ says }) => Number(/(\d+) times more/.exec(says)?.[1] ?? 1));
  expect(counted.reduce((a, b) => a + b, 0)).toBe(TRIES);
  const longestMs = Math.round(pauses.max / 1e6);
  const middle = waited.sort((a, b) => a - b)[waited.length >> 1] ?? 0;
  console.log(
    `${TRIES} tries: ${checked} reached a PIN, ${refused.length} lines; ` +
      `the loop's longest pause ${longestMs} ms, an answer meanwhile ${Math.round(middle)} ms`,
  );
}, 120_000);

test('people behind one address wait a minute at most, and are told so', async () => {
  shop = await openShop();
  await shop.people.add('Ann', 'manager', PIN);
  await shop.people.add('Bob', 'cashier', PIN);
  const body = { name: 'Ann', pin: '111111' };
  let answer = await shop.client.ask('POST', '/api/session', { body });
  for (let n = 0; n < 20; n++) answer = await shop.client.ask('POST', '/api/session', { body });
  expect(answer.status).toBe(429);
  const { error, retryAfterMs } = answer.json<{ error: string; retryAfterMs: number }>();
  expect(error).toBe('Too many tries from this address. Wait a minute.');
  expect(retryAfterMs).toBeGreaterThan(0);
  expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  const other = { body: { name: 'Bob', pin: PIN }, from: '127.0.0.2' };
  expect((await shop.client.ask('POST', '/api/session', other)).status).toBe(200);
});
