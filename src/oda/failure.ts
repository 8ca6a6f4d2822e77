/**
 * Why offline data authentication did not succeed. `dataMissing`: the card has not sent an element.
 * `caKeyUnknown`: no key of ours for the card's RID and index. `wrong`: a certificate, signature,
 * hash or element isn't what it must be. `revoked`: the issuer's certificate is on the list.
 * `expired`: a certificate, or the certification authority's key, is past its date.
 */
export type OdaFailureReason = 'dataMissing' | 'caKeyUnknown' | 'wrong' | 'revoked' | 'expired';

/** Returned, never thrown. */
export interface OdaFailure {
  readonly odaFailure: OdaFailureReason;
  /** Tag of the data element that it was found at, such as 0x90. */
  readonly element: number;
  /** What is wrong, in a few words. No account data. */
  readonly problem: string;
}

export const odaFailure = (
  reason: OdaFailureReason,
  element: number,
  problem: string,
): OdaFailure => ({ odaFailure: reason, element, problem });

export const isOdaFailure = (value: unknown): value is OdaFailure =>
  typeof value === 'object' && value !== null && 'odaFailure' in value;
