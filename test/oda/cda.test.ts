import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { type CdaInput, isOdaFailure, verifyCda } from '#oda/index.ts';
import { cdaDynamicData, signDynamicData } from '#test/support/test-pki.ts';
import { bitsTurned, iccKeyOf, issuedCard, newKeys } from './issued-card.ts';

const KEYS = newKeys([176, 144, 128]);
const KEY = iccKeyOf(issuedCard(KEYS));
const UN = hex('A1B2C3D4');
const AC = hex('0102030405060708');
const NUMBER = hex('1122334455667788');
const PDOL = hex('22');
const CDOL1 = hex('000000001250 0840');
const ANSWER = [hex('9F270140'), hex('9F3602002A'), hex('9F10020102')];
const RELAY = [hex('A1B2C3D4'), hex('55667788'), hex('0008'), hex('0010'), hex('0006')];

const tap = (dynamicData: Uint8Array) => ({
  iccKey: KEY,
  signature: signDynamicData(KEYS.icc, 0x05, dynamicData, UN),
  unpredictableNumber: UN,
  cryptogramInformationData: 0x40,
  transactionData: [PDOL, CDOL1, ...ANSWER],
});

const HASHED = concat(PDOL, CDOL1, ...ANSWER);
const PLAIN = tap(cdaDynamicData(NUMBER, 0x40, AC, HASHED));
const RELAYED = {
  ...tap(cdaDynamicData(NUMBER, 0x40, AC, HASHED, ...RELAY)),
  relayResistance: RELAY,
};

const WRONG = ['wrong', '9f4b'];

const failureOf = (input: CdaInput) => {
  const result = verifyCda(input);
  return isOdaFailure(result) ? [result.odaFailure, result.element.toString(16)] : 'genuine';
};

describe('a card that signs its cryptogram and this exchange is genuine', () => {
  test('and gives the cryptogram and its dynamic number', () => {
    expect(verifyCda(PLAIN)).toEqual({ applicationCryptogram: AC, iccDynamicNumber: NUMBER });
  });

  test('with the times and entropies of relay resistance', () => {
    expect(failureOf(RELAYED)).toBe('genuine');
  });

  test('with a short dynamic number, and more than is looked at behind it', () => {
    const short = tap(cdaDynamicData(hex('0102'), 0x40, AC, HASHED));
    expect(verifyCda(short)).toEqual({ applicationCryptogram: AC, iccDynamicNumber: hex('0102') });
    expect(failureOf({ ...RELAYED, relayResistance: [] })).toBe('genuine');
  });
});

describe('a card is not genuine', () => {
  test('without a signature', () => {
    expect(failureOf({ ...PLAIN, signature: undefined })).toEqual(['dataMissing', '9f4b']);
  });

  test('if it signed another kind of cryptogram than it claims', () => {
    for (const cryptogramInformationData of [0x00, 0x80, 0xc0, 0x41]) {
      expect(failureOf({ ...PLAIN, cryptogramInformationData })).toEqual(WRONG);
    }
  });

  test('if a bit of the exchange is another than it signed', () => {
    PLAIN.transactionData.forEach((part, i) => {
      for (const turned of bitsTurned(part)) {
        const transactionData = PLAIN.transactionData.with(i, turned);
        expect(failureOf({ ...PLAIN, transactionData })).toEqual(WRONG);
      }
    });
  });

  test('if a part of the exchange is left out, added or moved', () => {
    const [first = hex(''), ...rest] = PLAIN.transactionData;
    for (const transactionData of [rest, [...rest, first], [first, ...rest, hex('00')], []]) {
      expect(failureOf({ ...PLAIN, transactionData })).toEqual(WRONG);
    }
  });

  test('if it signed another unpredictable number', () => {
    for (const unpredictableNumber of bitsTurned(UN)) {
      expect(failureOf({ ...PLAIN, unpredictableNumber })).toEqual(WRONG);
    }
  });

  test('if a bit of relay resistance is another than was exchanged', () => {
    RELAY.forEach((value, i) => {
      for (const turned of bitsTurned(value)) {
        const relayResistance = RELAY.with(i, turned);
        expect(failureOf({ ...RELAYED, relayResistance })).toEqual(WRONG);
      }
    });
  });

  test('if it signed nothing about relay resistance, or not all of it', () => {
    expect(failureOf({ ...PLAIN, relayResistance: RELAY })).toEqual(WRONG);
    const cut = concat(...RELAY).slice(0, 13);
    const partly = tap(cdaDynamicData(NUMBER, 0x40, AC, HASHED, cut));
    expect(failureOf({ ...partly, relayResistance: RELAY })).toEqual(WRONG);
  });

  test('if a bit of the signature is another', () => {
    for (const signature of bitsTurned(PLAIN.signature)) {
      expect(failureOf({ ...PLAIN, signature })).toEqual(WRONG);
    }
  });

  test('if what it signed is too short', () => {
    const whole = cdaDynamicData(NUMBER, 0x40, AC, HASHED);
    for (let length = 0; length < whole.length; length++) {
      expect(failureOf(tap(whole.slice(0, length)))).toEqual(WRONG);
    }
    expect(failureOf(tap(whole))).toBe('genuine');
  });

  test('whatever it sends for a signature; and nothing makes it throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 255 }), (signature) => {
        expect(failureOf({ ...PLAIN, signature })).not.toBe('genuine');
      }),
      { numRuns: 300 },
    );
  });
});
