import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import type { SaleResult } from '#terminal/types.ts';
import { startBareHops } from '#test/support/bare-hops.ts';
import { launchBrowser } from '#test/support/browser.ts';
import { type Pcscd, startPcscd } from '#test/support/pcscd.ts';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';
import { insertVpcdCard } from '#test/support/vpcd-card.ts';

const SCREENSHOTS = 'var/screenshots/first-tap';

let pcscd: Pcscd;
let terminal: RunningTerminal;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  pcscd = await startPcscd();
  terminal = await runTerminal({
    reader: 'pcsc',
    socketPath: pcscd.socketPath,
    config: { payment: { resultSeconds: 1 } },
  });
  browser = await launchBrowser();
  page = await browser.newPage({ viewport: { width: 800, height: 480 } });
  await page.goto(terminal.displayUrl);
  await mkdir(SCREENSHOTS, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await terminal?.close();
  await pcscd?.close();
});

// Some screens last for less than a picture takes: the page itself notes each one it draws.
const REMEMBER_SCREENS = `
  const place = document.querySelector('[data-screen]');
  window.screensSeen = [place.dataset.screen];
  new MutationObserver(() => {
    if (window.screensSeen.at(-1) !== place.dataset.screen) {
      window.screensSeen.push(place.dataset.screen);
    }
  }).observe(place, { attributes: true, attributeFilter: ['data-screen'] });
`;

const shows = (screen: string) =>
  page.waitForSelector(`[data-screen="${screen}"]`, { timeout: 10_000 });
const picture = (name: string) => page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
const tap = (card: string, ...more: string[]) =>
  terminal.countertap('tap', card, '--vpcd-port', String(pcscd.vpcdPort), ...more);
const sale = async (...words: string[]) => {
  const { code, stdout } = await terminal.countertap('sale', ...words, '--json');
  return { code, result: JSON.parse(stdout) as SaleResult };
};
const ownTimeOfOneTap = async () => {
  const paying = sale('1.00');
  await shows('presentCard');
  await tap('visa-phone');
  const { result } = await paying;
  return result.tap?.ownMs ?? Number.POSITIVE_INFINITY;
};
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const lastBooked = async () => {
  const { stdout } = await terminal.countertap('acquirer', 'ledger', '--last', '1');
  return (JSON.parse(stdout) as { entries: Record<string, unknown>[] }).entries[0];
};

describe('at the counter, through the real smart card service', () => {
  it('a phone pays: the shopper sees the amount, the reading, and Approved', async () => {
    await shows('welcome');
    await page.evaluate(REMEMBER_SCREENS);
    await picture('1-welcome');
    const paying = sale('12.50');
    await shows('presentCard');
    expect(await page.textContent('.amount')).toBe('$12.50');
    await picture('2-amount');
    const tapping = tap('visa-phone');
    await shows('approved');
    await picture('4-approved');
    expect(await page.textContent('h1')).toContain('Approved');
    const { code, result } = await paying;
    expect(code).toBe(0);
    expect(result).toMatchObject({ status: 'approved', scheme: 'Visa', responseCode: '00' });
    expect((await tapping).code).toBe(0);
    expect(await page.evaluate('window.screensSeen')).toEqual([
      'welcome',
      'presentCard',
      'reading',
      'removeCard',
      'authorising',
      'approved',
    ]);
    expect(await lastBooked()).toMatchObject({
      amountMinor: 1250,
      responseCode: '00',
      arqcVerified: true,
    });
    await shows('welcome');
  });

  for (const [card, scheme] of [
    ['visa-plastic', 'Visa'],
    ['mastercard-phone', 'Mastercard'],
    ['amex-plastic', 'American Express'],
    ['jcb-phone', 'JCB'],
    ['discover-plastic', 'Discover'],
    ['unionpay-wallet', 'UnionPay'],
    ['kernel-8-phone', undefined],
  ] as const) {
    it(`${card} pays, and the acquirer has verified its cryptogram`, async () => {
      const paying = sale('7.00');
      await shows('presentCard');
      await tap(card);
      const { code, result } = await paying;
      expect(code).toBe(0);
      expect(result.status).toBe('approved');
      expect(result.scheme).toBe(scheme);
      expect(await lastBooked()).toMatchObject({ amountMinor: 700, arqcVerified: true });
    });
  }

  it('an amount over the rule of the issuer is declined, and the shopper sees it', async () => {
    const paying = sale('150.00');
    await shows('presentCard');
    void tap('visa-phone');
    await shows('declined');
    await picture('5-declined');
    const { code, result } = await paying;
    expect(code).toBe(1);
    expect(result).toMatchObject({ status: 'declined', responseCode: '51' });
  });

  it('a card torn away in the middle is asked for again, and pays', async () => {
    const paying = sale('3.00');
    await shows('presentCard');
    await tap('mastercard-phone', '--tear-after', '5');
    await shows('tryAgain');
    await picture('6-try-again');
    await tap('mastercard-phone');
    expect((await paying).result).toMatchObject({ status: 'approved' });
  });

  it('a card that falls silent is given up after the deadline, and the next one pays', async () => {
    const paying = sale('4.00');
    await shows('presentCard');
    const silent = await insertVpcdCard(
      { atr: hex('3B80800101'), respond: () => 'mute' },
      pcscd.vpcdPort,
    );
    await shows('reading');
    await picture('3-reading');
    await silent.remove();
    await tap('visa-phone');
    expect((await paying).result).toMatchObject({ status: 'approved' });
  });

  it('spends at most 5 ms of its own on a tap, at the median', async () => {
    // A tap is five hand-overs to the reader process and back. 5 ms are twelve bare ones of
    // 0.42 ms; where those take longer, so may the tap. Other work on the machine adds to what we
    // measure, and never takes away: the best of five rounds is nearest.
    const hops = await startBareHops();
    let excess = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5 && excess > 0; round++) {
      const own: number[] = [];
      const bare: number[] = [];
      for (let i = 0; i < 5; i++) {
        own.push(await ownTimeOfOneTap());
        for (let hop = 0; hop < 3; hop++) bare.push(await hops.measure());
      }
      excess = Math.min(excess, median(own) - Math.max(5, 12 * median(bare)));
    }
    hops.close();
    expect(excess).toBeLessThanOrEqual(0);
  }, 120_000);

  it('leaves no account number in log or ledger', async () => {
    const written = await terminal.writings();
    expect(written).toContain('sale ended');
    expect(written).toContain('arqcVerified');
    // Digits in a row that pass for an account number of the test ranges.
    expect(written).not.toMatch(/(476173|541333|353011|651000|625094|999908)[0-9]{10}/);
    expect(written).not.toMatch(/374245[0-9]{9}/);
  });
});
