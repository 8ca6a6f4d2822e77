import { describe, expect, it, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import {
  COLUMNS,
  columnsOf,
  type ReceiptOptions,
  receiptMoney,
  receiptText,
} from '#receipt/index.ts';
import { kinds, purchase, receiptOf } from './samples.ts';

const textOf = (
  kind: keyof typeof kinds,
  more: Partial<ReceiptOptions> = {},
  columns: number = COLUMNS.wide,
): string => `\n${receiptText(receiptOf(kinds[kind], more), columns)}\n`;

describe('the receipt in other languages', () => {
  test('German', () => {
    expect(textOf('approved', { language: 'de' })).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Händler                    CORNERSHOP00001
      Terminal                          CTAP0001
      Datum                  2026-11-22 18:00:09
      ------------------------------------------
                       ZAHLUNG
                     Kundenbeleg

      Betrag                           12,50 EUR

                      GENEHMIGT
      ------------------------------------------
      Karte                                 Visa
      Nummer                    ************0119
      Erfassung                       Kontaktlos
      AID                         A0000000031010
      ARQC                      0123456789ABCDEF
      TVR                             0000000000
      Geprüft durch                  Nicht nötig
      Genehmigung                         A1B2C3
      Antwort                                 00
      Referenz                      632618000042
      Vorgang                       4f1c2a9b7d30
      Kasse                          till-7-0042
      ------------------------------------------
               Bitte Beleg aufbewahren
      "
    `);
  });
  test('Arabic, in the order in which it is read', () => {
    expect(textOf('approved', { language: 'ar' })).toMatchInlineSnapshot(`
      "
                     Corner Shop
      التاجر                     CORNERSHOP00001
      الجهاز                            CTAP0001
      التاريخ                2026-11-22 18:00:09
      ------------------------------------------
                         شراء
                     نسخة العميل

      المبلغ                           12.50 EUR

                     تمت الموافقة
      ------------------------------------------
      البطاقة                               Visa
      الرقم                     ************0119
      طريقة القراءة                   بدون تلامس
      AID                         A0000000031010
      ARQC                      0123456789ABCDEF
      TVR                             0000000000
      التحقق                           غير مطلوب
      رمز الموافقة                        A1B2C3
      الرد                                    00
      المرجع                        632618000042
      العملية                       4f1c2a9b7d30
      الصندوق                        till-7-0042
      ------------------------------------------
                يرجى الاحتفاظ بالإيصال
      "
    `);
  });
  test('Chinese and Japanese fit the narrowest paper, two columns a sign', () => {
    for (const language of ['zh', 'ja'])
      for (const kind of ['offline', 'wallet', 'signed'] as const)
        for (const line of textOf(kind, { language, copy: 'merchant' }, 32).split('\n'))
          expect(columnsOf(line)).toBeLessThanOrEqual(32);
  });
});

it("says a payment's state as it is now, not as it was told", () => {
  const outcomeIn = (record: Parameters<typeof receiptOf>[0]): readonly string[] =>
    receiptOf(record).parts.flatMap((one) => (one.part === 'line' && one.strong ? [one.text] : []));
  const transmitted = '1122170500';
  expect(outcomeIn({ ...purchase, state: 'asking' })).toEqual([
    'PURCHASE',
    'OUTCOME NOT KNOWN YET',
  ]);
  expect(outcomeIn({ ...purchase, state: 'refusedLater' })).toContain('REFUSED AFTERWARDS');
  const reversing = { ...purchase, state: 'reversing' as const };
  expect(outcomeIn({ ...reversing, reversal: { reason: 'voided', transmitted } })).toEqual([
    'VOID',
    'BEING VOIDED',
  ]);
  expect(outcomeIn({ ...reversing, reversal: { reason: 'noAnswer', transmitted } })).toEqual([
    'PURCHASE',
    'NOT COMPLETED, TAKEN BACK',
  ]);
});

it("takes from the tap what no message to the host has: the card's own name, an AAC", () => {
  const { request: _, ...declined } = kinds.declined;
  const tapped = new Map([
    [tag.applicationLabel, new TextEncoder().encode('VISA DEBIT')],
    [tag.cryptogramInformationData, Uint8Array.of(0)],
    [tag.applicationCryptogram, hex('FEDCBA9876543210')],
  ]);
  const text = receiptText(receiptOf(declined, { elements: (wanted) => tapped.get(wanted) }), 42);
  expect(text).toMatch(/Card +VISA DEBIT\n/);
  expect(text).toMatch(/AAC +FEDCBA9876543210\n/);
  expect(text).toMatch(/Entry +Contactless\n/);
});

it('writes amounts as the language does, in digits that every printer has', () => {
  expect(receiptMoney(123_450, 978, 'fr')).toBe('1 234,50 EUR');
  expect(receiptMoney(123_450, 978, 'ar')).toBe('1,234.50 EUR');
  expect(receiptMoney(1250, 392, 'ja')).toBe('JPY 1,250');
  expect(receiptMoney(1250, 48, 'en')).toBe('BHD 1.250');
  expect(receiptMoney(1250, 999, 'en')).toBe('1250 999');
});

it('cuts off nothing: what is too long for its line goes on in the next', () => {
  const tillId = 'T'.repeat(60);
  const text = receiptText(receiptOf({ ...purchase, tillId }), 32);
  expect(text.replaceAll(/\s/g, '')).toContain(tillId);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(32);
});
