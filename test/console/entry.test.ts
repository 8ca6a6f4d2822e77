import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fault } from '#ports/fault.ts';
import type { ErrorView, NobodyView, SessionView } from '../../src/console/api.ts';
import { IDLE_MS, LONGEST_MS, MOST_OF_A_PERSON } from '../../src/console/sessions.ts';
import { cookieIn } from './https-client.ts';
import { openShop, PIN, type Shop, signIn, writtenDown } from './shop.ts';

let shop: Shop;
beforeEach(async () => {
  shop = await openShop();
});
afterEach(() => shop.close());

const lastOf = (): string => {
  const { person, action, subject, outcome, says } = shop.audit.at(-1) ?? {};
  return [person, action, subject, outcome, says].join(' | ');
};

describe('the first start', () => {
  test('knows nobody, and takes the first manager', async () => {
    const before = await shop.client.ask('GET', '/api/session');
    expect([before.status, before.json<NobodyView>().setUp]).toEqual([401, false]);
    const body = { name: 'Ann', pin: PIN };
    const answer = await shop.client.ask('POST', '/api/setup', { body });
    expect([answer.status, answer.json<SessionView>().role]).toEqual([201, 'manager']);
    expect(answer.json<SessionView>().rights).toContain('decide');
    const cookie = cookieIn(answer);
    const session = await shop.client.ask('GET', '/api/session', { cookie });
    expect(session.json<SessionView>().person).toBe('Ann');
  });

  test('has no default: a weak PIN is refused and nobody is there', async () => {
    const body = { name: 'Ann', pin: '1234' };
    const answer = await shop.client.ask('POST', '/api/setup', { body });
    expect([answer.status, answer.json<ErrorView>().field]).toEqual([422, 'pin']);
    expect(await shop.people.list()).toEqual([]);
  });

  test('is over once somebody is known, also for two at the same moment', async () => {
    const answers = await Promise.all(
      ['Ann', 'Eve', 'Bob'].map((name) =>
        shop.client.ask('POST', '/api/setup', { body: { name, pin: PIN } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await shop.people.list()).toHaveLength(1);
    const told = shop.audit.filter(({ action }) => action === 'add the first manager');
    const refused = told.filter(({ outcome }) => outcome === 'refused');
    expect(refused.map(({ says }) => says)).toEqual(
      Array(2).fill(expect.stringContaining('somebody is known already')),
    );
  });

  test('adds nobody whom the audit log can not name', async () => {
    shop.failAudit(fault('journal', 'the disk is full'));
    const answer = await shop.client.ask('POST', '/api/setup', { body: { name: 'Ann', pin: PIN } });
    expect(answer.status).toBe(503);
    expect(await shop.people.list()).toEqual([]);
  });
});

describe('a session', () => {
  test('lies in a cookie that only this host can set and no script can read', async () => {
    await shop.people.add('Ann', 'manager', PIN);
    const answer = await shop.client.ask('POST', '/api/session', {
      body: { name: 'Ann', pin: PIN },
    });
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^__Host-countertap=[0-9A-Fa-f]{64}; /);
    for (const part of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']) {
      expect(cookie.split('; ')).toContain(part);
    }
    expect(cookie).not.toContain('Domain');
  });

  test('ends after a quarter of an hour in which nobody asks', async () => {
    const ann = await shop.enter('Ann', 'manager');
    shop.advance(IDLE_MS - 5000);
    expect((await ann.ask('GET', '/api/people')).status).toBe(200);
    shop.advance(IDLE_MS - 5000);
    // What the page asks for by itself keeps nobody signed in.
    expect((await ann.ask('GET', '/api/now')).status).toBe(200);
    shop.advance(5000);
    expect((await ann.ask('GET', '/api/now')).status).toBe(401);
  });

  test('ends after ten hours, however busy', async () => {
    const ann = await shop.enter('Ann', 'manager');
    for (let spent = 0; spent < LONGEST_MS - 60_000; spent += 600_000) {
      expect((await ann.ask('GET', '/api/people')).status).toBe(200);
      shop.advance(600_000);
    }
    shop.advance(60_000);
    expect((await ann.ask('GET', '/api/people')).status).toBe(401);
  });

  test('that was signed out opens nothing, and a stolen cookie is told', async () => {
    const ann = await shop.enter('Ann', 'manager');
    const out = await ann.ask('DELETE', '/api/session');
    expect([out.status, cookieIn(out)]).toEqual([204, '']);
    expect(lastOf()).toBe('Ann | sign out | Ann | done | signed out');
    const stolen = await ann.ask('POST', '/api/cancel');
    expect(stolen.status).toBe(401);
    expect(lastOf()).toMatch(
      /nobody \| cancel payment \| {2}\| refused \| the cookie of a session/,
    );
  });

  test('that nobody ever began is refused, and told', async () => {
    await shop.enter('Ann', 'manager');
    const answer = await shop.client.ask('GET', '/api/people', { cookie: 'ab'.repeat(32) });
    expect(answer.status).toBe(401);
    expect(lastOf()).toContain('a cookie that belongs to no session');
  });

  test.each([
    ['another role', (name: string) => shop.people.setRole(name, 'technician')],
    ['another PIN', (name: string) => shop.people.setPin(name, '482915')],
    ['their removal', (name: string) => shop.people.remove(name)],
    [
      'somebody else of the same name',
      async (name: string) => {
        await shop.people.remove(name);
        await shop.people.add(name, 'manager', PIN);
      },
    ],
  ])('ends with %s, wherever that is decided', async (_, change) => {
    await shop.enter('Ann', 'manager');
    const [bob, elsewhere] = [await shop.enter('Bob', 'manager'), await signIn(shop.client, 'Bob')];
    await change('Bob');
    expect((await bob.ask('GET', '/api/now')).status).toBe(401);
    expect(lastOf()).toContain('the person is gone, or has another role or PIN now');
    expect((await bob.ask('GET', '/api/now')).status).toBe(401);
    expect((await elsewhere.ask('POST', '/api/cancel')).status).toBe(401);
  });

  test('that begins with the new PIN goes on when the old ones end', async () => {
    await shop.enter('Ann', 'manager');
    const old = await shop.enter('Bob', 'manager');
    await shop.people.setPin('Bob', '482915');
    const fresh = await signIn(shop.client, 'Bob', '482915');
    expect((await old.ask('GET', '/api/now')).status).toBe(401);
    expect((await fresh.ask('GET', '/api/now')).status).toBe(200);
  });

  test('ends when a manager sets another PIN', async () => {
    const ann = await shop.enter('Ann', 'manager');
    const bob = await shop.enter('Bob', 'cashier');
    expect((await ann.ask('PUT', '/api/people/Bob', { pin: '482915' })).status).toBe(200);
    expect((await bob.ask('GET', '/api/now')).status).toBe(401);
    expect((await ann.ask('GET', '/api/now')).status).toBe(200);
  });

  test('ends everywhere else when its owner changes the PIN', async () => {
    const here = await shop.enter('Ann', 'manager');
    const there = await signIn(shop.client, 'Ann');
    const wrong = await here.ask('PUT', '/api/session/pin', { pin: '000000', newPin: '482915' });
    expect([wrong.status, wrong.json<ErrorView>().field]).toEqual([401, 'pin']);
    expect(lastOf()).toContain('the present PIN is wrong');
    const weak = await here.ask('PUT', '/api/session/pin', { pin: PIN, newPin: '1' });
    expect([weak.status, weak.json<ErrorView>().field]).toEqual([422, 'newPin']);
    expect((await there.ask('GET', '/api/now')).status).toBe(200);
    const good = await here.ask('PUT', '/api/session/pin', { pin: PIN, newPin: '482915' });
    expect(good.status).toBe(204);
    expect((await there.ask('GET', '/api/now')).status).toBe(401);
    expect((await here.ask('GET', '/api/now')).status).toBe(200);
  });

  test('makes room for the sixth of a person, and gives a new id each time', async () => {
    const first = await shop.enter('Ann', 'manager');
    const others = [];
    for (let n = 0; n < MOST_OF_A_PERSON; n++) others.push(await signIn(shop.client, 'Ann'));
    const all = [first, ...others];
    expect(new Set(all.map(({ cookie }) => cookie)).size).toBe(MOST_OF_A_PERSON + 1);
    expect(new Set(all.map(({ view }) => view.token)).size).toBe(MOST_OF_A_PERSON + 1);
    const answers = await Promise.all(all.map(({ ask }) => ask('GET', '/api/now')));
    expect(answers.map(({ status }) => status)).toEqual([401, ...others.map(() => 200)]);
  });
});

describe('signing in', () => {
  test('says the same of a wrong PIN and of a stranger, and names strangers nowhere', async () => {
    await shop.people.add('Ann', 'manager', PIN);
    const tries = [
      { name: 'Ann', pin: '111111' },
      { name: '4929 1234', pin: '111111' },
    ];
    const answers = [];
    for (const body of tries) answers.push(await shop.client.ask('POST', '/api/session', { body }));
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    expect(answers[0]?.text).toBe(answers[1]?.text);
    expect(answers.map(cookieIn)).toEqual([undefined, undefined]);
    expect(shop.audit.map(({ subject, outcome }) => [subject, outcome])).toEqual([
      ['Ann', 'refused'],
      ['a name that nobody has', 'refused'],
    ]);
    expect(writtenDown(shop)).not.toContain('4929 1234');
  });

  test('lets nobody in while people can not be read', async () => {
    const ann = await shop.enter('Ann', 'manager');
    shop.people.fail(fault('protocol', 'people.db can not be read'));
    const body = { name: 'Ann', pin: PIN };
    expect((await shop.client.ask('POST', '/api/session', { body })).status).toBe(503);
    expect((await ann.ask('GET', '/api/now')).status).toBe(503);
  });

  test('passes on how long a lock-out lasts', async () => {
    await shop.people.add('Ann', 'manager', PIN);
    const body = { name: 'Ann', pin: '111111' };
    let answer = await shop.client.ask('POST', '/api/session', { body });
    for (let n = 0; n < 3; n++) answer = await shop.client.ask('POST', '/api/session', { body });
    const { retryAfterMs = 0 } = answer.json<ErrorView>();
    expect(retryAfterMs).toBeGreaterThan(29_000);
    expect(answer.headers['retry-after']).toBe(`${Math.ceil(retryAfterMs / 1000)}`);
  });
});

test('no PIN, cookie or token is written down anywhere', async () => {
  const ann = await shop.enter('Ann', 'manager');
  await shop.client.ask('POST', '/api/session', { body: { name: 'Ann', pin: '918273' } });
  await shop.client.ask('POST', '/api/session', { body: { name: '918273', pin: 'Ann' } });
  await ann.ask('POST', '/api/people', { name: 'Bob', role: 'cashier', pin: '564738' });
  await ann.ask('POST', '/api/people', { name: '564738', role: 'cashier', pin: 'Bob' });
  await ann.ask('PUT', '/api/people/564738', { pin: '918273' });
  await ann.ask('PUT', '/api/people/Bob', { pin: '564738', role: 'cashier' });
  await ann.ask('PUT', '/api/session/pin', { pin: '918273', newPin: '564738' });
  await ann.ask('PUT', '/api/session/pin', { pin: PIN, newPin: '564738' });
  await ann.ask('POST', '/api/session', '{"name":"Ann","pin":564738}');
  await ann.ask('GET', '/api/people', undefined, { token: 'forged' });
  await ann.ask('DELETE', '/api/session');
  await ann.ask('POST', '/api/cancel');
  const written = writtenDown(shop);
  expect(shop.audit.length).toBeGreaterThan(6);
  for (const secret of [PIN, '918273', '564738', ann.cookie, ann.view.token]) {
    expect(written).not.toContain(secret);
  }
});
