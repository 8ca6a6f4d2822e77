import { tag } from '#data/dictionary.ts';
import { recoverSigned } from './certificate.ts';
import { isOdaFailure, type OdaFailure, odaFailure } from './failure.ts';
import type { IccKey } from './icc-key.ts';

export interface IccDynamicData {
  /** ICC Dynamic Number (9F4C), 2 to 8 bytes. */
  readonly iccDynamicNumber: Uint8Array;
  /** What the card signed beside it, in the method's order. */
  readonly rest: Uint8Array;
}

// Before the ICC dynamic data: header, format, hash algorithm, length. After it: hash and trailer.
const BEFORE = 4;
const AFTER = 21;

/**
 * ICC dynamic data out of Signed Dynamic Application Data (9F4B), Book 2 §6.5.2 and §6.6.2.
 * @param format 0x05, or 0x95 for Visa's dynamic signature with an online cryptogram
 * @param terminalDynamicData what the terminal adds to the hash's input, in order
 */
export const recoverDynamicData = (
  iccKey: IccKey,
  signature: Uint8Array | undefined,
  format: number,
  terminalDynamicData: readonly Uint8Array[],
): IccDynamicData | OdaFailure => {
  const at = tag.signedDynamicApplicationData;
  if (signature === undefined || signature.length === 0) {
    return odaFailure('dataMissing', at, 'the card has not sent it');
  }
  const recovered = recoverSigned(iccKey.rsa, at, signature, format, 2, terminalDynamicData);
  if (isOdaFailure(recovered)) return recovered;
  const length = recovered[BEFORE - 1] ?? 0;
  const numberLength = recovered[BEFORE] ?? 0;
  if (length > recovered.length - BEFORE - AFTER) {
    return odaFailure('wrong', at, `${length} bytes of ICC dynamic data don't fit`);
  }
  if (numberLength < 2 || numberLength > 8 || numberLength >= length) {
    return odaFailure('wrong', at, `${numberLength} bytes of ICC dynamic number`);
  }
  const rest = BEFORE + 1 + numberLength;
  return {
    iccDynamicNumber: recovered.slice(BEFORE + 1, rest),
    rest: recovered.slice(rest, BEFORE + length),
  };
};
