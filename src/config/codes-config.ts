import * as v from 'valibot';
import { wholeNumber } from './pieces.ts';

const WALLET = 'the name of a wallet such as "alipay": small letters, digits and hyphens';
const SYMBOLOGY = 'the beginning of an AIM identifier such as "Q" or "C0"';
const DIGITS = '1 to 8 leading digits';
const BEGINNING = '1 to 60 printable characters';

/** The longest text that a QR code can hold is shorter. */
const LONGEST = 7089;

const symbologies = (...shipped: string[]) =>
  v.optional(
    v.array(v.pipe(v.string(SYMBOLOGY), v.regex(/^[A-Za-z][0-9A-Za-z]?$/, SYMBOLOGY))),
    shipped,
  );

// Phones show them as QR codes, and as Code 128 (docs.alipayplus.com, pay.weixin.qq.com).
const PHONES = ['Q', 'C0', 'd', 'z'] as const;

const wallet = v.pipe(v.string(WALLET), v.regex(/^[a-z0-9-]{1,30}$/, WALLET));
const lengths = {
  least: wholeNumber(1, LONGEST, 'how many characters at least'),
  most: wholeNumber(1, LONGEST, 'how many characters at most'),
};
const digits = v.pipe(v.string(DIGITS), v.regex(/^[0-9]{1,8}$/, DIGITS));

const range = v.pipe(
  v.strictObject({ from: digits, to: digits }),
  v.check(({ from, to }) => from.length === to.length, '"from" and "to" of equally many digits'),
  v.check(({ from, to }) => from <= to, '"to" not before "from"'),
);

const FORM = '"form": "digits", "text" or "retailerToken"';

const walletRow = v.pipe(
  v.variant(
    'form',
    [
      v.strictObject({
        wallet,
        form: v.literal('digits'),
        ...lengths,
        /** Ranges of leading digits, both ends included. */
        begins: v.pipe(v.array(range, 'a list of ranges'), v.minLength(1, 'at least one range')),
        symbologies: symbologies(...PHONES),
      }),
      v.strictObject({
        wallet,
        form: v.literal('text'),
        ...lengths,
        begins: v.pipe(v.string(BEGINNING), v.regex(/^[!-~]{1,60}$/, BEGINNING)),
        symbologies: symbologies(...PHONES),
      }),
      /** The form is that of src/qr/retailer-token.ts. */
      v.strictObject({
        wallet,
        form: v.literal('retailerToken'),
        symbologies: symbologies(...PHONES),
      }),
    ],
    FORM,
  ),
  v.check((row) => !('least' in row) || row.least <= row.most, '"most" not below "least"'),
);

/** Lengths and beginnings: spec of each wallet's code, as their documentation has it. */
const SHIPPED: v.InferInput<typeof walletRow>[] = [
  { wallet: 'alipay', form: 'digits', least: 16, most: 24, begins: [{ from: '25', to: '30' }] },
  { wallet: 'wechat-pay', form: 'digits', least: 18, most: 18, begins: [{ from: '10', to: '15' }] },
  { wallet: 'retailer', form: 'retailerToken' },
];

/** By what scanned texts are told apart; see docs/codes.md. */
export const codes = v.strictObject({
  wallets: v.optional(v.array(walletRow, 'a list of wallets'), SHIPPED),
  /** EMVCo consumer-presented codes. */
  emvConsumer: v.optional(
    v.strictObject({
      accepted: v.optional(v.boolean('true or false'), true),
      symbologies: symbologies('Q', 'd', 'z'),
    }),
    {},
  ),
  /** What is no money: product barcodes. */
  products: v.optional(
    v.strictObject({
      forms: v.optional(
        v.array(v.picklist(['EAN-8', 'UPC-A', 'EAN-13', 'ITF-14'], 'a form such as "EAN-13"')),
        ['EAN-8', 'UPC-A', 'EAN-13', 'ITF-14'],
      ),
      symbologies: symbologies('E', 'I'),
    }),
    {},
  ),
});

export type CodesConfig = v.InferOutput<typeof codes>;
