import { equal } from '#bytes/bytes.ts';
import { sha1 } from '#crypto/sha1.ts';
import { tag } from '#data/dictionary.ts';
import { isOdaFailure, type OdaFailure, odaFailure } from './failure.ts';
import type { IccKey } from './icc-key.ts';
import { recoverDynamicData } from './signed-dynamic-data.ts';

export interface CdaInput {
  readonly iccKey: IccKey;
  /** 9F4B, undefined if the card has not sent it. */
  readonly signature: Uint8Array | undefined;
  /** 9F37 as it last was, 4 bytes. */
  readonly unpredictableNumber: Uint8Array;
  /** 9F27 in clear, 1 byte. */
  readonly cryptogramInformationData: number;
  /**
   * What the card hashes, in order: PDOL values as sent, CDOL1 values, then tag, length and value
   * of each object in template 77 as received, but for 9F4B.
   */
  readonly transactionData: readonly Uint8Array[];
  /**
   * Kernel 2, after a relay resistance exchange: terminal entropy (4), device entropy (4), minimum
   * time (2), maximum time (2) and device estimate (2), as the kernel holds them. C-2 3.10
   */
  readonly relayResistance?: readonly Uint8Array[];
}

export interface CdaResult {
  /** 9F26, 8 bytes. */
  readonly applicationCryptogram: Uint8Array;
  /** 9F4C */
  readonly iccDynamicNumber: Uint8Array;
}

// ICC dynamic data after the dynamic number: CID 1, AC 8, Transaction Data Hash Code 20.
const AC_AT = 1;
const HASH_AT = 9;
const HASH_END = 29;

/** Combined DDA and application cryptogram generation, Book 2 §6.6.2; C-2 S910. */
export const verifyCda = (input: CdaInput): CdaResult | OdaFailure => {
  const wrong = (problem: string) => odaFailure('wrong', tag.signedDynamicApplicationData, problem);
  const { iccKey, signature, relayResistance = [] } = input;
  const dynamicData = recoverDynamicData(iccKey, signature, 0x05, [input.unpredictableNumber]);
  if (isOdaFailure(dynamicData)) return dynamicData;
  const { iccDynamicNumber, rest } = dynamicData;
  if (rest.length < HASH_END) return wrong('ICC dynamic data is too short for CDA');
  if (rest[0] !== input.cryptogramInformationData) {
    return wrong('the cryptogram information data in it is another than 9F27');
  }
  if (!equal(rest.subarray(HASH_AT, HASH_END), sha1(...input.transactionData))) {
    return wrong('the transaction data hash code does not match');
  }
  let at = HASH_END;
  for (const value of relayResistance) {
    if (!equal(rest.subarray(at, at + value.length), value)) {
      return wrong('the relay resistance data in it is another than was exchanged');
    }
    at += value.length;
  }
  return { applicationCryptogram: rest.slice(AC_AT, HASH_AT), iccDynamicNumber };
};
