import { describe, expect, test } from 'vitest';
import { COLUMNS, type ReceiptOptions, receiptText } from '#receipt/index.ts';
import { kinds, receiptOf, wordsIn } from './samples.ts';

const textOf = (
  kind: keyof typeof kinds,
  more: Partial<ReceiptOptions> = {},
  columns: number = COLUMNS.wide,
): string => `\n${receiptText(receiptOf(kinds[kind], more), columns)}\n`;

describe('the receipt in English', () => {
  test('of an approved purchase, for the shopper', () => {
    expect(textOf('approved')).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Merchant                   CORNERSHOP00001
      Terminal                          CTAP0001
      Date                   2026-11-22 18:00:09
      ------------------------------------------
                       PURCHASE
                    Customer copy

      Amount                           EUR 12.50

                       APPROVED
      ------------------------------------------
      Card                                  Visa
      Number                    ************0119
      Entry                          Contactless
      AID                         A0000000031010
      ARQC                      0123456789ABCDEF
      TVR                             0000000000
      Verified by                     Not needed
      Authorisation                       A1B2C3
      Response                                00
      Reference                     632618000042
      Transaction                   4f1c2a9b7d30
      Till                           till-7-0042
      ------------------------------------------
               Please keep this receipt
      "
    `);
  });
  test('of one that is to be signed, for the shop', () => {
    expect(textOf('signed', { copy: 'merchant' })).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Merchant                   CORNERSHOP00001
      Terminal                          CTAP0001
      Date                   2026-11-22 18:00:09
      ------------------------------------------
                       PURCHASE
                    Merchant copy

      Amount                           EUR 12.50

                       APPROVED
      ------------------------------------------
      Card                                  Visa
      Number                    476173******0119
      Entry                          Contactless
      AID                         A0000000031010
      ARQC                      0123456789ABCDEF
      TVR                             0000000000
      Verified by                      Signature
      Authorisation                       A1B2C3
      Response                                00
      Reference                     632618000042
      Transaction                   4f1c2a9b7d30
      Till                           till-7-0042



      Signature ................................
      ------------------------------------------
               Please keep this receipt
      "
    `);
  });
  test('of a declined one', () => {
    expect(textOf('declined')).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Merchant                   CORNERSHOP00001
      Terminal                          CTAP0001
      Date                   2026-11-22 18:00:09
      ------------------------------------------
                       PURCHASE
                    Customer copy

      Amount                           EUR 12.50

                       DECLINED
               Nothing has been charged
      ------------------------------------------
      Card                                  Visa
      Number                    ************0119
      Entry                          Contactless
      AID                         A0000000031010
      ARQC                      0123456789ABCDEF
      TVR                             0000000000
      Verified by                         Device
      Response                                51
      Reference                     632618000042
      Transaction                   4f1c2a9b7d30
      Till                           till-7-0042
      ------------------------------------------
               Please keep this receipt
      "
    `);
  });
  test('of a refund to the card of a payment', () => {
    expect(textOf('refund')).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Merchant                   CORNERSHOP00001
      Terminal                          CTAP0001
      Date                   2026-11-22 18:00:09
      ------------------------------------------
                        REFUND
                    Customer copy

      Amount                           EUR 12.50

                       APPROVED
      ------------------------------------------
      Card                                  Visa
      Number                    ************0119
      AID                         A0000000031010
      Response                                00
      Reference                     632618000043
      Transaction                   77aa01e4c955
      Original                      4f1c2a9b7d30
      Till                           till-7-0042
      ------------------------------------------
               Please keep this receipt
      "
    `);
  });
  test('of an amount held', () => {
    expect(textOf('preAuthorisation')).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Merchant                   CORNERSHOP00001
      Terminal                          CTAP0001
      Date                   2026-11-22 18:00:09
      ------------------------------------------
                  PRE-AUTHORISATION
                    Customer copy

      Amount                           EUR 12.50

                       APPROVED
         The amount is held. Nothing has been
                     charged yet.
      ------------------------------------------
      Card                                  Visa
      Number                    ************0119
      Entry                          Contactless
      AID                         A0000000031010
      ARQC                      0123456789ABCDEF
      TVR                             0000000000
      Verified by                     Not needed
      Authorisation                       A1B2C3
      Response                                00
      Reference                     632618000042
      Transaction                   4f1c2a9b7d30
      Till                           till-7-0042
      ------------------------------------------
               Please keep this receipt
      "
    `);
  });
  test('of an amount held that was collected', () => {
    expect(textOf('completion')).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Merchant                   CORNERSHOP00001
      Terminal                          CTAP0001
      Date                   2026-11-22 18:00:09
      ------------------------------------------
                      COMPLETION
                    Customer copy

      Amount                           EUR 11.00

                       APPROVED
      ------------------------------------------
      Card                                  Visa
      Number                    ************0119
      AID                         A0000000031010
      Authorisation                       A1B2C3
      Response                                00
      Reference                     632618000044
      Transaction                   0b5e66f1d2a8
      Original                      4f1c2a9b7d30
      Till                           till-7-0042
      ------------------------------------------
               Please keep this receipt
      "
    `);
  });
  test('of a void', () => {
    expect(textOf('void')).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Merchant                   CORNERSHOP00001
      Terminal                          CTAP0001
      Date                   2026-11-22 18:00:09
      ------------------------------------------
                         VOID
                    Customer copy

      Amount                           EUR 12.50

                        VOIDED
      ------------------------------------------
      Card                                  Visa
      Number                    ************0119
      Entry                          Contactless
      AID                         A0000000031010
      ARQC                      0123456789ABCDEF
      TVR                             0000000000
      Verified by                     Not needed
      Authorisation                       A1B2C3
      Response                                00
      Reference                     632618000042
      Transaction                   4f1c2a9b7d30
      Till                           till-7-0042
      ------------------------------------------
               Please keep this receipt
      "
    `);
  });
  test('of a payment that the card approved without the host', () => {
    expect(textOf('offline')).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Merchant                   CORNERSHOP00001
      Terminal                          CTAP0001
      Date                   2026-11-22 18:00:09
      ------------------------------------------
                       PURCHASE
                    Customer copy

      Amount                           EUR 12.50

                       APPROVED
       Approved without the bank, which is told
                        later
      ------------------------------------------
      Card                                  Visa
      Number                    ************0119
      Entry                          Contactless
      AID                         A0000000031010
      TC                        0123456789ABCDEF
      TVR                             0000000000
      Verified by                     Not needed
      Response                                Y1
      Reference                     632618000042
      Transaction                   4f1c2a9b7d30
      Till                           till-7-0042
      ------------------------------------------
               Please keep this receipt
      "
    `);
  });
  test('of a part, some of it given back since, printed once more', () => {
    expect(textOf('partial', { duplicate: true })).toMatchInlineSnapshot(`
      "
                     Corner Shop
      Merchant                   CORNERSHOP00001
      Terminal                          CTAP0001
      Date                   2026-11-22 18:00:09
      ------------------------------------------
                       PURCHASE
                    Customer copy
                      DUPLICATE

      Amount                           EUR 10.00
      Requested                        EUR 12.50
      Refunded since                    EUR 3.00

                       APPROVED
      ------------------------------------------
      Card                                  Visa
      Number                    ************0119
      Entry                          Contactless
      AID                         A0000000031010
      ARQC                      0123456789ABCDEF
      TVR                             0000000000
      Verified by                     Not needed
      Authorisation                       A1B2C3
      Response                                00
      Reference                     632618000042
      Transaction                   4f1c2a9b7d30
      Till                           till-7-0042
      ------------------------------------------
               Please keep this receipt
      "
    `);
  });
  test('of a wallet, on the narrowest paper', () => {
    const code = { content: 'http://192.0.2.7:8090/r/x', caption: 'Scan for your receipt' };
    expect(textOf('wallet', { code }, COLUMNS.narrow)).toMatchInlineSnapshot(`
      "
                Corner Shop
      Merchant         CORNERSHOP00001
      Terminal                CTAP0001
      Date         2026-11-22 18:00:09
      --------------------------------
                  PURCHASE
               Customer copy

      Amount                 EUR 12.50
      Discount               -EUR 1.50
      Paid                   EUR 11.00

                  APPROVED
      --------------------------------
      Wallet                    Alipay
      Entry                       Code
      Payer          l***n@example.com
      Wallet reference
          2026112222001499991234567890
             125 points earned
      Transaction         9c0d1e2f3a4b
      --------------------------------
          Please keep this receipt

      http://192.0.2.7:8090/r/x
           Scan for your receipt
      "
    `);
  });
});

describe('a receipt of more than goods', () => {
  const parts = { tipMinor: 200, cashBackMinor: 500, surchargeMinor: 25 };

  test('has each part above the amount, and what it was without them', () => {
    const receipt = receiptOf({ ...kinds.approved, ...parts });
    const lines = receiptText(receipt, COLUMNS.narrow).split('\n');
    const first = lines.findIndex((line) => line.startsWith('Goods'));
    expect(lines.slice(first, first + 5)).toEqual([
      'Goods                   EUR 5.25',
      'Tip                     EUR 2.00',
      'Cashback                EUR 5.00',
      'Surcharge               EUR 0.25',
      'Amount                 EUR 12.50',
    ]);
  });

  test.each(['ar', 'de', 'en', 'es', 'fr', 'it', 'ja', 'pt', 'zh'])(
    'in words of %s',
    (language) => {
      const receipt = receiptOf({ ...kinds.approved, ...parts }, { language });
      const { goods, tip, cashBack, surcharge } = wordsIn(language).labels;
      const labels = receipt.parts.flatMap((part) => (part.part === 'pair' ? [part.label] : []));
      expect(labels).toEqual(expect.arrayContaining([goods, tip, cashBack, surcharge]));
      expect(new Set([goods, tip, cashBack, surcharge]).size).toBe(4);
    },
  );
});
