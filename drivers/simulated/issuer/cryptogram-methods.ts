// table: one row a cryptogram version number
import { concat } from '#bytes/bytes.ts';
import type { ElementName } from '#data/dictionary.ts';
import type { Scheme } from './keys.ts';

/** The elements a cryptogram can cover, each checked to be there in its length. */
export interface CryptogramData {
  readonly amountAuthorisedNumeric: Uint8Array;
  readonly amountOtherNumeric: Uint8Array;
  readonly terminalCountryCode: Uint8Array;
  readonly terminalVerificationResults: Uint8Array;
  readonly transactionCurrencyCode: Uint8Array;
  readonly transactionDate: Uint8Array;
  readonly transactionType: Uint8Array;
  readonly unpredictableNumber: Uint8Array;
  readonly applicationInterchangeProfile: Uint8Array;
  readonly applicationTransactionCounter: Uint8Array;
  readonly issuerApplicationData: Uint8Array;
  readonly cvr: Uint8Array;
  readonly counters: Uint8Array;
}

/** How one cryptogram version number makes its application cryptogram and its answer. */
export interface CryptogramMethod {
  readonly scheme: Scheme;
  /** The byte in 9F10. */
  readonly cvn: number;
  readonly title: string;
  /**
   * The scheme's own method is in no open book: this one is ours, and its title says so. Card and
   * issuer of this simulation agree on it; no kernel knows it.
   */
  readonly standIn?: true;
  /** Elements that the card is not told: they count as zeros. */
  readonly without?: readonly ElementName[];
  /** `C`, `commonAes` and `cmac`: AES; all else Triple DES. */
  readonly masterKey: 'A' | 'B' | 'C';
  readonly sessionKey: 'none' | 'common' | 'mastercard' | 'pboc' | 'commonAes';
  readonly input: (data: CryptogramData) => Uint8Array;
  /** ISO 9797-1 padding method, or AES-CMAC, which pads by itself. */
  readonly padding: 1 | 2 | 'cmac';
  /** How the issuer answers (tag 91); `none` where the method defines no answer. */
  readonly arpc: 'none' | 'method1MasterKey' | 'method1SessionKey' | 'method2';
}

/** The method for a scheme's cryptogram version number; undefined when we don't know it. */
export const methodOf = (scheme: Scheme, cvn: number): CryptogramMethod | undefined =>
  methods.find((method) => method.scheme === scheme && method.cvn === cvn);

// The order is EMV Book 2 table 26, the same for every scheme that uses these elements.
const standard = (data: CryptogramData): Uint8Array =>
  concat(
    data.amountAuthorisedNumeric,
    data.amountOtherNumeric,
    data.terminalCountryCode,
    data.terminalVerificationResults,
    data.transactionCurrencyCode,
    data.transactionDate,
    data.transactionType,
    data.unpredictableNumber,
    data.applicationInterchangeProfile,
    data.applicationTransactionCounter,
  );
const withCvr = (data: CryptogramData) => concat(standard(data), data.cvr);
const withCounters = (data: CryptogramData) => concat(standard(data), data.cvr, data.counters);
const withIad = (data: CryptogramData) => concat(standard(data), data.issuerApplicationData);
// Kernel 8 decides on local authentication (TVR byte 1 bit 3) and on the holder's verification
// (byte 3 bits 8 and 3) after the card has made its cryptogram, and tells the issuer: neither side
// counts these bits.
const withIadOfKernel8 = (data: CryptogramData) =>
  withIad({
    ...data,
    terminalVerificationResults: data.terminalVerificationResults.map(
      (byte, i) => byte & ~(DECIDED_LATER[i] ?? 0),
    ),
  });
const DECIDED_LATER = [0x04, 0x00, 0x84, 0x00, 0x00];
// Visa CVN 17, the short set of quick taps: of the CVR, only the byte that tells the cryptogram's
// type. No public test vector exists for it.
const short = (data: CryptogramData) =>
  concat(
    data.amountAuthorisedNumeric,
    data.unpredictableNumber,
    data.applicationTransactionCounter,
    data.issuerApplicationData.subarray(4, 5),
  );

const standIn = {
  standIn: true,
  masterKey: 'A',
  padding: 2,
  arpc: 'method1SessionKey',
} as const;
const standInAes = { standIn: true, masterKey: 'C', padding: 'cmac', arpc: 'none' } as const;

// Kernel 8's schemes have published no cryptogram. Ours is a stand-in, after EMV's common core with
// AES: the standard data and the whole IAD, so the IAD-MAC too. No kernel depends on it.
// biome-ignore format: a table
const methods: readonly CryptogramMethod[] = [
  { scheme: 'visa', cvn: 0x0a, title: 'Visa CVN 10', masterKey: 'A', sessionKey: 'none', input: withCvr, padding: 1, arpc: 'method1MasterKey' },
  { scheme: 'visa', cvn: 0x11, title: 'Visa CVN 17', masterKey: 'A', sessionKey: 'none', input: short, padding: 1, arpc: 'none' },
  { scheme: 'visa', cvn: 0x12, title: 'Visa CVN 18', masterKey: 'B', sessionKey: 'common', input: withIad, padding: 2, arpc: 'method2' },
  { scheme: 'visa', cvn: 0x22, title: 'Visa CVN 22', masterKey: 'B', sessionKey: 'common', input: withIad, padding: 2, arpc: 'method2' },
  { scheme: 'mastercard', cvn: 0x10, title: 'M/Chip CVN 10', masterKey: 'A', sessionKey: 'mastercard', input: withCvr, padding: 2, arpc: 'method1MasterKey' },
  { scheme: 'mastercard', cvn: 0x11, title: 'M/Chip CVN 11', masterKey: 'A', sessionKey: 'mastercard', input: withCounters, padding: 2, arpc: 'method1MasterKey' },
  { scheme: 'mastercard', cvn: 0x14, title: 'M/Chip CVN 14', masterKey: 'A', sessionKey: 'common', input: withCvr, padding: 2, arpc: 'method1SessionKey' },
  { scheme: 'mastercard', cvn: 0x15, title: 'M/Chip CVN 15', masterKey: 'A', sessionKey: 'common', input: withCounters, padding: 2, arpc: 'method1SessionKey' },
  { ...standIn, scheme: 'unionpay', cvn: 0x01, title: 'our stand-in for UnionPay CVN 01', sessionKey: 'pboc', input: withCvr },
  { ...standIn, scheme: 'discover', cvn: 0x05, title: 'our stand-in for D-PAS CVN 5', sessionKey: 'common', input: withIad, without: ['terminalVerificationResults'] },
  { ...standInAes, scheme: 'countertap', cvn: 0xa6, title: 'our stand-in for kernel 8', sessionKey: 'commonAes', input: withIadOfKernel8 },
];
