import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageFiles } from '#drivers/http/index.ts';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;
const folder = mkdtempSync(join(tmpdir(), 'console-page-'));
const dist = join(folder, 'dist');
beforeAll(async () => {
  writeFileSync(join(folder, 'secret.js'), 'secret');
  shop = await openShop({ page: pageFiles(dist) });
});
afterAll(async () => {
  await shop.close();
  rmSync(folder, { recursive: true });
});

test('a page that is not built says how to build it, and is there once it is', async () => {
  const before = await shop.client.ask('GET', '/');
  expect([before.status, before.text]).toEqual([503, expect.stringContaining('build:console')]);
  mkdirSync(join(dist, 'assets'), { recursive: true });
  writeFileSync(join(dist, 'index.html'), '<!doctype html><title>Console</title>');
  writeFileSync(join(dist, 'assets', 'index-1a2b.js'), 'export {};');
  writeFileSync(join(dist, 'notes.txt'), 'not a part of a page');
  const after = await shop.client.ask('GET', '/');
  expect(after).toMatchObject({ status: 200, text: '<!doctype html><title>Console</title>' });
  expect(after.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(after.headers['cache-control']).toBe('no-cache');
  expect(after.headers['content-security-policy']).toContain("default-src 'none'");
});

test('its parts are kept by browsers, as their names change with them', async () => {
  const script = await shop.client.ask('GET', '/assets/index-1a2b.js?v=1');
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(script.headers['cache-control']).toContain('immutable');
});

test('a link from another site may lead here, but nothing else of it', async () => {
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect((await shop.client.ask('GET', '/', { headers })).status).toBe(200);
  expect((await shop.client.ask('GET', '/api/session', { headers })).status).toBe(403);
});

test.each([
  '/../secret.js',
  '/%2e%2e/secret.js',
  '/assets/../../secret.js',
  '/notes.txt',
  '/dist/',
])('%s is no part of it', async (path) => {
  expect((await shop.client.ask('GET', path)).status).toBe(404);
});

test('nothing is done to it but reading', async () => {
  const answer = await shop.client.ask('POST', '/');
  expect([answer.status, answer.headers['allow']]).toEqual([405, 'GET, HEAD']);
});
