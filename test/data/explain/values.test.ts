import { describe, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { type Book, type ElementName, element } from '#data/dictionary.ts';
import {
  type ExplainOptions,
  type Explanation,
  explainTlvs,
  explainValue,
} from '#data/explain/index.ts';

describe('a value in words', () => {
  // Vectors marked * are emv-utils c29b155 emv-decode's reading of published cards.
  it.each<[string, ElementName, string, Book | undefined, string[]]>([
    [
      'what kernel 3 cards want of the terminal *',
      'cardTransactionQualifiers',
      '1600',
      'K3',
      [
        'B1 b5 Switch interface if offline data authentication fails and the reader has contacts',
        'B1 b3 Switch interface for cash',
        'B1 b2 Switch interface for cashback',
      ],
    ],
    [
      'a form factor *',
      'formFactorIndicator',
      '238C0000',
      'K3',
      [
        'B1 b8-6 Version: 1',
        "B1 b5-1 Form factor: consumer's mobile phone",
        'B2 b8 Capable of a passcode',
        'B2 b4 Two-way messaging',
        'B2 b3 Cloud-based payment credentials',
        'B4 b4-1 Technology: contactless, ISO 14443',
      ],
    ],
    [
      'a profile in kernel 2 *',
      'applicationInterchangeProfile',
      '1980',
      'K2',
      [
        'B1 b5 Cardholder verification supported',
        'B1 b4 Terminal risk management to be performed',
        'B1 b1 CDA supported',
        'B2 b8 EMV mode supported',
      ],
    ],
    [
      'verification results, with relay resistance performed',
      'terminalVerificationResults',
      '800000800A',
      'K2',
      [
        'B1 b8 Offline data authentication was not performed',
        'B4 b8 Transaction exceeds the floor limit',
        'B5 b4 Relay resistance threshold exceeded',
        'B5 b2-1 Relay resistance protocol: performed',
      ],
    ],
    [
      'an action code, by the bits of the results that it is compared with',
      'issuerActionCodeOnline',
      'FC40A49800',
      'K4',
      [
        'B1 b8 Offline data authentication was not performed',
        'B1 b7 SDA failed',
        'B1 b6 ICC data missing',
        'B1 b5 Card on the exception file',
        'B1 b4 DDA failed',
        'B1 b3 CDA failed',
        'B2 b7 Expired application',
        'B3 b8 Cardholder verification was not successful',
        'B3 b6 Mobile CVM try limit exceeded',
        'B3 b3 PIN entered to be verified online',
        'B4 b8 Transaction exceeds the floor limit',
        'B4 b5 Selected randomly for online processing',
        'B4 b4 Merchant forced the transaction online',
      ],
    ],
    [
      'where records lie *',
      'applicationFileLocator',
      '0802050010010302',
      undefined,
      ['SFI 1 records 2 to 5, not signed', 'SFI 2 records 1 to 3, the first 2 signed'],
    ],
    [
      'a CVM list',
      'cvmList',
      '0000138800000000420341031E061F00',
      'K2',
      [
        'X 5000 minor units of the application currency',
        'Y 0 minor units of the application currency',
        'rule 1 Enciphered PIN verified online, if the terminal supports it; or else the next rule',
        'rule 2 Confirmation code verified (on the device), if the terminal supports ' +
          'it; or else the next rule',
        'rule 3 Signature, if in the application currency and under X; or else it has failed',
        'rule 4 No CVM required, always; or else it has failed',
      ],
    ],
    [
      'a CVM list of one rule that fails *',
      'cvmList',
      '00000000000000000000',
      undefined,
      [
        'X 0 minor units of the application currency',
        'Y 0 minor units of the application currency',
        'rule 1 Fail CVM processing, always; or else it has failed',
      ],
    ],
    [
      'what a card wants to know *',
      'cdol2',
      '91108A0295059F3704',
      undefined,
      [
        '91 Issuer Authentication Data, 16 bytes',
        '8A Authorisation Response Code, 2 bytes',
        '95 Terminal Verification Results, 5 bytes',
        '9F37 Unpredictable Number, 4 bytes',
      ],
    ],
    [
      'a list of tags',
      'staticDataAuthenticationTagList',
      '82',
      undefined,
      ['82 Application Interchange Profile'],
    ],
    [
      'an outcome',
      'outcomeParameterSetK2',
      '3010F02020F0FF00',
      'K2',
      [
        'B1 b8-5 Status: Online Request',
        'B2 b8-5 Start: B',
        'B3 b8-5 Online response data: none',
        'B4 b8-5 CVM: Online PIN',
        'B5 b6 Data record present',
        'B6 b8-5 Alternate interface: none',
        'B7 Field off, in tenths of a second: none',
        'B8 Removal time-out, in tenths of a second: none',
      ],
    ],
    [
      'a message for the shopper',
      'userInterfaceRequestData',
      '2002000013656E000000000000',
      'K2',
      [
        'B1 Message: See phone for instructions',
        'B2 Status: Ready to Read',
        'B3-5 Hold time: 1.3 s',
        'B6-13 Language preference: en',
      ],
    ],
    [
      'an error',
      'errorIndicationK2',
      '00030069851C',
      'K2',
      [
        'B1 Level 1: OK',
        'B2 Level 2: status bytes',
        'B3 Level 3: OK',
        'B4-5 Status word: 6985',
        'B6 Message on error: Insert, swipe or try another card',
      ],
    ],
    [
      'what a wallet has to say',
      'posCardholderInteractionInformation',
      '000100',
      'K2',
      ['B1 Version: 00', 'B2 b1 On-device cardholder verification (CDCVM) required'],
    ],
    [
      'a phone message table',
      'phoneMessageTable',
      '0008000008002000' + '0000000000000700',
      'K2',
      [
        'row 1 DF4B & 000800 = 000800: See phone for instructions, Not Ready',
        'row 2 DF4B & 000000 = 000000: Not authorised, Not Ready',
      ],
    ],
    [
      'a bit that no book gives a meaning',
      'cardTransactionQualifiers',
      '0001',
      'K3',
      ['B2 b1 reserved for future use'],
    ],
  ])('%s', (_, name, value, book, lines) => {
    expect(linesOf(explain(name, value, { book }))).toEqual(lines);
  });

  it.each<[ElementName, string, string]>([
    [
      'dfName',
      '325041592E5359532E4444463031',
      '"2PAY.SYS.DDF01", the contactless directory (PPSE)',
    ],
    [
      'adfNameDirectoryAid',
      'A0000000041010',
      'Mastercard, kernel 2 unless the card asks otherwise',
    ],
    ['transactionCurrencyCode', '0392', 'JPY, 0 decimal places'],
    ['transactionDate', '261121', '2026-11-21'],
    ['languagePreference', '6672656E', 'fr, en'],
    ['authorisationResponseCode', '5A31', '"Z1", declined offline'],
    ['applicationTransactionCounter', '01A4', '420'],
    ['cvmResults', '1F0302', 'No CVM required: successful'],
    ['amountAuthorisedNumeric', '000000001250', '1250 minor units'],
    ['logEntry', '0B0A', 'log in SFI 11, 10 records'],
  ])('%s %s is %s', (name, value, meaning) => {
    expect(explain(name, value).meaning).toBe(meaning);
  });

  it('counts an amount in the currency that stands beside it', () => {
    const { objects } = explainTlvs(hex('9F0206000000001250 5F2A020978'));
    expect(objects[0]?.meaning).toBe('12.50 EUR');
    const yen = explainTlvs(hex('7713 9F0206000000001250 9F1A020392 5F2A020392'));
    expect(yen.objects[0]?.objects[0]?.meaning).toBe('1250 JPY');
  });
});

describe('issuer application data', () => {
  it('of Visa format 4 tells who verified the holder (emv-utils, 9F10-493)', () => {
    const found = explain(
      'issuerApplicationData',
      '1F4A6360A0000000001003027300000000400000000000000000000000000000',
      { book: 'K3' },
    );
    expect(found.meaning).toBe('Visa format 4, cryptogram version 4A');
    expect(linesOf(found)).toEqual(
      expect.arrayContaining([
        'B3 Derivation key index: 63',
        'B4 b8-5 CVM verified by: terminal',
        'B5 b8-7 Second GENERATE AC: not requested',
        'B5 b6-5 First GENERATE AC or GPO: ARQC',
      ]),
    );
  });

  it.each([
    ['06010A03A00000', 'Visa format 0, CVN 10: card key, data and CVR'],
    ['06011203A00000', 'Visa format 1, CVN 18: session key, data and all of 9F10'],
    [
      '0110A50003040000000000000000000000FF',
      'M/Chip, CVN 10: session key of ATC and unpredictable number, data and CVR',
    ],
    // jPOS 3ff2951e IssuerApplicationDataTest.testEMVFormatA
    [
      '0FA506A231C0020000000000000000000F110601010000000000000000000000',
      'Common Core Definitions, triple DES',
    ],
  ])('%s is %s', (value, meaning) => {
    expect(explain('issuerApplicationData', value).meaning).toBe(meaning);
  });

  it('of an unknown layout is left as it is', () => {
    expect(explain('issuerApplicationData', 'FFEE').remarks).toEqual([
      'a layout that is not known here',
    ]);
  });
});

const explain = (name: ElementName, value: string, options: ExplainOptions = {}): Explanation =>
  explainValue(element(name).tag, hex(value), options);

const linesOf = ({ details }: Explanation): string[] =>
  details.filter(({ set }) => set !== false).map(({ where, text }) => `${where} ${text}`);
