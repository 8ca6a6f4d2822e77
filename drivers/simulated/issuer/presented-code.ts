import { tag } from '#data/dictionary.ts';

/** For the ledger: how the cryptogram of a code was verified. */
export const CODE_STAND_IN = 'our stand-in for consumer-presented codes';

/**
 * What the cryptogram of a consumer-presented code covers. The phone makes it before anybody tells
 * it a sum, so what only a terminal knows counts as zeros, whatever DE 55 says of it. What a
 * scheme's own phones put there is in no open book: phone and issuer of this simulation agree on
 * this one.
 */
export const coveredByCode = (
  elements: ReadonlyMap<number, Uint8Array>,
): ReadonlyMap<number, Uint8Array> =>
  new Map([...elements, ...UNKNOWN_TO_THE_PHONE.map(([one, size]) => [one, zeros(size)] as const)]);

const zeros = (size: number): Uint8Array => new Uint8Array(size);

// Tag and length. The unpredictable number (9F37) is the phone's own, and stands in the code.
const UNKNOWN_TO_THE_PHONE: readonly (readonly [number, number])[] = [
  [tag.amountAuthorisedNumeric, 6],
  [tag.amountOtherNumeric, 6],
  [tag.terminalCountryCode, 2],
  [tag.terminalVerificationResults, 5],
  [tag.transactionCurrencyCode, 2],
  [tag.transactionDate, 3],
  [tag.transactionType, 1],
];
