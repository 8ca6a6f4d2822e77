import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { placesIn } from '#cli/places.ts';
import { clock } from '#cli/world.ts';
import { openPeople } from '#drivers/people/index.ts';
import { askWallets, type Order, type WalletRequest } from '#drivers/simulated/wallets/index.ts';
import { isFault } from '#ports/fault.ts';
import { consumerAccount, decodeConsumerCode } from '#qr/index.ts';
import type { SaleResult } from '#terminal/types.ts';
import { type PluggedDevice, plugDevice } from '#test/drivers/serial/plugged-device.ts';
import { quiet } from '#test/drivers/sqlite/support.ts';
import { launchBrowser } from '#test/support/browser.ts';
import { readQrOf } from '#test/support/qr-reader.ts';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';

// Contactless is off, and everybody pays all the same: three wallets, in a real browser.

const PICTURES = 'var/screenshots/beside-the-tap';
const PIN = '739164';

let scanner: PluggedDevice;
let terminal: RunningTerminal;
let browser: Browser;
let display: Page;

beforeAll(async () => {
  scanner = await plugDevice();
  terminal = await runTerminal({
    reader: 'in-process',
    config: {
      payment: { resultSeconds: 2, codeTimeoutSeconds: 20 },
      wallets: [
        { kind: 'simulated', wallet: 'alipay' },
        { kind: 'simulated', wallet: 'retailer' },
      ],
      devices: { scanners: [{ kind: 'serial', path: scanner.path }] },
    },
  });
  await switchContactlessOff();
  browser = await launchBrowser();
  display = await browser.newPage({ viewport: { width: 800, height: 480 } });
  await display.goto(terminal.displayUrl);
  await mkdir(PICTURES, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await terminal?.close();
  await scanner?.close();
});

const switchContactlessOff = async (): Promise<void> => {
  const { state } = terminal;
  const { wallMs, monotonicMs } = clock;
  const people = openPeople({ path: placesIn(state).people, log: quiet, wallMs, monotonicMs });
  await people.add('ann', 'manager', PIN);
  await people.close();
  const pinFile = join(state, 'pin');
  writeFileSync(pinFile, `${PIN}\n`, { mode: 0o600 });
  const why = ['--reason', 'commercial: fees', '--by', 'ann', '--pin-file', pinFile];
  expect(await terminal.countertap('nfc', 'off', ...why)).toMatchObject({ code: 0 });
};

const shows = (screen: string) =>
  display.waitForSelector(`[data-screen="${screen}"]`, { timeout: 20_000 });
const touch = (words: string) => display.getByRole('button', { name: words }).click();
const picture = async (name: string) => {
  await display.screenshot({ path: `${PICTURES}/${name}.png`, animations: 'disabled' });
};

const sale = async (...words: string[]): Promise<SaleResult> => {
  const { stdout } = await terminal.countertap('sale', ...words, '--json');
  return JSON.parse(stdout) as SaleResult;
};

/** What the phones do, and what their wallets have booked. */
const ask = async (request: WalletRequest) => {
  const answer = await askWallets(placesIn(terminal.state).walletsSocket, request);
  if (isFault(answer)) throw new Error(answer.detail);
  if (!answer.ok) throw new Error(answer.error);
  return answer;
};

/** Each order as it stands now. */
const ordersOf = async (wallet: string): Promise<Order[]> => {
  const { entries } = await ask({ op: 'ledger', wallet, last: 1_000 });
  const orders = (entries as readonly { order?: Order }[]).flatMap(({ order }) => order ?? []);
  return [...new Map(orders.map((order) => [order.orderId, order])).values()];
};

const orderOf = async (wallet: string, orderId: string) =>
  (await ordersOf(wallet)).filter((order) => order.orderId === orderId);

/** Money, once shown: to be found nowhere afterwards. */
const codes: string[] = [];

const shopperCode = async (wallet: string, shopper = 'quick'): Promise<string> => {
  const code = String((await ask({ op: 'code', wallet, shopper }))['code']);
  codes.push(code);
  return code;
};

/** The phone scans what is drawn, pixel by pixel. */
const scanDisplay = async (wallet: string, shopper: string): Promise<void> => {
  const content = await readQrOf(display, '.code path');
  codes.push(content);
  await ask({ op: 'scan', wallet, content, shopper });
};

describe('contactless is off, and a shopper pays by code', () => {
  it('the scanner is listed, what it is taken for, and why', async () => {
    const { stdout } = await terminal.countertap('devices', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      running: true,
      devices: expect.arrayContaining([
        expect.objectContaining({
          ...{ kind: 'scanner', place: scanner.path, health: { health: 'ready' } },
          because: expect.stringContaining('devices.scanners'),
        }),
      ]),
    });
  });

  it('with Alipay: our code is scanned off the display, and the password makes it so', async () => {
    const paying = sale('12.50');
    await shows('payByCode');
    await picture('1-choose');
    await touch('Alipay');
    await shows('scanCode');
    await picture('2-alipay-our-code');
    await scanDisplay('alipay', 'careful');
    // The phone asks for the password: not paid until it is there.
    expect((await ordersOf('alipay')).map(({ status }) => status)).toEqual(['awaiting']);
    await ask({ op: 'confirm', wallet: 'alipay' });
    await shows('approved');
    await picture('3-alipay-approved');
    const result = await paying;
    expect(result).toMatchObject({
      ...{ status: 'approved', amountMinor: 1250 },
      wallet: { name: 'alipay', payer: '188****0407' },
    });
    expect(await orderOf('alipay', result.transactionId)).toMatchObject([
      { status: 'paid', amountMinor: 1250, refunds: [] },
    ]);
  }, 60_000);

  it("with the shop's wallet: touched on the display, and its offer and points count", async () => {
    const paying = sale('20.00');
    await shows('payByCode');
    await touch('Shop Wallet');
    await shows('scanCode');
    await picture('4-shop-wallet-our-code');
    await scanDisplay('retailer', 'quick');
    await shows('approved');
    await picture('5-shop-wallet-approved');
    const result = await paying;
    // 5 % of 20.00, then whole hundreds of 340 points.
    expect(result).toMatchObject({ status: 'approved', discountMinor: 400 });
    expect(result.notes?.join()).toContain('300');
    expect(await orderOf('retailer', result.transactionId)).toMatchObject([
      { status: 'paid', payment: { paidMinor: 1600, pointsUsed: 300 } },
    ]);
  }, 60_000);

  it("with the shop's wallet: the shopper shows a code, and a real scanner reads it", async () => {
    const paying = sale('8.40');
    await shows('payByCode');
    await touch('Shop Wallet');
    await shows('scanCode');
    await touch('Show your code to the scanner');
    await shows('showYourCode');
    await picture('6-show-your-code');
    scanner.send(`]Q1${await shopperCode('retailer')}\r`);
    await shows('approved');
    const result = await paying;
    expect(result).toMatchObject({
      ...{ status: 'approved', amountMinor: 840 },
      wallet: { name: 'retailer', way: 'shopperCode' },
    });
    const paid = (await ordersOf('retailer')).filter(({ amountMinor }) => amountMinor === 840);
    expect(paid.map(({ status }) => status).toSorted()).toEqual(['closed', 'paid']);
  }, 60_000);

  it('with a card scheme’s code, whose cryptogram the issuer at the acquirer knows', async () => {
    const shown = await terminal.countertap('cards', 'code', 'visa-phone');
    const code = shown.stdout.trim();
    codes.push(code);
    const paying = sale('31.00');
    await shows('payByCode');
    scanner.send(`]Q1${code}\r`);
    await shows('approved');
    await picture('7-card-scheme-approved');
    expect(await paying).toMatchObject({
      ...{ status: 'approved', scheme: 'Visa', maskedPan: '476173******0043' },
      responseCode: '00',
    });
    const { stdout } = await terminal.countertap('acquirer', 'ledger');
    expect(JSON.parse(stdout).entries.at(-1)).toMatchObject({
      ...{ amountMinor: 3100, responseCode: '00', arqcVerified: true },
      cryptogramStandIn: 'our stand-in for consumer-presented codes',
    });
    // Once: the card's own counter is in it.
    expect(await sale('31.00', '--code', code)).toMatchObject({
      status: 'declined',
      responseCode: '63',
    });
  }, 60_000);

  it('the password never comes: the order is closed, and Alipay has proved it', async () => {
    const paying = sale('5.00', '--wallet', 'alipay');
    await shows('scanCode');
    await scanDisplay('alipay', 'careful');
    const result = await paying;
    expect(result).toMatchObject({
      status: 'timedOut',
      reason: expect.stringContaining('Alipay has closed it'),
    });
    expect(await orderOf('alipay', result.transactionId)).toMatchObject([
      { status: 'closed', cancelled: 'close' },
    ]);
    // Too late: the phone has nothing to confirm any more.
    const late = { op: 'confirm', wallet: 'alipay', order: result.transactionId } as const;
    await expect(ask(late)).rejects.toThrow('does not wait');
  }, 60_000);
});

describe('the terminal dies while an Alipay payment is under way', () => {
  it('and the shopper who paid is not asked again', async () => {
    const till = ['12.50', '--wallet', 'alipay', '--id', 'TILL-7'];
    const lost = sale(...till).catch(() => undefined);
    await shows('scanCode');
    await scanDisplay('alipay', 'careful');
    await ask({ op: 'confirm', wallet: 'alipay' });
    await terminal.restart('SIGKILL');
    await lost;
    await shows('contactlessOff');
    const before = await ordersOf('alipay');
    const again = await sale(...till);
    expect(again).toMatchObject({ status: 'approved', tillId: 'TILL-7', repeated: 'approved' });
    expect(await display.locator('.code').count()).toBe(0);
    expect(await ordersOf('alipay')).toEqual(before);
    expect(await orderOf('alipay', again.transactionId)).toMatchObject([
      { status: 'paid', amountMinor: 1250, refunds: [] },
    ]);
  }, 60_000);
});

describe('afterwards', () => {
  it('no code is in log, journal or ledger, nor the account number of one', async () => {
    expect(codes.length).toBeGreaterThan(4);
    const { ours, wallets } = await everythingIn(terminal.state);
    // Never as "contains": what is kept holds keys, and a test that fails prints nothing of them.
    expect([ours, wallets].map((one) => one.includes('TILL-7') || one.includes('"paid"'))).toEqual([
      true,
      true,
    ]);
    for (const code of codes) {
      // What a shop shows is no secret: the wallet whose code it is keeps it.
      const kept = code.includes(':') ? ours : ours + wallets;
      for (const secret of secretsOf(code)) expect(kept.includes(secret)).toBe(false);
    }
  });
});

/** Log, journal, acquirer's ledger and all else that is written; the wallets' own books apart. */
const everythingIn = async (state: string) => {
  const files = await readdir(state, { recursive: true, withFileTypes: true });
  let [ours, wallets] = ['', ''];
  for (const file of files.filter((one) => one.isFile())) {
    const text = await readFile(join(file.parentPath, file.name), 'latin1');
    if (file.parentPath.startsWith(placesIn(state).walletsState)) wallets += text;
    else ours += text;
  }
  return { ours, wallets };
};

/** The code itself; of a card scheme's also its bytes and whose account it is. */
const secretsOf = (code: string): readonly string[] => {
  const decoded = decodeConsumerCode(code);
  if (isMalformed(decoded)) return [code];
  const accounts = decoded.applications.flatMap((one) => consumerAccount(one) ?? []);
  const bytes = Buffer.from(code, 'base64');
  expect(accounts.map(({ pan }) => pan.length)).toEqual([16]);
  return [
    ...[code, bytes.toString('hex'), toHex(bytes), bytes.toString('latin1')],
    ...accounts.flatMap(({ pan, track2 = pan }) => [pan, track2, track2.replace('D', '=')]),
  ];
};
