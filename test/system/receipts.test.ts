import { mkdir } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DisplayView } from '#ports/customer-display.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { onPaper } from '#test/drivers/printer/escpos.ts';
import { launchBrowser } from '#test/support/browser.ts';
import { freePort, type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';
import { type SerialPrinter, serialPrinter } from '#test/support/serial-printer.ts';

const PICTURES = 'var/screenshots/receipts';

let printer: SerialPrinter;
let terminal: RunningTerminal;
let browser: Browser;
let display: Page;

beforeAll(async () => {
  printer = await serialPrinter();
  const port = await freePort();
  terminal = await runTerminal({
    reader: 'in-process',
    config: {
      payment: { resultSeconds: 10 },
      devices: { printers: [{ kind: 'serial', path: printer.path, columns: 42 }] },
      receipts: {
        print: 'customer',
        page: { host: '127.0.0.1', port, origin: `http://127.0.0.1:${port}` },
      },
    },
  });
  browser = await launchBrowser();
  display = await browser.newPage({ viewport: { width: 800, height: 480 } });
  await display.goto(terminal.displayUrl);
  await mkdir(PICTURES, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await terminal?.close();
  await printer?.close();
});

const SOON = { timeout: 15_000 };

/** The slip that comes out as number `count`, as text. */
const slip = async (count: number): Promise<string> => {
  await expect.poll(() => printer.jobs.length, SOON).toBe(count);
  return onPaper(printer.jobs[count - 1] ?? new Uint8Array()).lines.join('\n');
};

const printersHealth = async (): Promise<string> => {
  const { stdout } = await terminal.countertap('devices', '--json');
  const { devices } = JSON.parse(stdout) as { devices: readonly AttachedDevice[] };
  const { health } = devices.find(({ place }) => place === printer.path) ?? {};
  return JSON.stringify(health);
};

/** What a display that comes now is shown first. */
const viewNow = async (): Promise<DisplayView> => {
  const { body } = await fetch(`${terminal.displayUrl}events`);
  if (body === null) throw new Error('no stream of views');
  let text = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    const data = /^data: ?(\{.*\})\n/m.exec(text)?.[1];
    if (data !== undefined) return (JSON.parse(data) as { view: DisplayView }).view;
  }
  throw new Error(`the stream ended: ${text}`);
};

describe('a counter with a receipt printer', () => {
  it("a shopper who has paid gets the customer's copy by itself", async () => {
    const { status, transactionId } = await terminal.pay('visa-phone');
    expect(status).toBe('approved');
    const text = await slip(1);
    expect(text).toMatch(/PURCHASE\n +Customer copy\n/);
    expect(text).toMatch(/Number +\*{12}\d{4}\n/);
    expect(text).toContain(transactionId);
    expect(text).not.toContain('DUPLICATE');
  });

  it('the display shows where a phone finds it, and a browser finds it there', async () => {
    const { transactionId } = await terminal.pay('visa-phone');
    await display.locator('[data-screen=approved] .receipt .code').waitFor();
    await display.screenshot({ path: `${PICTURES}/approved-en.png`, animations: 'disabled' });
    const { screen, receipt } = await viewNow();
    expect([screen, receipt?.words]).toEqual(['approved', 'Scan for your receipt']);
    const phone = await browser.newPage({ viewport: { width: 390, height: 844 } });
    const answer = await phone.goto(receipt?.content ?? 'about:blank');
    expect(answer?.status()).toBe(200);
    const page = await phone.innerText('body');
    expect(page).toContain(transactionId);
    expect(page).toContain('APPROVED');
    expect(page).toMatch(/Number\s+\*{12}\d{4}\s/);
    await phone.screenshot({ path: `${PICTURES}/on-a-phone.png`, fullPage: true });
    const other = `${receipt?.content.slice(0, -22)}${'A'.repeat(22)}`;
    expect((await phone.goto(other))?.status()).toBe(404);
    await phone.close();
    expect(await terminal.writings()).not.toContain(receipt?.content.slice(-22));
    await slip(2);
  });

  it('without paper the payment is approved all the same, and devices say why', async () => {
    printer.paper('out');
    await expect.poll(printersHealth, SOON).toContain('"attention","detail":"it has no paper"');
    const { status, transactionId } = await terminal.pay('visa-phone');
    expect(status).toBe('approved');
    await expect
      .poll(() => terminal.writings(), SOON)
      .toContain(`countertap receipt ${transactionId} --copy customer --print`);
    expect(printer.jobs).toHaveLength(2);
    const refused = await terminal.countertap('receipt', 'last', '--print');
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining('no paper')]);
  });

  it('with a new roll it is printed when somebody asks', async () => {
    printer.paper('ok');
    await expect.poll(printersHealth, SOON).toBe('{"health":"ready"}');
    const { code, stdout } = await terminal.countertap('receipt', 'last', '--print');
    expect([code, stdout]).toEqual([0, 'printed\n']);
    const { lastResult } = (await terminal.status()) as { lastResult?: { transactionId: string } };
    expect(await slip(3)).toContain(lastResult?.transactionId);
  });

  it('a declined card gets no paper, and no code', async () => {
    expect((await terminal.pay('visa-declines')).status).toBe('declined');
    expect(await viewNow()).not.toHaveProperty('receipt');
    await terminal.pay('visa-phone');
    expect(await slip(4)).toContain('APPROVED');
  });
});
