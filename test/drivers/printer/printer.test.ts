import { asyncScheduler, firstValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { openPrinter, type PrinterOptions } from '#drivers/printer/index.ts';
import type { Receipt, ReceiptPrinter } from '#ports/receipt-printer.ts';
import { COLUMNS, receiptText } from '#receipt/index.ts';
import { kinds, receiptOf } from '#test/receipt/samples.ts';
import { onPaper } from './escpos.ts';
import { type ScriptedPrinter, scriptedPrinter } from './scripted-printer.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let device: ScriptedPrinter;
let printer: ReceiptPrinter;

const open = (more: Partial<PrinterOptions> = {}): ReceiptPrinter =>
  openPrinter({
    line: device.line,
    because: 'named in the test',
    columns: COLUMNS.wide,
    answerWithinMs: 200,
    deadlineMs: 300,
    scheduler: asyncScheduler,
    log: quiet,
    ...more,
  });

beforeEach(() => {
  device = scriptedPrinter();
  printer = open();
});
afterEach(() => printer.close());

const health = async () => (await firstValueFrom(printer.devices$))[0]?.health;

const printed = (job = 0) => onPaper(device.jobs[job] ?? new Uint8Array());

const withoutBlankEnd = (lines: readonly string[]): string => lines.join('\n').trimEnd();

describe('on paper stands the receipt as it is shown as text', () => {
  test.each(Object.entries(kinds))('%s, in English, French and German', async (_, record) => {
    for (const language of ['en', 'fr', 'de']) {
      const receipt = receiptOf(record, { language, copy: 'merchant' });
      expect(await printer.print(receipt)).toBeUndefined();
      const { lines } = printed(device.jobs.length - 1);
      const shown = lines.map((line) => line.trimEnd());
      expect(withoutBlankEnd(shown)).toBe(receiptText(receipt, COLUMNS.wide));
    }
  });

  test('on narrow paper, too', async () => {
    await printer.close();
    device = scriptedPrinter();
    printer = open({ columns: COLUMNS.narrow });
    const receipt = receiptOf(kinds.wallet, { language: 'es' });
    expect(await printer.print(receipt)).toBeUndefined();
    const shown = printed().lines.map((line) => line.trimEnd());
    expect(withoutBlankEnd(shown)).toBe(receiptText(receipt, COLUMNS.narrow));
  });

  test('what counts in bold, a code as a code, and one cut', async () => {
    const code = { content: 'https://shop.example/r/abc', caption: 'Scan me' };
    await printer.print(receiptOf(kinds.approved, { code }));
    const { bold, codes, cuts, lines } = printed();
    expect(bold).toEqual([
      'Corner Shop',
      'PURCHASE',
      'Amount                           EUR 12.50',
      'APPROVED',
    ]);
    expect(codes).toEqual(['https://shop.example/r/abc']);
    expect(lines.map((line) => line.trim())).toContain('Scan me');
    expect(cuts).toBe(1);
  });
});

describe('letters that no code page has', () => {
  const arabic = receiptOf(kinds.approved, { language: 'ar' });

  test("are not sent: the shop's receipt in Latin letters is printed instead", async () => {
    const inLatin = receiptOf(kinds.approved, { language: 'de' });
    expect(await printer.print({ ...arabic, inLatin })).toBeUndefined();
    expect(withoutBlankEnd(printed().lines.map((line) => line.trimEnd()))).toBe(
      receiptText(inLatin, COLUMNS.wide),
    );
  });

  test('are refused where there is no other receipt', async () => {
    expect(await printer.print(arabic)).toMatchObject({
      fault: 'device',
      detail: expect.stringContaining('no letters for "ar"'),
    });
    expect(device.jobs).toEqual([]);
  });

  test('of others are written in those that it has', async () => {
    const shop = {
      merchant: 'Łódź – “Cœur” Кафе',
      merchantId: 'CORNERSHOP00001',
      terminalId: 'CTAP0001',
    };
    await printer.print(receiptOf(kinds.approved, { shop }));
    expect(printed().lines[0]?.trim()).toBe('Lódz - "Coeur" ????');
  });

  test('of all Latin languages are on the one code page', async () => {
    for (const language of ['de', 'en', 'es', 'fr', 'it', 'pt'])
      for (const record of Object.values(kinds)) {
        await printer.print(receiptOf(record, { language }));
        const { lines, pages } = printed(device.jobs.length - 1);
        expect(lines.join('')).not.toContain('?');
        expect(pages).toEqual([19]);
      }
  });
});

describe('paper', () => {
  const receipt = receiptOf(kinds.approved);

  it('that is low is told, and printed on', async () => {
    device.paper('low');
    expect(await health()).toEqual({ health: 'attention', detail: 'its paper is low' });
    expect(await printer.print(receipt)).toBeUndefined();
    expect(device.jobs).toHaveLength(1);
    device.paper('ok');
    expect(await health()).toEqual({ health: 'ready' });
  });

  it('that is out is told before anything is sent; a new roll is printed on', async () => {
    device.paper('out');
    expect(await health()).toEqual({ health: 'attention', detail: 'it has no paper' });
    const refused = { fault: 'device', detail: 'the printer at /dev/ttyS9: it has no paper' };
    expect(await printer.print(receipt)).toEqual(refused);
    expect(device.jobs).toEqual([]);
    device.paper('ok');
    expect(await printer.print(receipt)).toBeUndefined();
    expect(device.jobs).toHaveLength(1);
  });

  it('that ends in the middle of a receipt leaves it unprinted', async () => {
    device.midway = () => device.paper('out');
    expect(await printer.print(receipt)).toMatchObject({
      fault: 'device',
      detail: expect.stringContaining('no paper'),
    });
  });

  it('is not seen under an open cover, which is told instead', async () => {
    device.cover(true);
    expect(await printer.print(receipt)).toMatchObject({
      detail: 'the printer at /dev/ttyS9: its cover is open',
    });
  });
});

describe('a printer', () => {
  const receipt = receiptOf(kinds.approved);

  it('that is away says so, and prints again when it is back', async () => {
    device.unplug();
    const why = { fault: 'device', detail: '/dev/ttyS9 is unplugged' };
    expect(await health()).toEqual({ health: 'absent', why });
    expect(await printer.print(receipt)).toEqual(why);
    device.plugIn();
    expect(await health()).toEqual({ health: 'ready' });
    expect(await printer.print(receipt)).toBeUndefined();
  });

  it('that is unplugged in the middle of a receipt has not printed it', async () => {
    device.midway = device.unplug;
    expect(await printer.print(receipt)).toMatchObject({ fault: 'device' });
  });

  it('that is switched off behind its adapter is found out', async () => {
    device.silent = true;
    expect(await printer.print(receipt)).toMatchObject({
      fault: 'device',
      detail: expect.stringContaining('is it switched on?'),
    });
    expect(device.jobs).toEqual([]);
  });

  it('that never says when it has printed is asked whether anything is in its way', async () => {
    device.plain = true;
    expect(await printer.print(receipt)).toBeUndefined();
  });

  it('that can only be written to is written to', async () => {
    await printer.close();
    device = scriptedPrinter();
    device.silent = true;
    printer = open({ answers: false });
    expect(await printer.print(receipt)).toBeUndefined();
    expect(device.jobs).toHaveLength(1);
  });

  it('prints one receipt at a time, in the order they came', async () => {
    const all: Receipt[] = ['en', 'de', 'fr'].map((language) =>
      receiptOf(kinds.approved, { language }),
    );
    await Promise.all(all.map((one) => printer.print(one)));
    expect(device.atOnce).toBe(1);
    expect(device.jobs.map((_, job) => printed(job).bold[1])).toEqual([
      'PURCHASE',
      'ZAHLUNG',
      'PAIEMENT',
    ]);
  });

  it('that is closed takes nothing more', async () => {
    await printer.close();
    expect(await printer.print(receipt)).toMatchObject({ fault: 'aborted' });
  });
});
