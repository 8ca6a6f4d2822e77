import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openReceiptServer,
  type ReceiptServer,
  type ReceiptServerOptions,
  receiptKey,
} from '#drivers/receipt-page/index.ts';
import { receiptTokens } from '#drivers/receipt-page/token.ts';
import { fault, isFault } from '#ports/fault.ts';
import { ask } from '#test/drivers/kiosk/http-support.ts';
import { kinds, receiptOf } from '#test/receipt/samples.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const KEY = Uint8Array.from({ length: 32 }, (_, index) => index);
const START_MS = Date.UTC(2026, 10, 22, 17);
const HOUR_MS = 3_600_000;

let nowMs = START_MS;
let server: ReceiptServer | undefined;
beforeEach(() => {
  nowMs = START_MS;
});
afterEach(async () => {
  await server?.close();
  server = undefined;
});

/** Serves, and gives the address of a payment's receipt in two parts: where, and which. */
const served = async (more: Partial<ReceiptServerOptions> = {}) => {
  const opened = await openReceiptServer({
    host: '127.0.0.1',
    port: 0,
    key: KEY,
    origin: 'http://192.0.2.7:8090',
    wallMs: () => nowMs,
    log: {
      ...quiet,
      info: (fields) => {
        port = Number(fields['port']);
      },
    },
    find: async (payment) =>
      payment === kinds.approved.id
        ? { receipt: receiptOf(kinds.approved, { language: 'de' }), title: 'Beleg' }
        : undefined,
    ...more,
  });
  if (isFault(opened)) throw new Error(opened.detail);
  server = opened;
  const address = opened.addressOf(kinds.approved.id) ?? '';
  return { at: `http://127.0.0.1:${port}`, path: address.replace('http://192.0.2.7:8090', '') };
};
let port = 0;

describe("a receipt's address", () => {
  const tokens = receiptTokens(KEY, () => nowMs, 24 * HOUR_MS);
  const token = tokens.tokenFor('4f1c2a9b7d30');

  it('leads to its payment, after a restart too', () => {
    const restarted = receiptTokens(KEY, () => nowMs, 24 * HOUR_MS);
    expect(restarted.paymentIn(token)).toBe('4f1c2a9b7d30');
  });

  it('bears 128 bits that only this installation could have made', () => {
    expect(Buffer.from(token.split('.')[2] ?? '', 'base64url')).toHaveLength(16);
    const other = receiptTokens(KEY.toReversed(), () => nowMs, 24 * HOUR_MS);
    expect(other.paymentIn(token)).toBeUndefined();
  });

  it('ends, and nobody can put the end off', () => {
    nowMs = START_MS + 25 * HOUR_MS;
    expect(tokens.paymentIn(token)).toBeUndefined();
    const [payment, end = '', sealed] = token.split('.');
    const later = (Number.parseInt(end, 36) + 10_000).toString(36);
    expect(tokens.paymentIn([payment, later, sealed].join('.'))).toBeUndefined();
  });

  it('is nothing once a single sign of it is another one', () => {
    for (let at = 0; at < token.length; at++) {
      // Of the last sign four bits count for nothing: a change of them alone is no change.
      const sign = token[at] === 'A' ? 'w' : 'A';
      const changed = token.slice(0, at) + sign + token.slice(at + 1);
      expect(tokens.paymentIn(changed)).toBeUndefined();
    }
    for (const not of ['', '..', `${token}x`, token.slice(0, -1), `${token}/..`])
      expect(tokens.paymentIn(not)).toBeUndefined();
  });
});

describe('the server of receipts', () => {
  it('shows the receipt under its address, and nothing that could be misused', async () => {
    const { at, path } = await served();
    const { status, headers, body } = await ask(at, path);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-language']).toBe('de');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-robots-tag']).toBe('noindex, nofollow');
    expect(body).toContain('Kundenbeleg');
    expect(body).toContain('************0119');
    expect(body).not.toMatch(/<script|476173|\son\w+=/);
  });

  it('says the same of what never was, was changed or has expired', async () => {
    const { at, path } = await served();
    const unknown = server?.addressOf('000000000000')?.replace(/^.*(?=\/r\/)/, '') ?? '';
    const answers = [await ask(at, '/r/'), await ask(at, `${path}x`), await ask(at, unknown)];
    nowMs += 8 * 24 * HOUR_MS;
    answers.push(await ask(at, path));
    for (const { status, body } of answers) {
      expect(status).toBe(404);
      expect(body).toBe('There is no such receipt, or it is no longer shown here.\n');
    }
  });

  it('has nothing anywhere else, and takes nothing', async () => {
    const { at, path } = await served();
    expect((await ask(at, '/')).status).toBe(404);
    expect((await ask(at, path, { method: 'POST' })).status).toBe(405);
    const { status, body } = await ask(at, path, { method: 'HEAD' });
    expect([status, body]).toEqual([200, '']);
  });

  it('lets nobody ask on and on; others may, and so may they after a while', async () => {
    const { at, path } = await served({ eachAddress: { burst: 3, everyMs: 1000 } });
    const statuses = async () => (await ask(at, path)).status;
    expect([await statuses(), await statuses(), await statuses(), await statuses()]).toEqual([
      200, 200, 200, 429,
    ]);
    nowMs += 1000;
    expect([await statuses(), await statuses()]).toEqual([200, 429]);
  });

  it('says "later" when the journal can\'t be read', async () => {
    const { at, path } = await served({ find: async () => fault('journal', 'the disk is gone') });
    const { status, body } = await ask(at, path);
    expect([status, body]).toEqual([503, 'Please try again in a minute.\n']);
  });

  it('gives no address that phones could not reach', async () => {
    const { origin: _, ...rest } = { origin: '', key: KEY, wallMs: () => nowMs };
    const opened = await openReceiptServer({
      ...rest,
      host: '127.0.0.1',
      port: 0,
      log: quiet,
      find: async () => undefined,
    });
    if (isFault(opened)) throw new Error(opened.detail);
    server = opened;
    expect(opened.addressOf(kinds.approved.id)).toBeUndefined();
  });

  it('says which port it is that it can not have', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const taken = (other.address() as { port: number }).port;
    const opened = await openReceiptServer({
      host: '127.0.0.1',
      port: taken,
      key: KEY,
      wallMs: () => nowMs,
      log: quiet,
      find: async () => undefined,
    });
    expect(opened).toMatchObject({
      fault: 'serviceDown',
      detail: expect.stringContaining(`${taken}`),
    });
    await new Promise((resolve) => other.close(resolve));
  });
});

describe('the key of the addresses', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'countertap-receipt-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once, for its owner alone', () => {
    const path = join(folder, 'receipts', 'key');
    const key = receiptKey(path);
    expect(key).toHaveLength(32);
    expect(receiptKey(path)).toEqual(key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is not taken from a damaged file', () => {
    const path = join(folder, 'key');
    writeFileSync(path, 'short');
    expect(receiptKey(path)).toMatchObject({ fault: 'keys' });
    expect(existsSync(path)).toBe(true);
  });
});
