import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { afterEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { heard } from '../http/support.ts';
import { bytes } from './fake-desk.ts';
import { openLine } from './support.ts';

let line: Awaited<ReturnType<typeof openLine>>;
afterEach(() => line.close());

describe('a message of a till', () => {
  test('is answered by the desk, with or without a slash, whatever type it has', async () => {
    line = await openLine();
    const said = await line.ask('{"a":1}', { headers: { 'content-type': 'text/plain' } });
    expect(said).toMatchObject({ status: 200, body: 'echo {"a":1}' });
    expect(said.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(await line.ask('b', { path: '/nexo?x=y' })).toMatchObject({ body: 'echo b' });
    expect(line.desk.heard[0]?.caller.name).toBe('127.0.0.1');
    expect(line.loads()).toBe(1);
  });

  test('that nexo has no answer to gets 200 without a body', async () => {
    line = await openLine();
    const { status, body, headers } = await line.ask('nothing');
    expect([status, body, headers['content-length']]).toEqual([200, '', '0']);
  });

  test('waits for its answer longer than anything else may take, and others pass it', async () => {
    line = await openLine({ patienceMs: 300 });
    const slow = line.ask('wait');
    await expect.poll(() => line.desk.heard.length).toBe(1);
    const before = performance.now();
    while (performance.now() - before < 1000) expect((await line.ask('quick')).status).toBe(200);
    line.desk.release();
    expect((await slow).body).toBe('echo wait');
  });

  test('keeps its connection for the next one', async () => {
    line = await openLine();
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: line.ca });
    const ports = new Set<number | undefined>();
    for (const text of ['a', 'b', 'c']) {
      const sent = request({
        host: '127.0.0.1',
        port: line.port,
        path: '/nexo/',
        method: 'POST',
        agent,
      });
      sent.end(text);
      const [response] = await once(sent, 'response');
      ports.add(response.socket.localPort);
      response.resume();
      await once(response, 'end');
    }
    expect(ports.size).toBe(1);
    agent.destroy();
  });

  test('that nobody waits for any more tells the desk so', async () => {
    line = await openLine();
    const socket = await line.tls();
    socket.write('POST /nexo/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nwait');
    await expect.poll(() => line.desk.heard.length).toBe(1);
    const signal = line.desk.heard[0]?.caller.signal;
    expect(signal?.aborted).toBe(false);
    socket.destroy();
    await expect.poll(() => signal?.aborted).toBe(true);
    line.desk.release();
    expect((await line.ask('next')).body).toBe('echo next');
  });

  test('that the desk breaks down at is an error without its words', async () => {
    line = await openLine();
    const { status, body } = await line.ask('break');
    expect([status, body]).toEqual([500, '{"error":"The terminal could not answer."}']);
    const errors = line.lines.filter(({ level }) => level === 'error');
    expect(errors).toHaveLength(1);
    expect(JSON.stringify(errors)).not.toContain('a bug with');
    expect(JSON.stringify(errors)).toContain('fake-desk');
  });
});

describe('what is no message', () => {
  test.each([
    ['GET', '/nexo/', 405],
    ['PUT', '/nexo', 405],
    ['GET', '/', 404],
    ['POST', '/nexo/x', 404],
    ['POST', '/', 404],
    ['GET', '/till/', 404],
    ['GET', '/nexo/events', 426],
  ])('%s %s is %i, as JSON', async (method, path, status) => {
    line = await openLine();
    const got = await line.ask('', { method, path });
    expect(got.status).toBe(status);
    expect(Object.keys(JSON.parse(got.body))).toEqual(['error']);
    expect(line.desk.heard).toEqual([]);
  });

  test('HTTP/1.0 is refused', async () => {
    line = await openLine();
    const socket = await line.tls();
    const text = 'POST /nexo/ HTTP/1.0\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx';
    expect(await heard(socket, text)).toMatch(/^HTTP\/1\.1 505 /);
  });

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ])('a page of another site sends nothing (%j), nor listens', async (headers) => {
    line = await openLine();
    expect((await line.ask('pay', { headers: { ...headers } })).status).toBe(403);
    const [error] = await once(line.events('', headers), 'error');
    expect(error.message).toContain('403');
    expect(line.desk.heard).toEqual([]);
    const own = { origin: `https://127.0.0.1:${line.port}`, 'sec-fetch-site': 'same-origin' };
    expect((await line.ask('pay', { headers: own })).status).toBe(200);
  });
});

describe('the page of the reference till', () => {
  const page = {
    at: (path: string) =>
      path === '/'
        ? { body: bytes('<html>'), contentType: 'text/html', cacheControl: 'no-cache' }
        : undefined,
    version: () => '1',
    refresh: async () => undefined,
  };
  test('is there when it is wanted', async () => {
    line = await openLine({}, { page });
    const got = await line.ask('', { method: 'GET', path: '/till/' });
    expect(got).toMatchObject({ status: 200, body: '<html>' });
    expect(got.headers['content-security-policy']).toContain("default-src 'none'");
    expect((await line.ask('', { method: 'GET', path: '/till' })).headers['location']).toBe(
      '/till/',
    );
    expect((await line.ask('', { method: 'GET', path: '/till/x' })).status).toBe(404);
    expect((await line.ask('', { path: '/till/' })).status).toBe(405);
    expect((await line.ask('a')).body).toBe('echo a');
  });
});

describe('a till that listens', () => {
  const collecting = (socket: WebSocket) => {
    const texts: string[] = [];
    socket.on('message', (data) => texts.push(String(data)));
    return texts;
  };

  test('hears what is for it and for all, and not what is for another', async () => {
    line = await openLine();
    const [mine, nameless] = [line.events('?saleId=Till%201'), line.events()];
    await Promise.all([once(mine, 'open'), once(nameless, 'open')]);
    const [first, second] = [collecting(mine), collecting(nameless)];
    line.desk.notify({ saleId: 'Till 2', message: bytes('other') });
    line.desk.notify({ saleId: 'Till 1', message: bytes('own') });
    line.desk.notify({ message: bytes('all') });
    await expect.poll(() => [first, second]).toEqual([['own', 'all'], ['all']]);
  });

  test('is not heard: messages are posted', async () => {
    line = await openLine();
    const socket = line.events();
    await once(socket, 'open');
    socket.send('{}');
    expect((await once(socket, 'close'))[0]).toBe(1003);
    expect(line.desk.heard).toEqual([]);
  });

  test('that is gone without a word is found out', async () => {
    line = await openLine({}, { limits: { pingMs: 50, listeners: 1 } });
    const dead = line.events();
    await once(dead, 'open');
    dead.pause();
    const [error] = await once(line.events(), 'error');
    expect(error.message).toContain('503');
    await expect
      .poll(async () => {
        const next = line.events();
        return Promise.race([
          once(next, 'open').then(() => true),
          once(next, 'error').then(() => false),
        ]);
      })
      .toBe(true);
    dead.terminate();
  });

  test('stays longer than a request may take', async () => {
    line = await openLine({ patienceMs: 200, longestAnswerMs: 300 });
    const socket = line.events();
    await once(socket, 'open');
    const texts = collecting(socket);
    const before = performance.now();
    while (performance.now() - before < 800) await line.ask('meanwhile');
    line.desk.notify({ message: bytes('late') });
    await expect.poll(() => texts).toEqual(['late']);
  });
});
