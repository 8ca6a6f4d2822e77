import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom } from 'rxjs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { pageFiles } from '#drivers/http/index.ts';
import { type Kiosk, openKiosk } from '#drivers/kiosk/index.ts';
import { isFault } from '#ports/fault.ts';
import { ask, watch } from './http-support.ts';
import { openTestKiosk, SILENT } from './kiosk-support.ts';
import { viewOf } from './views.ts';

let folder: string;
let pageFolder: string;
let kiosk: Kiosk;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countertap-kiosk-'));
  pageFolder = join(folder, 'dist');
  await mkdir(join(pageFolder, 'assets'), { recursive: true });
  await writeFile(join(pageFolder, 'index.html'), '<title>display</title>');
  await writeFile(join(pageFolder, 'assets', 'index-1a2b.js'), 'void 0;');
  await writeFile(join(folder, 'secret.html'), 'not for the network');
});

afterAll(() => rm(folder, { recursive: true }));
afterEach(() => kiosk.close());

const watchersToBe = (count: number) =>
  firstValueFrom(kiosk.watchers$.pipe(filter((watchers) => watchers === count)));

describe('the stream of views', () => {
  test('a display that comes late gets the latest view at once, and then each change', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    kiosk.show(viewOf('welcome'));
    const present = viewOf('presentCard');
    kiosk.show(present);
    const display = await watch(kiosk.url);
    const first = await display.next();
    expect(first?.message.view).toEqual(present);
    expect(first?.id).toBe(String(present.sequence));
    const approved = viewOf('approved');
    kiosk.show(approved);
    expect((await display.next())?.message.view).toEqual(approved);
  });

  test('a display that comes before the first view learns that there is none', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    const display = await watch(kiosk.url);
    expect(await display.next()).toMatchObject({ id: undefined, message: { view: null } });
    expect(display.headers['content-type']).toBe('text/event-stream');
    expect(display.headers['cache-control']).toBe('no-store');
  });

  test('every display sees the same, and watchers$ counts them as they come and go', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    expect(await firstValueFrom(kiosk.watchers$)).toBe(0);
    const [one, two] = [await watch(kiosk.url), await watch(kiosk.url)];
    await watchersToBe(2);
    await Promise.all([one.next(), two.next()]);
    const view = viewOf('declined');
    kiosk.show(view);
    for (const display of [one, two]) expect((await display.next())?.message.view).toEqual(view);
    one.leave();
    await watchersToBe(1);
  });

  test('each run of the terminal has a name of its own, for its sequence starts anew', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    const before = (await (await watch(kiosk.url)).next())?.message;
    await kiosk.close();
    kiosk = await openTestKiosk({ pageFolder });
    const after = (await (await watch(kiosk.url)).next())?.message;
    expect(after?.run).not.toBe(before?.run);
    expect(after?.page).toBe(before?.page);
  });

  test('a display that reads nothing is dropped, and the others go on', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    const stuck = connect(Number(new URL(kiosk.url).port), '127.0.0.1');
    stuck.on('error', () => undefined).pause();
    stuck.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await watchersToBe(1);
    const dropped = watchersToBe(0);
    const detail = 'x'.repeat(1_000_000);
    for (let shown = 0; shown < 30; shown += 1) kiosk.show(viewOf('reading', { detail }));
    await dropped;
    stuck.destroy();
    const view = viewOf('welcome');
    kiosk.show(view);
    expect((await (await watch(kiosk.url)).next())?.message.view).toEqual(view);
  });

  test('a seventeenth display is turned away', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    const { url } = kiosk;
    await Promise.all(Array.from({ length: 16 }, () => watch(url)));
    expect((await ask(url, '/events')).status).toBe(503);
  });

  test('closing ends every stream', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    const display = await watch(kiosk.url);
    await display.next();
    await kiosk.close();
    expect(await display.next()).toBeUndefined();
  });
});

describe('the page', () => {
  test('is served with headers that allow nothing from elsewhere', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    const { status, headers, body } = await ask(kiosk.url, '/');
    expect({ status, body }).toEqual({ status: 200, body: '<title>display</title>' });
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|data:|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cache-control']).toBe('no-cache');
    const script = await ask(kiosk.url, '/assets/index-1a2b.js');
    expect(script.headers['content-type']).toMatch('text/javascript');
    expect(script.headers['cache-control']).toMatch('immutable');
  });

  test.each([
    '/../secret.html',
    '/assets/../../secret.html',
    '/%2e%2e/secret.html',
    '/..%2fsecret.html',
    '/assets\\..\\..\\secret.html',
    '//etc/passwd',
    '/secret.html',
  ])('%s leads nowhere', async (path) => {
    kiosk = await openTestKiosk({ pageFolder });
    expect((await ask(kiosk.url, path)).status).toBe(404);
  });

  test('that is not built says how to build it, and is there as soon as it is', async () => {
    const missing = join(folder, 'later');
    kiosk = await openTestKiosk({ pageFolder: missing });
    const { status, body } = await ask(kiosk.url, '/');
    expect(status).toBe(503);
    expect(body).toContain('npm run build:display');
    kiosk.show(viewOf('welcome'));
    await mkdir(missing);
    await writeFile(join(missing, 'index.html'), 'built');
    expect((await ask(kiosk.url, '/')).body).toBe('built');
  });
});

describe('who may ask', () => {
  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is refused', async (method) => {
    kiosk = await openTestKiosk({ pageFolder });
    const { status, headers } = await ask(kiosk.url, '/', { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });

  test('HEAD gets the headers alone, of the stream too', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    const page = await ask(kiosk.url, '/', { method: 'HEAD' });
    expect(page).toMatchObject({ status: 200, body: '', headers: { 'content-length': '22' } });
    const stream = await ask(kiosk.url, '/events', { method: 'HEAD' });
    expect(stream).toMatchObject({ status: 200, body: '' });
  });

  test.each([
    'evil.example',
    'evil.example:8420',
    'localhost.evil.example',
    '192.0.2.1',
    'localhost@evil.example',
  ])('a request for the host %s is not for us (DNS rebinding)', async (host) => {
    kiosk = await openTestKiosk({ pageFolder });
    expect((await ask(kiosk.url, '/', { headers: { host } })).status).toBe(421);
    expect((await ask(kiosk.url, '/events', { headers: { host } })).status).toBe(421);
  });

  test.each(['localhost:1', 'LOCALHOST', '127.0.0.1', '[::1]:8420'])(
    'a request for the host %s is for us',
    async (host) => {
      kiosk = await openTestKiosk({ pageFolder });
      expect((await ask(kiosk.url, '/', { headers: { host } })).status).toBe(200);
    },
  );

  test('on every interface any address is ours, and any foreign name is not', async () => {
    kiosk = await openTestKiosk({ pageFolder, host: '0.0.0.0' });
    const url = kiosk.url.replace('0.0.0.0', '127.0.0.1');
    const statusFor = async (host: string) => (await ask(url, '/', { headers: { host } })).status;
    expect(await statusFor('192.0.2.7:8420')).toBe(200);
    expect(await statusFor('evil.example')).toBe(421);
  });

  test('the page of another site gets no stream', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await ask(kiosk.url, '/events', { headers })).status).toBe(403);
  });
});

describe('the address', () => {
  test('that is taken already is an error that names host and port', async () => {
    kiosk = await openTestKiosk({ pageFolder });
    const port = Number(new URL(kiosk.url).port);
    const page = pageFiles(pageFolder);
    const second = await openKiosk({ host: '127.0.0.1', port, log: SILENT, page });
    expect(isFault(second) && second.detail).toBe(
      `The customer display can't be served at host 127.0.0.1, port ${port}: ` +
        'another program is listening there already.',
    );
  });

  test('is loopback unless told otherwise', async () => {
    const opened = await openKiosk({ port: 0, log: SILENT, page: pageFiles(pageFolder) });
    if (isFault(opened)) throw new Error(opened.detail);
    kiosk = opened;
    expect(kiosk.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  });
});
