// table: one row a data object of merchant-presented codes, EMVCo QRCPS MPM 1.1 §3 and §4.
import type { Sensitivity } from '#data/dictionary.ts';

/** What a value may be made of; `Formats` says how each is checked. */
export type FormatName = keyof typeof FORMATS;

/** Mandatory, optional, or mandatory where another object of the same level has this value. */
export type Presence = 'M' | 'O' | { readonly when: string; readonly is: string };

/** One ID, or a range of IDs that are alike. Lengths are in characters. */
export interface MerchantRow {
  readonly from: string;
  readonly to: string;
  readonly title: string;
  readonly presence: Presence;
  readonly format: FormatName;
  readonly min: number;
  readonly max: number;
  readonly sensitivity: Sensitivity;
  /** A template: what stands inside. */
  readonly rows?: readonly MerchantRow[];
  /** A template of somebody else's: what can't be taken apart is kept as it is. */
  readonly foreign?: true;
}

/** `says` completes "is not …". */
export const FORMATS = {
  ans: { pattern: /^[ -~]*$/, says: 'of printable ASCII characters' },
  n: { pattern: /^[0-9]*$/, says: 'of digits' },
  version: { pattern: /^01$/, says: 'version 01' },
  country: { pattern: /^[A-Z]{2}$/, says: 'a country code of two capital letters' },
  language: { pattern: /^[A-Za-z]{2}$/, says: 'a language code of two letters' },
  // A single point, no separators; "12." is "12" (§4.7.4).
  amount: { pattern: /^[0-9]+(\.[0-9]*)?$/, says: 'an amount of digits and at most one point' },
  percentage: {
    pattern: /^(?!0*\.?0*$)([0-9]{1,2}(\.[0-9]{0,2})?|100(\.0{0,1})?)$/,
    says: 'a percentage of 00.01 to 100',
  },
  fee: { pattern: /^0[123]$/, says: '01, 02 or 03' },
  // Values of template 64 in the merchant's own language.
  unicode: { pattern: /^[^\p{Cc}\p{Cs}]*$/u, says: 'of printable characters' },
  crc: { pattern: /^[0-9A-F]{4}$/, says: 'four hexadecimal digits in capitals' },
} as const;

interface Extras {
  readonly to?: string;
  readonly sensitivity?: Sensitivity;
  readonly rows?: Readonly<Record<string, MerchantRow>>;
  readonly foreign?: true;
}

const row = (
  from: string,
  title: string,
  presence: Presence,
  format: FormatName,
  min: number,
  max: number,
  extras: Extras = {},
): MerchantRow => {
  const { to = from, sensitivity = 'open', rows, foreign } = extras;
  return {
    from,
    to,
    title,
    presence,
    format,
    min,
    max,
    sensitivity,
    ...(rows === undefined ? {} : { rows: Object.values(rows) }),
    ...(foreign === undefined ? {} : { foreign }),
  };
};

// biome-ignore format: a row stays on its line
/** Inside 26 to 51: whose account it is, and what that scheme wants to know. */
export const accountRows = {
  globallyUniqueIdentifier: row('00', 'Globally Unique Identifier', 'M', 'ans', 1, 32),
  networkSpecific: row('01', 'Payment Network Specific', 'O', 'ans', 1, 99, { to: '99', sensitivity: 'account' }),
};

// biome-ignore format: a row stays on its line
/** Inside 80 to 99, and 50 to 99 of 62. */
export const foreignRows = {
  globallyUniqueIdentifier: row('00', 'Globally Unique Identifier', 'O', 'ans', 1, 32),
  contextSpecific: row('01', 'Context Specific Data', 'O', 'ans', 1, 99, { to: '99' }),
};

// biome-ignore format: a row stays on its line
/** Inside 62. "***" in 01 to 08 asks the wallet to have it typed. 10 and 11 came with MPM 1.1. */
export const additionalRows = {
  billNumber: row('01', 'Bill Number', 'O', 'ans', 1, 25),
  mobileNumber: row('02', 'Mobile Number', 'O', 'ans', 1, 25, { sensitivity: 'personal' }),
  storeLabel: row('03', 'Store Label', 'O', 'ans', 1, 25),
  loyaltyNumber: row('04', 'Loyalty Number', 'O', 'ans', 1, 25, { sensitivity: 'personal' }),
  referenceLabel: row('05', 'Reference Label', 'O', 'ans', 1, 25),
  customerLabel: row('06', 'Customer Label', 'O', 'ans', 1, 25, { sensitivity: 'personal' }),
  terminalLabel: row('07', 'Terminal Label', 'O', 'ans', 1, 25),
  purposeOfTransaction: row('08', 'Purpose of Transaction', 'O', 'ans', 1, 25),
  additionalConsumerDataRequest: row('09', 'Additional Consumer Data Request', 'O', 'ans', 1, 3),
  merchantTaxId: row('10', 'Merchant Tax ID', 'O', 'ans', 1, 20),
  merchantChannel: row('11', 'Merchant Channel', 'O', 'ans', 3, 3),
  reserved: row('12', 'Reserved for Future Use', 'O', 'ans', 1, 99, { to: '49' }),
  paymentSystem: row('50', 'Payment System Specific Template', 'O', 'ans', 1, 99, { to: '99', rows: foreignRows, foreign: true }),
};

// biome-ignore format: a row stays on its line
/** Inside 64, in the language that 00 names. */
export const languageRows = {
  languagePreference: row('00', 'Language Preference', 'M', 'language', 2, 2),
  merchantName: row('01', 'Merchant Name, Alternate Language', 'M', 'unicode', 1, 25),
  merchantCity: row('02', 'Merchant City, Alternate Language', 'O', 'unicode', 1, 15),
  reserved: row('03', 'Reserved for Future Use', 'O', 'unicode', 1, 99, { to: '99' }),
};

// biome-ignore format: a row stays on its line
/** A whole code. Which scheme has which of 02 to 25: EMVCo's list. */
export const merchantRows = {
  payloadFormatIndicator: row('00', 'Payload Format Indicator', 'M', 'version', 2, 2),
  pointOfInitiation: row('01', 'Point of Initiation Method', 'O', 'n', 2, 2),
  visa: row('02', 'Merchant Account, Visa', 'O', 'ans', 1, 99, { to: '03', sensitivity: 'account' }),
  mastercard: row('04', 'Merchant Account, Mastercard', 'O', 'ans', 1, 99, { to: '05', sensitivity: 'account' }),
  accountReserved: row('06', 'Merchant Account, Reserved by EMVCo', 'O', 'ans', 1, 99, { to: '08', sensitivity: 'account' }),
  discover: row('09', 'Merchant Account, Discover', 'O', 'ans', 1, 99, { to: '10', sensitivity: 'account' }),
  amex: row('11', 'Merchant Account, American Express', 'O', 'ans', 1, 99, { to: '12', sensitivity: 'account' }),
  jcb: row('13', 'Merchant Account, JCB', 'O', 'ans', 1, 99, { to: '14', sensitivity: 'account' }),
  unionPay: row('15', 'Merchant Account, UnionPay', 'O', 'ans', 1, 99, { to: '16', sensitivity: 'account' }),
  accountOther: row('17', 'Merchant Account, Reserved by EMVCo', 'O', 'ans', 1, 99, { to: '25', sensitivity: 'account' }),
  accountTemplate: row('26', 'Merchant Account Information', 'O', 'ans', 1, 99, { to: '51', rows: accountRows }),
  merchantCategoryCode: row('52', 'Merchant Category Code', 'M', 'n', 4, 4),
  currency: row('53', 'Transaction Currency', 'M', 'n', 3, 3),
  amount: row('54', 'Transaction Amount', 'O', 'amount', 1, 13),
  tipOrFee: row('55', 'Tip or Convenience Indicator', 'O', 'fee', 2, 2),
  feeFixed: row('56', 'Value of Convenience Fee Fixed', { when: '55', is: '02' }, 'amount', 1, 13),
  feePercentage: row('57', 'Value of Convenience Fee Percentage', { when: '55', is: '03' }, 'percentage', 1, 5),
  country: row('58', 'Country Code', 'M', 'country', 2, 2),
  merchantName: row('59', 'Merchant Name', 'M', 'ans', 1, 25),
  merchantCity: row('60', 'Merchant City', 'M', 'ans', 1, 15),
  postalCode: row('61', 'Postal Code', 'O', 'ans', 1, 10),
  additionalData: row('62', 'Additional Data Field Template', 'O', 'ans', 1, 99, { rows: additionalRows }),
  crc: row('63', 'CRC', 'M', 'crc', 4, 4),
  language: row('64', 'Merchant Information, Language Template', 'O', 'ans', 1, 99, { rows: languageRows }),
  reserved: row('65', 'Reserved for Future Use', 'O', 'ans', 1, 99, { to: '79' }),
  unreserved: row('80', 'Unreserved Template', 'O', 'ans', 1, 99, { to: '99', rows: foreignRows, foreign: true }),
};

/** The level of a whole code. */
export const MERCHANT_LEVEL: readonly MerchantRow[] = Object.values(merchantRows);

/** IDs by name, of a table above: `idsOf(merchantRows).amount` is 54. */
export const idsOf = <Name extends string>(rows: Readonly<Record<Name, MerchantRow>>) =>
  Object.fromEntries(
    Object.entries<MerchantRow>(rows).map(([name, { from }]) => [name, from]),
  ) as Readonly<Record<Name, string>>;

/** The row of an ID; undefined for what is no ID. */
export const merchantRow = (rows: readonly MerchantRow[], id: string): MerchantRow | undefined =>
  rows.find(({ from, to }) => from <= id && id <= to);

/** What some values mean, by path. */
export const MERCHANT_MEANINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '01': { '11': 'static: may be paid again and again', '12': 'dynamic: for one payment' },
  '55': {
    '01': 'the payer is asked for a tip',
    '02': 'a fixed fee',
    '03': 'a fee as a percentage',
  },
};
