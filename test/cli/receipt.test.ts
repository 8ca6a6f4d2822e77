import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asyncScheduler } from 'rxjs';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import { openControl } from '#drivers/control/index.ts';
import { openPrinter } from '#drivers/printer/index.ts';
import { openJournal } from '#drivers/sqlite/index.ts';
import { rowOf } from '#payment/index.ts';
import { fault } from '#ports/fault.ts';
import type { WholeTerminal } from '#terminal/desks.ts';
import { onPaper } from '#test/drivers/printer/escpos.ts';
import { scriptedPrinter } from '#test/drivers/printer/scripted-printer.ts';
import { quiet } from '#test/drivers/sqlite/support.ts';
import { got } from '#test/ports/journal-suite.ts';
import { kinds } from '#test/receipt/samples.ts';
import { controlService } from '../../src/cli/control-service.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { receiptMaker, receiptPrinting } from '../../src/cli/opening/receipt-maker.ts';
import { type Places, placesIn } from '../../src/cli/places.ts';
import { receipt } from '../../src/cli/receipt.ts';

const SHOP = { copy: 'customer', columns: '42', config: 'base' } as const;

let state = '';
let places: Places;
let out: string[] = [];
let err: string[] = [];
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-receipt-cli-'));
  places = placesIn(state);
  out = [];
  err = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(state, { recursive: true, force: true });
});

/** A journal with a payment and, an hour later, a refund of it. */
const filled = async () => {
  const wallMs = () => kinds.approved.startedMs;
  const journal = got(await openJournal({ path: places.journal, log: quiet, wallMs }));
  const { tillId: _, ...refund } = kinds.refund;
  for (const record of [kinds.approved, { ...refund, startedMs: refund.startedMs + 3_600_000 }]) {
    const entry = { payment: record.id, event: 'approved', atMs: record.startedMs, data: {} };
    const refused = await journal.append({ entries: [entry], rows: [rowOf(record)] });
    if (refused) throw new Error(refused.detail);
  }
  return journal;
};

describe('countertap receipt', () => {
  test("shows a payment's as text, by either id, while the terminal has the journal", async () => {
    const journal = await filled();
    expect(await receipt(places, kinds.approved.id, SHOP)).toBe(0);
    expect(await receipt(places, 'till-7-0042', SHOP)).toBe(0);
    expect(out[0]).toBe(out[1]);
    expect(out[0]).toMatch(/^ +Corner Shop\n/);
    expect(out[0]).toMatch(/ PURCHASE\n +Customer copy\n +DUPLICATE\n/);
    expect(out[0]).toMatch(/\nNumber +\*{12}0119\n/);
    await journal.close();
  });

  test("shows the latest, the shop's copy, in another language, on narrow paper", async () => {
    await (await filled()).close();
    const options = { ...SHOP, copy: 'merchant', language: 'de', columns: '32' } as const;
    expect(await receipt(places, 'last', options)).toBe(0);
    const [text = ''] = out;
    expect(text).toMatch(/ ERSTATTUNG\n +Händlerbeleg\n +ZWEITSCHRIFT\n/);
    expect(text).toContain('476173******0119');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(32);
  });

  test('writes a page into a new file, and over none that is there', async () => {
    await (await filled()).close();
    const html = join(state, 'receipt.html');
    expect(await receipt(places, 'last', { ...SHOP, language: 'ar', html })).toBe(0);
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>\n<html lang="ar" dir="rtl">/);
    expect(await receipt(places, 'last', { ...SHOP, html })).toBe(3);
    expect(err.join('')).toContain('is there already');
  });

  test('says when there is no such payment, no such language, no terminal to print', async () => {
    await (await filled()).close();
    expect(await receipt(places, 'nobody', SHOP)).toBe(1);
    expect(await receipt(places, 'last', { ...SHOP, language: 'xx' })).toBe(3);
    expect(await receipt(places, 'last', { ...SHOP, print: true })).toBe(3);
    expect(err).toEqual([
      'countertap: the journal has no payment "nobody"\n',
      expect.stringMatching(/receipts\/xx\.json: expected a file with the words of receipts/),
      expect.stringMatching(/^countertap: /),
    ]);
    expect(out).toEqual([]);
  });
});

test('--print asks the running terminal, which says what came of it', async () => {
  await (await filled()).close();
  const asked: unknown[] = [];
  const answers = [undefined, fault('device', 'it has no paper')];
  const service = controlService({
    terminal: {} as WholeTerminal,
    about: () => ({}),
    audit: async () => undefined,
    printReceipt: async (...wish) => {
      asked.push(wish);
      return answers.shift();
    },
  });
  const server = got(await openControl(places.controlSocket, service, quiet));
  const print = { ...SHOP, print: true, copy: 'merchant' } as const;
  expect(await receipt(places, 'till-7-0042', { ...print, language: 'de' })).toBe(0);
  expect(await receipt(places, kinds.approved.id, print)).toBe(3);
  expect(asked).toEqual([
    [kinds.approved.id, 'merchant', 'de'],
    [kinds.approved.id, 'merchant', undefined],
  ]);
  expect(out).toEqual(['printed\n']);
  expect(err).toEqual(['countertap: not printed: it has no paper\n']);
  await server.close();
});

describe("the running terminal's printer", () => {
  const configuration = loadConfiguration('base');
  if (isConfigProblem(configuration)) throw new Error('config/base');
  const make = receiptMaker(configuration);

  test('prints a receipt again that had no paper, and in the letters that it has', async () => {
    const journal = await filled();
    const device = scriptedPrinter();
    const printer = openPrinter({
      line: device.line,
      because: 'named in the test',
      columns: 42,
      scheduler: asyncScheduler,
      log: quiet,
    });
    const print = receiptPrinting(journal, make, printer);
    device.paper('out');
    const refused = await print(kinds.approved.id, 'merchant');
    expect(refused).toMatchObject({ fault: 'device', detail: expect.stringMatching(/no paper/) });
    device.paper('ok');
    expect(await print(kinds.approved.id, 'merchant')).toBeUndefined();
    expect(await print('till-7-0042', 'customer', 'ar')).toBeUndefined();
    const [first = '', second = ''] = device.jobs.map((job) => onPaper(job).lines.join('\n'));
    expect(first).toMatch(/Merchant copy\n +DUPLICATE/);
    expect(second).toMatch(/Customer copy\n +DUPLICATE/);
    expect(await print('nobody', 'customer')).toMatchObject({ fault: 'device' });
    await printer.close();
    await journal.close();
  });
});
