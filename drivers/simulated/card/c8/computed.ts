import { tag } from '#data/dictionary.ts';

/** Elements of kernel 8 that a card works out for each transaction. */
export const COMPUTED_FOR_C8: readonly number[] = [
  tag.cardKeyData,
  tag.cardholderVerificationDecision,
  tag.enhancedDataAuthenticationMac,
  tag.restartIndicator,
];
