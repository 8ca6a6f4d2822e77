import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RIGHTS } from '#staff/rights.ts';
import type { ErrorView } from '../../src/console/api.ts';
import type { Asking } from './https-client.ts';
import { openShop, type Shop, type SignedIn, writtenDown } from './shop.ts';

let shop: Shop;
let ann: SignedIn;
let carl: SignedIn;
beforeAll(async () => {
  shop = await openShop({ names: ['till-3.shop.example'] });
  ann = await shop.enter('Ann', 'manager');
  carl = await shop.enter('Carl', 'cashier');
});
afterAll(() => shop.close());

const OFF = { action: 'off', reason: { category: 'commercial', text: 'fees' } };

/** Asks, and says whether anything was decided by it. */
const decide = async (asking: Asking, body: unknown = OFF) => {
  const before = shop.decisions.all().length;
  const { cookie, view } = ann;
  const path = '/api/contactless/decisions';
  const answer = await shop.client.ask('POST', path, {
    cookie,
    token: view.token,
    body,
    ...asking,
  });
  return { status: answer.status, changed: shop.decisions.all().length !== before, answer };
};

const says = (): string => shop.audit.at(-1)?.says ?? '';

describe('a forged request changes nothing and is told', () => {
  const attempts: readonly [string, Asking, number, RegExp][] = [
    ['without the token', { token: '' }, 403, /without the token/],
    ['with another session’s token', { token: 'ab'.repeat(32) }, 403, /without the token/],
    ['from a foreign origin', { headers: { origin: 'https://evil.example' } }, 403, /another site/],
    ['from nowhere', { headers: { origin: '' } }, 403, /another site/],
    [
      'from the same host, another port',
      { headers: { origin: 'https://127.0.0.1:1' } },
      403,
      /site/,
    ],
    ['that a browser calls foreign', { headers: { 'sec-fetch-site': 'cross-site' } }, 403, /site/],
    ['of a neighbour', { headers: { 'sec-fetch-site': 'same-site' } }, 403, /another site/],
    ['of a form', { headers: { 'content-type': 'text/plain' } }, 415, /not JSON/],
    [
      'of a form, encoded',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      415,
      /not JSON/,
    ],
    ['without a type', { headers: { 'content-type': '' } }, 415, /not JSON/],
  ];
  test.each(attempts)('%s', async (_, asking, status, reason) => {
    const refused = await decide(asking);
    expect([refused.status, refused.changed]).toEqual([status, false]);
    expect(says()).toMatch(reason);
    expect(says()).toContain('from 127.0.0.1');
  });

  test('while the page itself is heard', async () => {
    const heard = await decide({ headers: { 'sec-fetch-site': 'same-origin' } });
    expect([heard.status, heard.changed]).toEqual([201, true]);
  });

  test('signing in is no exception', async () => {
    const body = { name: 'Ann', pin: '739164' };
    const asking = { body, headers: { origin: 'https://evil.example' } };
    expect((await shop.client.ask('POST', '/api/session', asking)).status).toBe(403);
  });

  test('nor is reading', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await ann.ask('GET', '/api/people', undefined, { headers })).status).toBe(403);
  });
});

describe('a host name that is not ours gets nothing', () => {
  test.each(['evil.example', 'evil.example:443', '127.0.0.1.evil.example', 'localhost.', '[x', ''])(
    '%s',
    async (host) => {
      const headers = { host: host === '' ? ' ' : host };
      const answer = await ann.ask('GET', '/api/session', undefined, { headers });
      expect(answer.status).toBe(421);
      expect(answer.text).not.toContain(ann.view.token);
    },
  );
  test.each(['127.0.0.1', '[::1]:8443', 'localhost:8443', 'TILL-3.shop.example:8443'])(
    '%s is ours',
    async (host) => {
      const answer = await ann.ask('GET', '/api/session', undefined, { headers: { host } });
      expect(answer.status).toBe(200);
    },
  );
});

describe('a cashier', () => {
  const managers: readonly [string, string, unknown?][] = [
    ['POST', '/api/contactless/decisions', OFF],
    ['POST', '/api/contactless/preview', OFF],
    ['POST', '/api/contactless/decisions/D1/approval'],
    ['POST', '/api/contactless/anew', OFF],
    ['PUT', '/api/settings', { limits: [] }],
    ['GET', '/api/people'],
    ['POST', '/api/people', { name: 'Eve', role: 'manager', pin: '739164' }],
    ['PUT', '/api/people/Carl', { role: 'manager' }],
    ['DELETE', '/api/people/Ann'],
    ['GET', '/api/audit'],
  ];
  test.each(managers)('can not %s %s', async (method, path, body) => {
    const before = JSON.stringify([shop.decisions.all(), await shop.people.list()]);
    const answer = await carl.ask(method, path, body);
    expect(answer.status).toBe(403);
    expect(answer.json<ErrorView>().error).toMatch(/needs a manager/);
    expect(JSON.stringify([shop.decisions.all(), await shop.people.list()])).toBe(before);
    expect(shop.audit.at(-1)).toMatchObject({
      person: 'Carl',
      role: 'cashier',
      outcome: 'refused',
    });
  });

  test('sees what a cashier may see, and is told which rights there are', async () => {
    for (const path of ['now', 'taps', 'payments', 'contactless', 'settings', 'devices']) {
      expect((await carl.ask('GET', `/api/${path}`)).status).toBe(200);
    }
    expect(carl.view.rights).toEqual(
      Object.entries(RIGHTS).flatMap(([right, roles]) =>
        (roles as readonly string[]).includes('cashier') ? right : [],
      ),
    );
  });
});

test('a technician can not give money back', async () => {
  const tess = await shop.enter('Tess', 'technician');
  for (const path of ['/api/payments/x/refund', '/api/payments/x/void', '/api/cancel']) {
    expect((await tess.ask('POST', path, {})).status).toBe(403);
  }
});

test('nobody who has not signed in learns anything but whom to be', async () => {
  const paths = ['now', 'events', 'taps', 'contactless', 'contactless/register.csv', 'payments'];
  const more = ['payments/1', 'payments/1/receipt', 'devices', 'people', 'audit', 'settings'];
  for (const path of [...paths, ...more]) {
    const answer = await shop.client.ask('GET', `/api/${path}`);
    expect([path, answer.status]).toEqual([path, 401]);
    expect(Object.keys(answer.json<object>())).toEqual(['error']);
  }
});

describe('a body that can not be meant', () => {
  const bodies: readonly [string, unknown, number, string?][] = [
    ['is no JSON', '{"action":', 400],
    ['is nothing', '', 400],
    ['poisons prototypes', '{"__proto__":{"role":"manager"}}', 400],
    ['poisons constructors', '{"constructor":{"prototype":{"role":"manager"}}}', 400],
    ['is a list', [], 422],
    ['is a number', 7, 422],
    ['says more than there is to say', { ...OFF, by: { person: 'Eve' } }, 422, 'by'],
    ['has no reason', { action: 'off' }, 422, 'reason'],
    ['has a reason without words', { ...OFF, reason: { category: 'legal', text: ' ' } }, 422],
    ['ends in the past', { ...OFF, untilMs: 1000 }, 422, 'until'],
    ['names a scope that there is not', { ...OFF, scope: { shape: 'round' } }, 422],
    ['is larger than anything we take', `"${'x'.repeat(300_000)}"`, 413],
    ['is far larger', `"${'x'.repeat(10_000_000)}"`, 413],
  ];
  test.each(bodies)('%s', async (_, body, status, field) => {
    const refused = await decide({}, body).catch((error: NodeJS.ErrnoException) => error.code);
    if (typeof refused !== 'object') {
      // Whoever goes on sending after the answer may only see the connection close.
      expect([status, refused]).toEqual([413, expect.stringMatching(/EPIPE|ECONNRESET/)]);
      return;
    }
    expect([refused.status, refused.changed]).toEqual([status, false]);
    const view = refused.answer.json<ErrorView>();
    expect(view.error).not.toBe('');
    if (field !== undefined) expect(view.field).toContain(field);
  });

  test.each([
    ['/api/people', { name: 'Eve', role: 'owner', pin: '739164' }, 'role'],
    ['/api/people', { name: 'Eve', role: 'cashier', pin: 739164 }, 'pin'],
    ['/api/people', { name: 'Eve', role: 'cashier' }, 'pin'],
    ['/api/people', { name: '', role: 'cashier', pin: '739164' }, 'name'],
    ['/api/people', { name: 'Eve', role: 'cashier', pin: '739164', extra: 1 }, 'extra'],
  ])('%s names the field: %j', async (path, body, field) => {
    const answer = await ann.ask('POST', path, body);
    expect([answer.status, answer.json<ErrorView>().field]).toEqual([422, field]);
    expect(answer.text).not.toContain('739164');
    expect(await shop.people.list()).not.toContainEqual(expect.objectContaining({ name: 'Eve' }));
  });
});

describe('a path', () => {
  const nowhere = [
    '/api/nothing',
    '/api/payments/../people',
    '/api/%2e%2e/%2e%2e/etc/passwd',
    '/../../../etc/passwd',
    '/assets/../../package.json',
    '/%2e%2e/%2e%2e/package.json',
    '//etc/passwd',
    '/index.html%00.js',
    '/constructor',
    '/__proto__',
  ];
  test.each(nowhere)('%s leads nowhere', async (path) => {
    const answer = await ann.ask('GET', path);
    expect(answer.status).toBe(404);
    expect(answer.text).not.toMatch(/root:|"name": "countertap"/);
  });

  test('that can not be read is a bad request', async () => {
    expect((await ann.ask('GET', '/api/people/%zz')).status).toBe(400);
  });

  test('with line breaks in it puts none into an answer or the audit log', async () => {
    const path = '/api/payments/x%0d%0aset-cookie:%20a=b%0d%0a/void';
    const answer = await ann.ask('POST', path);
    expect(answer.status).toBe(422);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(writtenDown(shop)).not.toMatch(/set-cookie/);
  });

  test.each([
    ['POST', '/api/now', 'GET, HEAD'],
    ['DELETE', '/api/contactless', 'GET, HEAD'],
    ['GET', '/api/setup', 'POST'],
    ['PATCH', '/api/session', 'GET, HEAD, POST, DELETE'],
  ])('%s %s: the wrong method', async (method, path, allow) => {
    const answer = await ann.ask(method, path);
    expect([answer.status, answer.headers['allow']]).toEqual([405, allow]);
  });
});

test('every answer forbids what a page could be made to do', async () => {
  for (const path of ['/api/session', '/api/nothing', '/', '/api/people']) {
    const { headers } = await ann.ask('GET', path);
    expect(headers['content-security-policy']).toMatch(/default-src 'none'.*script-src 'self'/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|https:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d{8}$/);
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  }
});

test('nothing of all this was an error of ours', () => {
  expect(shop.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
