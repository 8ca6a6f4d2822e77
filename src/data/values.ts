// table: values with names: messages, statuses, methods, types and status words of the books.
import type { Meanings } from './layout.ts';

/** Book A §9.4, the kernels' Message Identifier. */
export const messageIdentifiers: Meanings = {
  3: 'Approved',
  6: 'Card error',
  7: 'Not authorised',
  9: 'Enter PIN',
  15: 'Processing error',
  16: 'Remove card',
  20: 'Welcome',
  21: 'Present card',
  22: 'Processing',
  23: 'Card read OK, remove card',
  24: 'Insert or swipe card',
  25: 'Present one card only',
  26: 'Approved, please sign',
  27: 'Authorising, please wait',
  28: 'Insert, swipe or try another card',
  29: 'Insert card',
  30: 'Clear display',
  32: 'See phone for instructions',
  33: 'Present card again',
  255: 'none',
};

export const uiStatuses: Meanings = {
  0: 'Not Ready',
  1: 'Idle',
  2: 'Ready to Read',
  3: 'Processing',
  4: 'Card Read Successfully',
  5: 'Processing Error',
  255: 'none',
};

export const outcomes: Meanings = {
  1: 'Approved',
  2: 'Declined',
  3: 'Online Request',
  4: 'End Application',
  5: 'Select Next',
  6: 'Try Another Interface',
  7: 'Try Again',
  15: 'none',
};

export const starts: Meanings = { 0: 'A', 1: 'B', 2: 'C', 3: 'D', 15: 'none' };

export const outcomeCvms: Meanings = {
  0: 'No CVM',
  1: 'Signature',
  2: 'Online PIN',
  3: 'Confirmation code verified',
  15: 'none',
};

export const alternateInterfaces: Meanings = {
  1: 'Contact chip',
  2: 'Magnetic stripe',
  15: 'none',
};

/** EMV Book 3 Annex C3, bits 6-1 of a CV rule's first byte. */
export const cvmCodes: Meanings = {
  0: 'Fail CVM processing',
  1: 'Plaintext PIN verified by the card',
  2: 'Enciphered PIN verified online',
  3: 'Plaintext PIN verified by the card, and signature',
  4: 'Enciphered PIN verified by the card',
  5: 'Enciphered PIN verified by the card, and signature',
  30: 'Signature',
  31: 'No CVM required',
  63: 'No CVM performed',
};

/** How contactless kernels read code 01: nobody enters a PIN for the card to verify. */
export const cvmCodesK2: Meanings = {
  ...cvmCodes,
  1: 'Confirmation code verified (on the device)',
};
export const cvmCodesK4: Meanings = { ...cvmCodes, 1: 'Mobile CVM' };

export const cvmConditions: Meanings = {
  0: 'always',
  1: 'if unattended cash',
  2: 'if not unattended cash, not manual cash, no cashback',
  3: 'if the terminal supports it',
  4: 'if manual cash',
  5: 'if purchase with cashback',
  6: 'if in the application currency and under X',
  7: 'if in the application currency and over X',
  8: 'if in the application currency and under Y',
  9: 'if in the application currency and over Y',
};

export const cvmOutcomes: Meanings = { 0: 'unknown', 1: 'failed', 2: 'successful' };

export const cryptogramTypes: Meanings = {
  0: 'AAC, declined offline',
  1: 'TC, approved offline',
  2: 'ARQC, wants to go online',
};

/** EMV Book 4 Annex A1. */
export const terminalTypes: Meanings = {
  17: "a bank's, attended, online only",
  18: "a bank's, attended, offline with online capability",
  19: "a bank's, attended, offline only",
  20: "a bank's, unattended, online only",
  21: "a bank's, unattended, offline with online capability",
  22: "a bank's, unattended, offline only",
  33: "a merchant's, attended, online only",
  34: "a merchant's, attended, offline with online capability",
  35: "a merchant's, attended, offline only",
  36: "a merchant's, unattended, online only",
  37: "a merchant's, unattended, offline with online capability",
  38: "a merchant's, unattended, offline only",
  52: "a cardholder's, unattended, online only",
  53: "a cardholder's, unattended, offline with online capability",
  54: "a cardholder's, unattended, offline only",
};

/** First two digits of ISO 8583's processing code, as BCD. */
export const transactionTypes: Meanings = {
  0: 'purchase',
  1: 'cash',
  9: 'purchase with cashback',
  23: 'cash disbursement',
  32: 'refund',
  48: 'balance inquiry',
};

/** First two digits of ISO 8583's DE 22. */
export const posEntryModes: Meanings = {
  0: 'unknown',
  1: 'manual',
  2: 'magnetic stripe',
  3: 'optical code',
  4: 'OCR',
  5: 'chip, CVV reliable',
  7: 'contactless chip',
  16: 'credential on file',
  128: 'fallback from chip to magnetic stripe',
  144: 'magnetic stripe, full track',
  145: 'contactless magnetic stripe',
  149: 'chip, CVV unreliable',
  153: 'same as the original transaction',
};

/** EMV Book 3 Annex G. [memory] */
export const accountTypes: Meanings = {
  0: 'default',
  16: 'savings',
  32: 'cheque or debit',
  48: 'credit',
};

/** EMV Book 4 Annex A6, and the issuer's own answers in the same element. */
export const authorisationResponseCodes: Readonly<Record<string, string>> = {
  '00': 'approved by the issuer',
  '01': 'the issuer asks for a referral',
  '02': 'the issuer asks for a referral',
  '05': 'declined by the issuer',
  '10': 'approved by the issuer',
  '11': 'approved by the issuer',
  Y1: 'approved offline',
  Z1: 'declined offline',
  Y3: 'unable to go online, approved offline',
  Z3: 'unable to go online, declined offline',
};

export const formFactorsK3: Meanings = {
  0: 'card',
  1: 'mini-card',
  2: 'non-card',
  3: "consumer's mobile phone",
  4: 'worn on the wrist',
};

export const deviceTypesK5: Meanings = {
  0: 'card',
  1: 'smart phone',
  2: 'key fob',
  3: 'watch',
  4: 'mobile tag',
  5: 'wristband',
  6: 'case or sleeve',
  7: 'glasses',
  8: 'tablet',
};

/** Third Party Data's device type, two characters. Others exist. [memory] */
export const deviceTypesK2: Readonly<Record<string, string>> = {
  '00': 'card',
  '01': "phone, the network operator's secure element",
  '02': 'key fob',
  '03': 'watch',
};

/** Cryptogram Version Number to what is known of it: cryptogram keys and data. */
export const visaCvns: Meanings = {
  10: 'CVN 10: card key, data and CVR',
  17: 'CVN 17: card key, amount, unpredictable number, ATC',
  18: 'CVN 18: session key, data and all of 9F10',
  34: 'CVN 22: session key, data and all of 9F10',
  67: 'cloud token, limited-use key',
};

export const mchipCvns: Meanings = {
  16: 'CVN 10: session key of ATC and unpredictable number, data and CVR',
  17: 'CVN 11: session key of ATC and unpredictable number, data, CVR, counters',
  20: 'CVN 14: session key of ATC, data and CVR',
  21: 'CVN 15: session key of ATC, data, CVR, counters',
};

/** ISO 7813: the service code's three digits. */
export const serviceCodeDigits: readonly Readonly<Record<string, string>>[] = [
  {
    '1': 'international, magnetic stripe',
    '2': 'international, chip',
    '5': 'national, magnetic stripe',
    '6': 'national, chip',
    '7': 'private',
    '9': 'test',
  },
  { '0': 'normal authorisation', '2': 'always online', '4': 'online unless agreed otherwise' },
  {
    '0': 'no restrictions, PIN required',
    '1': 'no restrictions',
    '2': 'goods and services only',
    '3': 'ATM only, PIN required',
    '4': 'cash only',
    '5': 'goods and services only, PIN required',
    '6': 'no restrictions, PIN if there is a PIN pad',
    '7': 'goods and services only, PIN if there is a PIN pad',
  },
];

/** Book 2 Annex B and Book E: in certificates, and kernel 8's suites. */
export const signatureAlgorithms: Meanings = {
  1: 'RSA, SHA-1',
  16: 'EC-SDSA, SHA-256, P-256',
  17: 'EC-SDSA, SHA-512, P-521',
  18: 'EC-SDSA, SHA3-256, P-256',
  19: 'EC-SDSA, SHA3-512, P-521',
  128: 'SM2, SM3',
};
export const hashAlgorithms: Meanings = {
  1: 'SHA-1',
  2: 'SHA-256',
  3: 'SHA-512',
  4: 'SHA3-256',
  5: 'SHA3-512',
  128: 'SM3',
};

/** ISO 7816-4 and EMV Book 3 §6.3.5. */
export const statusWords: Meanings = {
  36864: 'normal end',
  25219: 'selected file is invalidated (application blocked)',
  25221: 'selected file is in termination state',
  25344: 'authentication failed',
  25985: 'memory failure',
  26368: 'wrong length',
  27010: 'security status not satisfied',
  27011: 'authentication method blocked',
  27012: 'referenced data not usable',
  27013: 'conditions of use not satisfied',
  27014: 'command not allowed',
  27015: 'secure messaging data missing',
  27016: 'secure messaging data wrong',
  27264: 'wrong data in the command',
  27265: 'function not supported (card or application blocked)',
  27266: 'file or application not found',
  27267: 'record not found',
  27268: 'not enough memory',
  27270: 'wrong P1 or P2',
  27272: 'referenced data not found',
  27392: 'wrong P1 or P2',
  27904: 'instruction not supported',
  28160: 'class not supported',
  28416: 'no precise diagnosis',
};

/** What a kernel does with a status word of GET PROCESSING OPTIONS: C-2 S3, C-3 5.2.2. */
export const optionsStatusWords: Readonly<Record<string, Meanings>> = {
  K2: { 27012: 'Select Next', 27013: 'Select Next', 27014: 'Select Next' },
  K3: {
    27012: 'Try Another Interface, Insert or swipe card',
    27013: 'Select Next',
    27014: 'Try Again, See phone',
  },
  K6: {
    27012: 'Try Another Interface',
    27014: 'Try Again, See phone',
    27015: 'Try Again, See phone',
  },
  K7: { 27014: 'Try Again, See phone' },
};

/** C-2 Error Indication. */
export const errorsL1: Meanings = { 0: 'OK', 1: 'time out', 2: 'transmission', 3: 'protocol' };
export const errorsL2: Meanings = {
  0: 'OK',
  1: 'card data missing',
  2: 'CAM failed',
  3: 'status bytes',
  4: 'parsing error',
  5: 'maximum limit exceeded',
  6: 'card data error',
  7: 'mag-stripe not supported',
  8: 'no PPSE',
  9: 'PPSE fault',
  10: 'empty candidate list',
  11: 'IDS read error',
  12: 'IDS write error',
  13: 'IDS data error',
  14: 'IDS no matching AC',
  15: 'terminal data error',
  16: 'decryption failed',
  18: 'IAD MAC failed',
  19: 'EDA MAC failed',
};
export const errorsL3: Meanings = { 0: 'OK', 1: 'time out', 2: 'stop', 3: 'amount not present' };
