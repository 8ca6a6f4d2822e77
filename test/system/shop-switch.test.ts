import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SaleResult } from '#terminal/types.ts';
import { goodCard } from '#test/ports/card-reader-suite.ts';
import { randomFrom } from '#test/simulation/random.ts';
import { launchBrowser } from '#test/support/browser.ts';
import { type PcscSpy, startPcscSpy } from '#test/support/pcsc-spy.ts';
import { type Pcscd, startPcscd } from '#test/support/pcscd.ts';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';
import { measureSwitch } from '#test/support/switch-measure.ts';
import { insertVpcdCard } from '#test/support/vpcd-card.ts';

const PICTURES = 'var/screenshots/shop-switch';
const PIN = '739164';

let pcscd: Pcscd;
let spy: PcscSpy;
let terminal: RunningTerminal;
let browser: Browser;
/** The shopper's display, and the manager's phone. */
let display: Page;
let phone: Page;

beforeAll(async () => {
  pcscd = await startPcscd();
  spy = await startPcscSpy(pcscd.socketPath);
  terminal = await runTerminal({
    reader: 'pcsc',
    socketPath: spy.socketPath,
    config: { payment: { resultSeconds: 1 }, terminal: { language: 'en' } },
  });
  browser = await launchBrowser();
  display = await browser.newPage({ viewport: { width: 800, height: 480 } });
  await display.goto(terminal.displayUrl);
  const stranger = await browser.newContext({
    // Its own certificate is one that nobody has signed.
    ignoreHTTPSErrors: true,
    viewport: { width: 390, height: 844 },
  });
  phone = await stranger.newPage();
  phone.setDefaultTimeout(20_000);
  await mkdir(PICTURES, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await terminal?.close();
  await spy?.close();
  await pcscd?.close();
});

const shows = (screen: string) =>
  display.waitForSelector(`[data-screen="${screen}"]`, { timeout: 15_000 });
const picture = async (name: string) => {
  await display.screenshot({ path: `${PICTURES}/${name}-display.png` });
  await phone.screenshot({ path: `${PICTURES}/${name}-console.png`, fullPage: true });
};
const sale = async (amount: string) => {
  const { code, stdout } = await terminal.countertap('sale', amount, '--json');
  return { code, result: JSON.parse(stdout) as SaleResult };
};

const choosePin = async (pin: string) => {
  await phone.locator('[name=pin]').fill(pin);
  await phone.locator('[name=again]').fill(pin);
  await phone.locator('button[type=submit]').click();
};

/** Puts a card on the reader for as long as the reader takes to see it, and counts what it got. */
const putOnAndOff = async (): Promise<number> => {
  const card = await insertVpcdCard(goodCard(), pcscd.vpcdPort);
  // pcscd looks every 400 ms.
  await new Promise((resolve) => setTimeout(resolve, 450));
  await card.remove();
  return card.commands();
};

describe('a manager with a phone, and a shopper at the counter', () => {
  it('the first start asks for a manager, and takes no easy PIN', async () => {
    await phone.goto(terminal.consoleUrl);
    await phone.locator('[name=name]').fill('Ann');
    await choosePin('123456');
    await phone.locator('[name=pin][aria-invalid=true]').waitFor();
    await choosePin(PIN);
    await phone.getByRole('heading', { name: 'Now' }).waitFor();
    await shows('welcome');
    await picture('1-on');
  }, 60_000);

  it('contactless is switched off on the phone, and the display changes', async () => {
    await phone.goto(`${terminal.consoleUrl}#/contactless`);
    await phone.getByRole('link', { name: /Contactless is ON/ }).click();
    await phone.getByLabel('Kind of reason').selectOption('commercial');
    await phone.getByLabel('In your words').fill('Fees; we take cards with a chip');
    await phone.getByRole('button', { name: 'Check and confirm' }).click();
    await phone.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await shows('contactlessOff');
    await phone.getByRole('link', { name: /Contactless is OFF/ }).waitFor();
    await picture('2-off');
    expect(await display.textContent('h1')).toContain('switched off');
  }, 60_000);

  it('a sale is refused by the shop, in words, and nothing is said to any card', async () => {
    spy.forget();
    const before = spy.messages();
    const refused = sale('12.50');
    const commands = await putOnAndOff();
    const { code, result } = await refused;
    await picture('3-refused');
    expect(code).toBe(1);
    expect(result).toMatchObject({
      status: 'declined',
      errorCondition: 'PaymentRestriction',
      restriction: { decision: 'D1' },
    });
    expect(commands).toBe(0);
    expect(spy.asked()).toEqual([]);
    expect(spy.messages()).toBeGreaterThan(before);
  }, 60_000);

  it('it is off before the first card after a crash, too', async () => {
    spy.forget();
    await terminal.restart('SIGKILL');
    expect(await putOnAndOff()).toBe(0);
    expect((await sale('3.00')).result.restriction).toMatchObject({ decision: 'D1' });
    expect(spy.touches()).toEqual([]);
    await shows('contactlessOff');
  }, 60_000);

  it('twenty cards are put on and taken off, with sales: no command, no connection', async () => {
    spy.forget();
    let commands = 0;
    for (let card = 0; card < 20; card++) {
      const paying = card % 5 === 0 ? sale('1.00') : undefined;
      commands += await putOnAndOff();
      expect((await paying)?.result.status ?? 'declined').toBe('declined');
    }
    expect(commands).toBe(0);
    expect(spy.touches()).toEqual([]);
  }, 60_000);

  it('and switched on again on the phone: the next shopper pays', async () => {
    await phone.goto(`${terminal.consoleUrl}#/contactless`);
    await phone.reload();
    await phone.locator('[name=name]').fill('ann');
    await phone.locator('[name=pin]').fill(PIN);
    await phone.getByRole('button', { name: 'Sign in' }).click();
    await phone.getByRole('link', { name: /Contactless is OFF/ }).click();
    await phone.getByLabel('Kind of reason').selectOption('commercial');
    await phone.getByLabel('In your words').fill('Settled');
    await phone.getByRole('button', { name: 'Check and confirm' }).click();
    await phone.getByRole('dialog').getByRole('button', { name: 'Switch on' }).click();
    await shows('welcome');
    const paying = sale('12.50');
    await shows('presentCard');
    await terminal.countertap('tap', 'visa-phone', '--vpcd-port', String(pcscd.vpcdPort));
    expect((await paying).result).toMatchObject({ status: 'approved', scheme: 'Visa' });
    await phone.goto(`${terminal.consoleUrl}#/now`);
    await phone.getByText('$12.50').first().waitFor();
    await picture('4-on-again');
  }, 60_000);
});

describe('from the decision to silence', () => {
  it('nothing is handed over after 200 ms, whether a card is awaited or read', async () => {
    const random = randomFrom('a slice');
    const trials = await measureSwitch(6, () => random.between(0, 1000) / 1000);
    expect(trials.map(({ during }) => during)).toContain('reading');
    for (const { lastHandedOverMs } of trials) expect(lastHandedOverMs).toBeLessThanOrEqual(200);
  }, 60_000);
});
