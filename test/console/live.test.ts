import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cardNamed } from '#test/support/terminal-harness.ts';
import type { NowView, TapView } from '../../src/console/api.ts';
import { MOST_STREAMS } from '../../src/console/live.ts';
import { IDLE_MS } from '../../src/console/sessions.ts';
import { openShop, type Shop, type SignedIn } from './shop.ts';

let shop: Shop;
let ann: SignedIn;
beforeEach(async () => {
  shop = await openShop();
  ann = await shop.enter('Ann', 'manager');
});
afterEach(() => shop.close());

interface Following {
  readonly response: IncomingMessage;
  /** The next event of this name. */
  next<T>(name: string): Promise<T>;
  readonly ended: Promise<void>;
}

const follow = async (who: SignedIn = ann): Promise<Following> => {
  const response = await shop.client.open('GET', '/api/events', { cookie: who.cookie });
  const waiting: { name: string; take: (data: unknown) => void }[] = [];
  const kept: { name: string; data: unknown }[] = [];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const one of events) {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(one) ?? [];
      if (name === '') continue;
      const at = waiting.findIndex((waiter) => waiter.name === name);
      if (at < 0) kept.push({ name, data: JSON.parse(data) });
      else for (const { take } of waiting.splice(at, 1)) take(JSON.parse(data));
    }
  });
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  response.on('error', () => undefined);
  return {
    response,
    ended,
    next: <T>(name: string) =>
      new Promise<T>((resolve) => {
        const at = kept.findIndex((one) => one.name === name);
        if (at >= 0) for (const { data } of kept.splice(at, 1)) resolve(data as T);
        else waiting.push({ name, take: (data) => resolve(data as T) });
      }),
  };
};

describe('what goes on', () => {
  test('is told at once, and whenever it changes', async () => {
    const page = await follow();
    expect(page.response.headers).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    expect((await page.next<NowView>('now')).status.state).toBe('idle');
    const { terminal, reader, seen, views } = shop.harness;
    const sale = terminal.sale({ amountMinor: 900, currency: 840 }, new AbortController().signal);
    expect((await page.next<NowView>('now')).status.state).toBe('sale');
    await seen('presentCard', views.length - 1);
    await reader.present(cardNamed('visa-phone'), { holdMs: 200 });
    const tap = await page.next<TapView>('tap');
    expect(tap.result).toMatchObject({ status: 'approved', amountMinor: 900 });
    expect(tap.times?.commands.length).toBeGreaterThan(2);
    await sale;
  });

  test('tells a decision before the next beat', async () => {
    const page = await follow();
    await page.next('now');
    const before = performance.now();
    const off = { action: 'off', reason: { category: 'commercial', text: 'fees' } };
    await ann.ask('POST', '/api/contactless/decisions', off);
    // What the sale before it left to tell may come first.
    let now = await page.next<NowView>('now');
    while (now.contactless.accepted !== 'no') now = await page.next<NowView>('now');
    // The beat alone would take two seconds.
    expect(performance.now() - before).toBeLessThan(1000);
  });

  test('has a beat while nothing changes', async () => {
    const page = await follow();
    expect(typeof (await page.next('beat'))).toBe('number');
  });

  test('ends when the person signs out', async () => {
    const page = await follow();
    await page.next('now');
    await ann.ask('DELETE', '/api/session');
    await page.ended;
  });

  test('ends when the person is removed', async () => {
    const bob = await shop.enter('Bob', 'cashier');
    const page = await follow(bob);
    await page.next('now');
    await ann.ask('DELETE', '/api/people/Bob');
    await page.ended;
  });

  test('ends soon after the person got another PIN elsewhere', async () => {
    const page = await follow();
    await page.next('now');
    await shop.people.setPin('Ann', '482915');
    await page.ended;
  });

  test('keeps nobody signed in, and ends when their time is over', async () => {
    const page = await follow();
    await page.next('now');
    shop.advance(IDLE_MS);
    await page.ended;
    expect((await ann.ask('GET', '/api/now')).status).toBe(401);
  });

  test('is told to so many pages and no more, and to the next when one goes', async () => {
    const others: Following[] = [];
    const bob = await shop.enter('Bob', 'manager');
    for (let n = 0; n < MOST_STREAMS; n++) {
      // Eight connections an address are what the test's client opens.
      const from = `127.0.0.${2 + (n % 4)}`;
      const { cookie } = n % 2 ? ann : bob;
      const response = await shop.client.open('GET', '/api/events', { cookie, from });
      expect(response.statusCode).toBe(200);
      response.on('error', () => undefined).resume();
      const ended = new Promise<void>((resolve) => response.once('close', resolve));
      others.push({ response, ended, next: () => Promise.reject(new Error('not read')) });
    }
    const refused = await ann.ask('GET', '/api/events');
    expect(refused.status).toBe(503);
    others[0]?.response.destroy();
    await others[0]?.ended;
    await expect
      .poll(async () => {
        const response = await shop.client.open('GET', '/api/events', { cookie: ann.cookie });
        response.on('error', () => undefined).resume();
        return response.statusCode;
      })
      .toBe(200);
  });

  test('a head alone is answered', async () => {
    const answer = await ann.ask('HEAD', '/api/events');
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});
