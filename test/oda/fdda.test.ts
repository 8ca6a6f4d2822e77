import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { type FddaInput, isOdaFailure, verifyFdda } from '#oda/index.ts';
import { type Meddling, signDynamicData } from '#test/support/test-pki.ts';
import { bitsTurned, iccKeyOf, issuedCard, newKeys } from './issued-card.ts';

const KEYS = newKeys([176, 144, 128]);
const KEY = iccKeyOf(issuedCard(KEYS));
const TERMINAL = {
  unpredictableNumber: hex('11223344'),
  amountAuthorised: hex('000000001250'),
  transactionCurrencyCode: hex('0840'),
};
const RELATED = hex('01 AABBCCDD 0000');
const ATC = hex('02 00AE');

const terminalDynamicData = (related: Uint8Array) =>
  concat(
    TERMINAL.unpredictableNumber,
    TERMINAL.amountAuthorised,
    TERMINAL.transactionCurrencyCode,
    related,
  );

const tap = (iccDynamicData = ATC, related = RELATED, signed = 0x05, meddling: Meddling = {}) => ({
  iccKey: KEY,
  signature: signDynamicData(
    KEYS.icc,
    signed,
    iccDynamicData,
    terminalDynamicData(related),
    meddling,
  ),
  format: 0x05 as const,
  ...TERMINAL,
  cardAuthenticationRelatedData: related,
});

const failureOf = (input: FddaInput) => {
  const result = verifyFdda(input);
  return isOdaFailure(result) ? [result.odaFailure, result.element.toString(16)] : 'genuine';
};

describe('a card that signs this tap is genuine', () => {
  test('and its dynamic number, the transaction counter, is known', () => {
    expect(verifyFdda(tap())).toEqual({ iccDynamicNumber: hex('00AE') });
  });

  test('with more behind the counter, and a longer 9F69', () => {
    const related = hex('01 AABBCCDD 0000 0102030405060708 09');
    expect(verifyFdda(tap(hex('02 00AE 0000'), related))).toEqual({
      iccDynamicNumber: hex('00AE'),
    });
    expect(verifyFdda(tap(hex('08 0011223344556677'), hex('01 AABBCCDD')))).toEqual({
      iccDynamicNumber: hex('0011223344556677'),
    });
  });

  test('with an online cryptogram it signs another format', () => {
    const online = tap(ATC, RELATED, 0x95);
    expect(failureOf({ ...online, format: 0x95 })).toBe('genuine');
    expect(failureOf(online)).toEqual(['wrong', '9f4b']);
    expect(failureOf({ ...tap(), format: 0x95 })).toEqual(['wrong', '9f4b']);
  });
});

describe('a card is not genuine', () => {
  test('without a signature, or without what it signed', () => {
    expect(failureOf({ ...tap(), signature: undefined })).toEqual(['dataMissing', '9f4b']);
    expect(failureOf({ ...tap(), signature: hex('') })).toEqual(['dataMissing', '9f4b']);
    const without = { ...tap(), cardAuthenticationRelatedData: undefined };
    expect(failureOf(without)).toEqual(['dataMissing', '9f69']);
    expect(failureOf({ ...without, cardAuthenticationRelatedData: hex('') })).toEqual([
      'dataMissing',
      '9f69',
    ]);
  });

  test.each(['00 AABBCCDD 0000', '02 AABBCCDD 0000', '01 AABBCC', `01${'00'.repeat(16)}`])(
    'with %s for 9F69, though it signed that',
    (related) => {
      expect(failureOf(tap(ATC, hex(related)))).toEqual(['wrong', '9f69']);
    },
  );

  test('if it signed another number, amount, currency or 9F69', () => {
    const genuine = tap();
    const fields = [
      'unpredictableNumber',
      'amountAuthorised',
      'transactionCurrencyCode',
      'cardAuthenticationRelatedData',
    ] as const;
    for (const field of fields) {
      for (const turned of bitsTurned(genuine[field])) {
        expect(failureOf({ ...genuine, [field]: turned })).not.toBe('genuine');
      }
    }
  });

  test('if a bit of the signature is another', () => {
    const genuine = tap();
    for (const signature of bitsTurned(genuine.signature)) {
      expect(failureOf({ ...genuine, signature })).toEqual(['wrong', '9f4b']);
    }
    for (let length = 1; length < genuine.signature.length; length++) {
      const signature = genuine.signature.slice(0, length);
      expect(failureOf({ ...genuine, signature })).toEqual(['wrong', '9f4b']);
    }
  });

  test.each(['', '02', '0200', '0111', '09001122334455667788', '00'])(
    'with "%s" for ICC dynamic data',
    (iccDynamicData) => {
      expect(failureOf(tap(hex(iccDynamicData)))).toEqual(['wrong', '9f4b']);
    },
  );

  test('with another form, though the hash is right', () => {
    const at = (offset: number, value: number): Meddling => ({
      beforeHash: (block) => {
        block[offset] = value;
      },
    });
    expect(failureOf(tap(ATC, RELATED, 0x05, at(2, 0x02)))).toEqual(['wrong', '9f4b']);
    expect(failureOf(tap(ATC, RELATED, 0x05, at(3, 128 - 25)))).toBe('genuine');
    expect(failureOf(tap(ATC, RELATED, 0x05, at(3, 128 - 24)))).toEqual(['wrong', '9f4b']);
  });

  test('with the signature of another card', () => {
    const other = iccKeyOf(issuedCard(newKeys([176, 144, 128])));
    expect(failureOf({ ...tap(), iccKey: other })).toEqual(['wrong', '9f4b']);
  });
});
