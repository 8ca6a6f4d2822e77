import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createBooks } from '#drivers/simulated/wallets/books.ts';
import { codeMakers } from '#drivers/simulated/wallets/codes.ts';
import { openLedger } from '#drivers/simulated/wallets/ledger.ts';
import { isRetailerToken, isTypedToken } from '#qr/index.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wallet-ledger-'));
  path = join(folder, 'retailer.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const START_MS = Date.UTC(2026, 2, 1);

const wanted = (orderId: string, amountMinor = 900) => ({
  orderId,
  amountMinor,
  currency: 978,
  subject: 'Corner Shop',
  expiresAtMs: START_MS + 60_000,
  codeUntilMs: START_MS + 60_000,
});

const open = async () => {
  const ledger = await openLedger(path);
  const books = createBooks({ wallet: 'retailer', ledger, wallMs: () => START_MS });
  return { ledger, books };
};

test('a line that was cut off is set aside, and what stands before it holds', async () => {
  const { ledger, books } = await open();
  const { code } = await books.issue('quick');
  expect(await books.pay(wanted('000000000001'), code)).toMatchObject({ status: 'paid' });
  await ledger.close();
  await appendFile(path, '{"at":"2026-03-01T00:00:00.000Z","event":"refu');
  const again = await open();
  expect(again.ledger.damagedLines).toBe(1);
  expect(await again.books.find('000000000001')).toMatchObject({ status: 'paid' });
  expect(await readFile(`${path}.damaged`, 'utf8')).toContain('refu');
  await again.ledger.close();
});

test('a host that ended between code and payment pays when it is asked again', async () => {
  const { ledger, books } = await open();
  const { code, digits } = await books.issue('quick');
  await books.pay(wanted('000000000001'), code);
  await ledger.close();
  // As if the last line, the payment's own, had never been written.
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  await rm(path);
  await appendFile(path, `${lines.slice(0, -1).join('\n')}\n`);
  const again = await open();
  const other = await again.books.pay(wanted('000000000002'), digits ?? '');
  expect(other).toMatchObject({ status: 'refused', refusal: { code: 'token-used' } });
  expect(await again.books.pay(wanted('000000000001'), code)).toMatchObject({ status: 'paid' });
  await again.ledger.close();
});

test('two who pay with one code at the same moment: one of them has', async () => {
  const { ledger, books } = await open();
  const { code } = await books.issue('quick');
  const both = await Promise.all([
    books.pay(wanted('000000000001'), code),
    books.pay(wanted('000000000002'), code),
  ]);
  expect(both.map((order) => 'status' in order && order.status).sort()).toEqual([
    'paid',
    'refused',
  ]);
  await ledger.close();
});

test('codes look as the wallets make them', () => {
  expect(codeMakers.alipay.shopper().code).toMatch(/^28\d{16}$/);
  const { code, digits = '' } = codeMakers.retailer.shopper();
  expect([isRetailerToken(code), isTypedToken(digits)]).toEqual([true, true]);
});
