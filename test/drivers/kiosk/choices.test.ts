import type { OutgoingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Kiosk } from '#drivers/kiosk/index.ts';
import type { Choice } from '#ports/customer-display.ts';
import { type Answer, ask, watch } from './http-support.ts';
import { openTestKiosk } from './kiosk-support.ts';
import { viewOf } from './views.ts';

let kiosk: Kiosk;
let chosen: Choice['id'][];
let ended: boolean;

beforeEach(async () => {
  // No page is needed: what a display posts is the same without one.
  kiosk = await openTestKiosk({ pageFolder: '/nonexistent' });
  chosen = [];
  ended = false;
  kiosk.choices$.subscribe({
    next: (id) => chosen.push(id),
    complete: () => {
      ended = true;
    },
  });
});

afterEach(async () => {
  vi.restoreAllMocks();
  await kiosk.close();
});

const JSON_TYPE = { 'content-type': 'application/json' };

const post = (body: unknown, headers: OutgoingHttpHeaders = JSON_TYPE): Promise<Answer> =>
  ask(kiosk.url, '/choice', {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const statusOf = async (body: unknown, headers?: OutgoingHttpHeaders): Promise<number> =>
  (await post(body, headers)).status;

describe('what a shopper touches', () => {
  test('arrives when it is a choice of the view that is shown', async () => {
    const view = viewOf('payByCode');
    kiosk.show(view);
    expect(await statusOf({ sequence: view.sequence, id: 'wallet:alipay' })).toBe(204);
    expect(chosen).toEqual(['wallet:alipay']);
  });

  test('counts once: neither a second touch nor another choice of the view counts', async () => {
    const view = viewOf('payByCode');
    kiosk.show(view);
    const touch = { sequence: view.sequence, id: 'tap' };
    const statuses = await Promise.all([statusOf(touch), statusOf(touch)]);
    expect(statuses.sort()).toEqual([204, 409]);
    kiosk.show(view);
    expect(await statusOf({ ...touch, id: 'wallet:alipay' })).toBe(409);
    expect(chosen).toEqual(['tap']);
  });

  test('can be touched again in the next view', async () => {
    for (const view of [viewOf('payByCode'), viewOf('payByCode')]) {
      kiosk.show(view);
      expect(await statusOf({ sequence: view.sequence, id: 'tap' })).toBe(204);
    }
    expect(chosen).toEqual(['tap', 'tap']);
  });

  test.each([
    ['of the view before', (now: number) => ({ sequence: now - 1, id: 'tap' })],
    ['of a view to come', (now: number) => ({ sequence: now + 1, id: 'tap' })],
    ['that is not offered', (now: number) => ({ sequence: now, id: 'refund' })],
    ['of an earlier run', (now: number) => ({ sequence: now, id: 'tap', run: 'earlier' })],
  ])('is refused, and changes nothing: a choice %s', async (_, touchAt) => {
    kiosk.show(viewOf('payByCode'));
    const view = viewOf('scanCode');
    kiosk.show(view);
    expect(await statusOf(touchAt(view.sequence))).toBe(409);
    expect(chosen).toEqual([]);
    expect(await statusOf({ sequence: view.sequence, id: 'tap' })).toBe(204);
  });

  test('is refused before anything is shown, and by a view without choices', async () => {
    expect(await statusOf({ sequence: 0, id: 'tap' })).toBe(409);
    const view = viewOf('approved');
    kiosk.show(view);
    expect(await statusOf({ sequence: view.sequence, id: 'tap' })).toBe(409);
    expect(chosen).toEqual([]);
  });

  test('names the run that the stream named', async () => {
    const view = viewOf('payByCode');
    kiosk.show(view);
    const run = (await (await watch(kiosk.url)).next())?.message.run;
    expect(await statusOf({ run, sequence: view.sequence, id: 'tap' })).toBe(204);
  });

  test('ends with the display', async () => {
    await kiosk.close();
    expect(ended).toBe(true);
  });
});

describe('a post that is no touch', () => {
  const view = viewOf('payByCode');
  const touch = { sequence: view.sequence, id: 'tap' };
  beforeEach(() => kiosk.show(view));
  afterEach(() => expect(chosen).toEqual([]));

  test.each([
    ['nothing', ''],
    ['half of it', '{"sequence":1'],
    ['no object', '7'],
    ['null', 'null'],
    ['a sequence in words', { sequence: 'one', id: 'tap' }],
    ['half a number', { sequence: 1.5, id: 'tap' }],
    ['an id that is a list', { sequence: 1, id: ['tap'] }],
    ['a run that is a number', { ...touch, run: 7 }],
  ])('is refused: %s', async (_, body) => {
    expect(await statusOf(body)).toBe(400);
  });

  test('of another type than JSON is refused, such as the form of another site', async () => {
    const types = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'];
    for (const type of types) expect(await statusOf(touch, { 'content-type': type })).toBe(415);
    expect(await statusOf(touch, {})).toBe(415);
  });

  test('of more than 1 KiB is refused, and the answer arrives', async () => {
    const long = { ...touch, padding: 'x'.repeat(1024) };
    expect(await statusOf(long)).toBe(413);
    expect(await statusOf(JSON.stringify({ ...touch, padding: 'x'.repeat(100_000) }))).toBe(413);
  });

  test.each([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site, by its origin alone', { origin: 'http://evil.example' }],
    ['a page of the same machine, at another port', { origin: 'http://127.0.0.1:1' }],
    ['no site in particular', { origin: 'null' }],
  ])('from %s is refused', async (_, headers) => {
    expect(await statusOf(touch, { ...JSON_TYPE, ...headers })).toBe(403);
  });

  test('for a foreign host is refused (DNS rebinding)', async () => {
    const host = 'evil.example';
    const headers = { ...JSON_TYPE, host, origin: `http://${host}` };
    expect(await statusOf(touch, headers)).toBe(421);
  });

  test('is nothing to GET, and a page is nothing to POST', async () => {
    const read = await ask(kiosk.url, '/choice');
    expect([read.status, read.headers.allow]).toEqual([405, 'POST']);
    expect((await ask(kiosk.url, '/events', { method: 'POST' })).status).toBe(405);
  });

  test('from who goes away in the middle of it does no harm', async () => {
    const { port } = new URL(kiosk.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'POST /choice HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n' +
        'Content-Length: 100\r\n\r\n{"sequence":1',
      () => socket.destroy(),
    );
    await new Promise((resolve) => socket.once('close', resolve));
    expect(await statusOf({ ...touch, id: 'refund' })).toBe(409);
  });
});

test('a page of ours may post from its own origin', async () => {
  const view = viewOf('payByCode');
  kiosk.show(view);
  const origin = kiosk.url.replace(/\/$/, '');
  const headers = { ...JSON_TYPE, origin, 'sec-fetch-site': 'same-origin' };
  expect(await statusOf({ sequence: view.sequence, id: 'tap' }, headers)).toBe(204);
});

test('more touches than fingers can do are turned away, and count a second later', async () => {
  const view = viewOf('payByCode');
  kiosk.show(view);
  const now = vi.spyOn(performance, 'now').mockReturnValue(performance.now());
  const touch = { sequence: view.sequence, id: 'refund' };
  const statuses: number[] = [];
  for (let times = 0; times < 12; times += 1) statuses.push(await statusOf(touch));
  expect(statuses).toEqual([...Array(10).fill(409), 429, 429]);
  expect((await post(touch)).headers['retry-after']).toBe('1');
  now.mockReturnValue(performance.now() + 1000);
  expect(await statusOf({ ...touch, id: 'tap' })).toBe(204);
  expect(chosen).toEqual(['tap']);
});
