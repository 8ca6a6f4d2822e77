import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenedWallets, openWallets } from '#cli/opening/open-wallets.ts';
import { type Places, placesIn } from '#cli/places.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { WalletHost, WalletOrder } from '#ports/wallet-host.ts';

let places: Places;
let opened: OpenedWallets;
let restarts = 0;

const nothing = () => undefined;
const log: Log = {
  debug: nothing,
  info: nothing,
  warn: () => {
    restarts += 1;
  },
  error: nothing,
};

beforeAll(async () => {
  places = placesIn(await mkdtemp(join(tmpdir(), 'wallets-')));
  await mkdir(join(places.state, 'run'));
  const result = await openWallets({
    config: [
      { kind: 'simulated', wallet: 'alipay' },
      { kind: 'simulated', wallet: 'retailer' },
    ],
    folder: places.state,
    places,
    log,
    currency: 978,
  });
  if (isFault(result)) throw new Error(result.detail);
  opened = result;
});

afterAll(async () => {
  await opened.close();
  await rm(places.state, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const command = (...words: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const all = ['--state', places.state, 'wallets', ...words];
    execFile('scripts/countertap', all, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

const json = async (...words: string[]) => JSON.parse((await command(...words)).stdout);

const hostOf = (name: string): WalletHost => {
  const host = opened.hosts.find((one) => one.name === name);
  if (host === undefined) throw new Error(name);
  return host;
};

const order = (orderId: string): WalletOrder => ({
  orderId,
  amountMinor: 1_250,
  currency: 978,
  subject: 'Corner Shop',
  validForMs: 90_000,
});

const DEADLINE_MS = 10_000;

test('both wallets are there, as decisions name them', () => {
  expect(opened.hosts.map(({ name, title }) => [name, title])).toEqual([
    ['alipay', 'Alipay'],
    ['retailer', 'Shop Wallet'],
  ]);
});

test.each([
  ['alipay', /^28\d{16}\n$/],
  ['retailer', /^rw1\.[A-Za-z0-9_-]{23}\n$/],
])("`wallets code %s` is a shopper's code, and pays", async (wallet, form) => {
  const { stdout } = await command('code', wallet);
  expect(stdout).toMatch(form);
  const answer = await hostOf(wallet).pay(order('00000000A001'), stdout.trim(), DEADLINE_MS);
  expect(answer).toMatchObject({ status: 'paid' });
  expect(await json('ledger', wallet)).toMatchObject({
    entries: [{ order: { orderId: '00000000A001', status: 'paid' } }],
  });
});

test.each(['alipay', 'retailer'])(
  '`wallets scan` and `confirm` pay our code of %s',
  async (wallet) => {
    const host = hostOf(wallet);
    const shown = await host.present(order('00000000B001'), DEADLINE_MS);
    if (!('content' in shown)) throw new Error(JSON.stringify(shown));
    await json('scan', wallet, '--shopper', 'careful');
    expect(await host.query('00000000B001', DEADLINE_MS)).toMatchObject({ status: 'waiting' });
    expect(await json('confirm', wallet)).toMatchObject({ order: { status: 'paid' } });
    expect(await host.query('00000000B001', DEADLINE_MS)).toMatchObject({ status: 'paid' });
  },
);

test("digits to type are the retailer wallet's alone", async () => {
  expect((await command('code', 'retailer', '--digits')).stdout).toMatch(/^9\d{11}\n$/);
  expect(await command('code', 'alipay', '--digits')).toMatchObject({ code: 3, stdout: '' });
});

test('what is wrong is said, with exit code 3', async () => {
  expect(await command('code', 'cheque')).toMatchObject({
    code: 3,
    stderr: 'countertap: wallet is one of alipay,retailer\n',
  });
  expect(await command('confirm', 'alipay')).toMatchObject({
    code: 3,
    stderr: 'countertap: no order waits for its shopper\n',
  });
  const elsewhere = await new Promise<string>((resolve) => {
    const words = ['--state', join(places.state, 'nobody'), 'wallets', 'status'];
    execFile('scripts/countertap', words, (_, __, stderr) => resolve(stderr));
  });
  expect(elsewhere).toContain('no wallet host listens at');
});

test('a host that ends in the middle of a payment is back, and has it', async () => {
  const { stdout } = await command('code', 'alipay');
  await json('fault', 'alipay', 'restart', '--on', 'pay');
  const host = hostOf('alipay');
  const answer = await host.pay(order('00000000C001'), stdout.trim(), DEADLINE_MS);
  // alipay-sdk asks once more when its connection ends: by then the host may be back.
  if (isFault(answer)) expect(answer.fault).toBe('linkDown');
  await expect
    .poll(() => host.query('00000000C001', DEADLINE_MS), { timeout: 20_000, interval: 250 })
    .toMatchObject({ status: 'paid' });
  expect(restarts).toBe(1);
});

test('what it keeps is for this user only', async () => {
  for (const file of await readdir(places.walletsState)) {
    const { mode } = await stat(join(places.walletsState, file));
    expect(mode & 0o077).toBe(0);
  }
  expect((await stat(places.walletsSocket)).mode & 0o777).toBe(0o600);
});

test('nothing is started for a shop without wallets by code', async () => {
  const none = await openWallets({
    config: [],
    folder: places.state,
    places: { ...places, walletsSocket: join(places.state, 'run', 'none.sock') },
    log,
    currency: 978,
  });
  if (isFault(none)) throw new Error(none.detail);
  expect(none.hosts).toEqual([]);
  expect(await readdir(join(places.state, 'run'))).not.toContain('none.sock');
  await none.close();
});

test('a key that is none fails the start, and says which', async () => {
  const result = await openWallets({
    config: [
      {
        kind: 'alipay',
        appId: '2014072300007148',
        gateway: 'https://openapi.alipay.com/gateway.do',
        appPrivateKey: 'keys/app.pem',
        alipayPublicKey: 'keys/alipay.pem',
      },
    ],
    folder: places.state,
    places,
    log,
    currency: 978,
  });
  expect(result).toEqual({
    fault: 'keys',
    detail: `${join(places.state, 'keys/app.pem')} is no private RSA key in PEM that can be read`,
  });
});
