import { tag } from '#data/dictionary.ts';
import { isOdaFailure, type OdaFailure, odaFailure } from './failure.ts';
import type { IccKey } from './icc-key.ts';
import { recoverDynamicData } from './signed-dynamic-data.ts';

export interface FddaInput {
  readonly iccKey: IccKey;
  /** 9F4B, undefined if the card has not sent it. */
  readonly signature: Uint8Array | undefined;
  /** 0x05 with an offline cryptogram; 0x95 with an online one, in special-purpose readers. */
  readonly format: 0x05 | 0x95;
  /** 9F37, 4 bytes. */
  readonly unpredictableNumber: Uint8Array;
  /** 9F02, 6 bytes, as the card was sent it. */
  readonly amountAuthorised: Uint8Array;
  /** 5F2A, 2 bytes, as the card was sent it. */
  readonly transactionCurrencyCode: Uint8Array;
  /** 9F69, undefined if the card has not sent it. */
  readonly cardAuthenticationRelatedData: Uint8Array | undefined;
}

export interface FddaResult {
  /** 9F4C */
  readonly iccDynamicNumber: Uint8Array;
}

// fDDA version number, the first byte of 9F69. Version 00 signs the unpredictable number only, and
// is no longer accepted. C-3 5.6
const VERSION = 0x01;

/**
 * Fast DDA of kernel 3 (and 7): the card's signature over the terminal's random number, amount and
 * currency and its own 9F69. C-3 5.6. That AIP byte 1 bit 6 is set is for the kernel to see.
 */
export const verifyFdda = (input: FddaInput): FddaResult | OdaFailure => {
  const related = input.cardAuthenticationRelatedData;
  const at = tag.cardAuthenticationRelatedDataK3;
  if (related === undefined || related.length === 0) {
    return odaFailure('dataMissing', at, 'the card has not sent it');
  }
  if (related.length < 5 || related.length > 16) {
    return odaFailure('wrong', at, `${related.length} bytes, not 5 to 16`);
  }
  if (related[0] !== VERSION) return odaFailure('wrong', at, `fDDA version ${related[0]}`);
  const dynamicData = recoverDynamicData(input.iccKey, input.signature, input.format, [
    input.unpredictableNumber,
    input.amountAuthorised,
    input.transactionCurrencyCode,
    related,
  ]);
  if (isOdaFailure(dynamicData)) return dynamicData;
  return { iccDynamicNumber: dynamicData.iccDynamicNumber };
};
