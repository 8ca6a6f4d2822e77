import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DoctorView, NowView, SessionView, TapView, UpkeepStanding } from '#console/api.ts';
import { pageFiles } from '#drivers/http/index.ts';
import type { PageFiles } from '#ports/page-files.ts';
import type { Role } from '#ports/people.ts';
import { RIGHTS, type Right } from '#staff/rights.ts';
import { DIAGNOSIS, STANDING, STATUS, TAPS } from './fixtures.ts';
import { ROUTES } from './routes.ts';
import { openShop, type Shop } from './shop.ts';

/** A request that changes something, as the page sent it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

export interface Somebody {
  readonly name: string;
  role: Role;
  pin: string;
  lockedForMs?: number;
}

/** What the console's contract promises (src/console/api.ts), with a shop of its own behind it. */
export interface FakeServer {
  readonly url: string;
  readonly shop: Shop;
  readonly seen: Seen[];
  people: Somebody[];
  taps: TapView[];
  diagnosis: DoctorView;
  upkeep: UpkeepStanding;
  status: NowView['status'];
  refunded: number;
  settings: { limits: unknown; texts: unknown };
  /** Longer answers, to see what a page says meanwhile. */
  answerAfterMs: number;
  now(): NowView;
  /** Tells all pages. */
  tell(event: 'now' | 'tap', data: unknown): void;
  /** Signs somebody in without the form; the cookie is for the browser. */
  signIn(name: string): { readonly name: string; readonly value: string; readonly url: string };
  /** All cookies are worth nothing from now on. */
  endSessions(): void;
  /** As if the terminal's power were cut, and back at the same address. */
  stop(): Promise<void>;
  start(): Promise<void>;
}

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
};

const TOKEN = 'token-of-this-page';

export const openFakeServer = async (pageFolder: string): Promise<FakeServer> => {
  const streams = new Set<ServerResponse>();
  const sessions = new Map<string, string>();
  const page = pageFiles(pageFolder);
  await page.refresh();
  let port = 0;
  let server = createServer();
  const fake: FakeServer = {
    get url() {
      return `http://127.0.0.1:${port}/`;
    },
    shop: openShop(),
    seen: [],
    people: [
      { name: 'Ann', role: 'manager', pin: '271828' },
      { name: 'Bob', role: 'cashier', pin: '314159' },
      { name: 'Tess', role: 'technician', pin: '161803', lockedForMs: 25 * 60_000 },
    ],
    taps: [...TAPS],
    diagnosis: DIAGNOSIS,
    upkeep: STANDING,
    status: STATUS,
    refunded: 0,
    settings: { limits: undefined, texts: undefined },
    answerAfterMs: 0,
    now: () => nowOf(fake),
    tell: (event, data) => {
      const words = `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      for (const stream of streams) stream.write(words);
    },
    signIn: (name) => {
      const value = `signed${sessions.size}`;
      sessions.set(value, name);
      return { name: 'countertap', value, url: fake.url };
    },
    endSessions: () => {
      sessions.clear();
      for (const stream of streams) stream.end();
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
    start: () =>
      new Promise((resolve) => {
        server = createServer((request, response) => answer(inner, request, response));
        server.listen(port, '127.0.0.1', () => {
          port = (server.address() as AddressInfo).port;
          resolve();
        });
      }),
  };
  const inner: Inner = { fake, page, streams, sessions };
  await fake.start();
  return fake;
};

interface Inner {
  readonly fake: FakeServer;
  readonly page: PageFiles;
  readonly streams: Set<ServerResponse>;
  /** Names by cookie. */
  readonly sessions: Map<string, string>;
}

const answer = async (inner: Inner, request: IncomingMessage, response: ServerResponse) => {
  const { fake, sessions } = inner;
  const url = new URL(request.url ?? '/', fake.url);
  if (!url.pathname.startsWith('/api/')) return sendPage(inner, url.pathname, response);
  const method = request.method ?? 'GET';
  const body = await bodyOf(request);
  if (method !== 'GET') fake.seen.push({ method, path: url.pathname, body });
  if (fake.answerAfterMs > 0) await new Promise((done) => setTimeout(done, fake.answerAfterMs));
  const cookie = /countertap=(\w+)/.exec(request.headers.cookie ?? '')?.[1] ?? '';
  const person = fake.people.find(({ name }) => name === sessions.get(cookie));
  const path = url.pathname.slice('/api/'.length);
  if (path === 'session' || path === 'setup') {
    return atTheDoor(inner, { method, path, body, person }, response);
  }
  if (person === undefined) return send(response, 401, { error: 'Nobody is signed in.' });
  if (method !== 'GET' && request.headers['x-countertap-token'] !== TOKEN) {
    return send(response, 403, { error: 'This request is not from the page.' });
  }
  if (path === 'events') return stream(inner, response);
  const route = ROUTES.find(([verb, pattern]) => verb === method && pattern.test(path));
  if (route === undefined) return send(response, 404, { error: `There is no ${method} ${path}.` });
  const [, pattern, handle] = route;
  const parts = (pattern.exec(path) ?? []).slice(1).map(decodeURIComponent);
  const [status, value] = handle({ fake, person, parts, body, query: url.searchParams });
  return send(response, status, value);
};

interface Knock {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly person: Somebody | undefined;
}

const atTheDoor = ({ fake, sessions }: Inner, knock: Knock, response: ServerResponse) => {
  const { method, path, body, person } = knock;
  if (method === 'GET' && person !== undefined) return send(response, 200, viewOf(person));
  if (method === 'GET') {
    return send(response, 401, { setUp: fake.people.length > 0, merchant: 'Corner Bakery' });
  }
  if (method === 'DELETE') {
    sessions.clear();
    return send(response, 204, undefined);
  }
  const { name, pin } = body as { name: string; pin: string };
  if (path === 'setup') {
    const error = 'A PIN has 6 digits or more.';
    if (pin.length < 6) return send(response, 400, { error, field: 'pin' });
    fake.people = [{ name, role: 'manager', pin }];
  }
  const found = fake.people.find((one) => one.name === name.trim());
  if (found?.lockedForMs !== undefined) {
    return send(response, 429, {
      error: 'Too many wrong PINs.',
      retryAfterMs: found.lockedForMs,
    });
  }
  if (found?.pin !== pin) return send(response, 401, { error: 'Name or PIN is wrong.' });
  const cookie = `c${sessions.size}x${fake.seen.length}`;
  sessions.set(cookie, found.name);
  response.setHeader('set-cookie', `countertap=${cookie}; HttpOnly; SameSite=Strict; Path=/`);
  return send(response, path === 'setup' ? 201 : 200, viewOf(found));
};

const stream = ({ fake, streams }: Inner, response: ServerResponse): void => {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
  response.write(`event: now\ndata: ${JSON.stringify(fake.now())}\n\n`);
  streams.add(response);
  response.on('close', () => streams.delete(response));
};

const sendPage = ({ page }: Inner, path: string, response: ServerResponse): void => {
  const file = page.at(path);
  response.writeHead(file ? 200 : 404, {
    ...HEADERS,
    'content-type': file?.contentType ?? 'text/plain',
  });
  response.end(file?.body ?? 'nothing here');
};

const send = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/json' });
  response.end(value === undefined ? '' : JSON.stringify(value));
};

const viewOf = ({ name, role }: Somebody): SessionView => ({
  person: name,
  role,
  rights: (Object.keys(RIGHTS) as Right[]).filter((right) =>
    (RIGHTS[right] as readonly Role[]).includes(role),
  ),
  token: TOKEN,
  merchant: 'Corner Bakery',
  terminalId: 'T0000001',
  language: 'en',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
});

const nowOf = ({ shop, status, upkeep }: FakeServer): NowView => ({
  atMs: Date.now(),
  status,
  contactless: shop.summary(),
  device: {
    present: true,
    name: STATUS.reader,
    model: 'ACR1252U',
    sentence: 'Connected. When contactless is off, its antenna is powered down.',
  },
  displays: 1,
  refusedLater: 0,
  upkeep,
});

const bodyOf = async (request: IncomingMessage): Promise<unknown> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
};
