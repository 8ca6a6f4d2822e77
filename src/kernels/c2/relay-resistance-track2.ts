import { hex, toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { type Reason, reason } from '../shared/outcome.ts';
import { isDecimal } from './card-formats.ts';
import { binaryOf, bytesOf, isNotEmpty, type Kernel2Run } from './run.ts';

/**
 * Puts what relay resistance found into the discretionary data of Track 2 Equivalent Data (57), for
 * an issuer that gets no signature. C-2 S910
 *
 * After PAN, D, expiry and service code: certification authority key index (one digit, 0 if over
 * 9), number of repeats (1), entropy bytes 3 and 4 (5); entropy byte 2 (3) unless the PAN has over
 * 16 digits; measured time in milliseconds (3, at most 999). Padded with F to whole bytes.
 * @returns why it can't, for a 57 of another form
 */
export const relayResistanceInTrack2 = (run: Kernel2Run): Reason | undefined => {
  if (!isNotEmpty(run, tag.track2EquivalentData)) return undefined;
  const text = toHex(bytesOf(run, tag.track2EquivalentData));
  const separator = text.indexOf('D');
  const kept = text.slice(0, separator + 1 + 7);
  // Decided: without its separator, expiry date and service code 57 is card data in a wrong format.
  if (separator < 1 || kept.length < separator + 8 || !isDecimal(kept.replace('D', ''))) {
    return reason('not track 2', tag.track2EquivalentData);
  }
  const index = binaryOf(run, tag.certificationAuthorityPublicKeyIndexCard);
  const entropy = bytesOf(run, tag.deviceRelayResistanceEntropy);
  const [, second = 0, third = 0, fourth = 0] = entropy;
  const measured = binaryOf(run, tag.measuredRelayResistanceProcessingTime);
  const digits = [
    digitsOf(index < 10 ? index : 0, 1),
    digitsOf(binaryOf(run, tag.rrpCounter), 1),
    digitsOf(third * 256 + fourth, 5),
    separator <= 16 ? digitsOf(second, 3) : '',
    digitsOf(Math.min(999, Math.floor(measured / 10)), 3),
  ].join('');
  const patched = kept + digits;
  run.data.set(tag.track2EquivalentData, hex(patched.length % 2 === 0 ? patched : `${patched}F`));
  return undefined;
};

const digitsOf = (value: number, length: number): string => value.toString().padStart(length, '0');
