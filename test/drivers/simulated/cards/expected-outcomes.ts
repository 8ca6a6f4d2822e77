import { EXPECTED_AMEX } from './expected-amex.ts';
import { EXPECTED_DISCOVER } from './expected-discover.ts';
import { EXPECTED_JCB } from './expected-jcb.ts';
import { EXPECTED_UNIONPAY } from './expected-unionpay.ts';

const ASKS_ISSUER = 'onlineRequest, noCvm, message 1B';
const ASKS_ISSUER_WITH_PIN = 'onlineRequest, onlinePin, message 1B';
const TRY_ANOTHER_CARD = 'endApplication, none, message 1C';
const INSERT = 'tryAnotherInterface, none, message 18';
const TRY_AGAIN = 'tryAgain, none';
const PRESENT_AGAIN = 'endApplication, none, message 21';

/** What a card comes to: outcome, cardholder verification, message, offline authentication. */
export type Expected = readonly [
  /** At the offline-capable terminal of these tests: $12.50, and $75.00 with its holder. */
  low: string,
  high: string,
  /** At the terminal as it ships, which asks the issuer about everything: $12.50. */
  online: string,
  /** Something that the outcome at the first must say. */
  why?: string,
];

/** A row a card, held against C-2, C-3, C-8 and Book B; other schemes' have tables of their own. */
export const EXPECTED: Readonly<Record<string, Expected>> = {
  ...EXPECTED_AMEX,
  ...EXPECTED_JCB,
  ...EXPECTED_DISCOVER,
  ...EXPECTED_UNIONPAY,
  interac: [INSERT, INSERT, INSERT],
  'kernel-8-copied-certificate': [
    'declined, noCvm, message 07',
    'declined, onlinePin, message 07',
    ASKS_ISSUER,
    'the certified key is not the one that the channel was made with',
  ],
  'kernel-8-declines': [
    'declined, noCvm, message 07',
    'declined, onlinePin, message 07',
    'declined, noCvm, message 07',
    'the card declined (AAC)',
  ],
  'kernel-8-mute': [PRESENT_AGAIN, PRESENT_AGAIN, PRESENT_AGAIN],
  'kernel-8-phone': [
    ASKS_ISSUER,
    'onlineRequest, confirmationCodeVerified, message 1B',
    ASKS_ISSUER,
  ],
  'kernel-8-phone-locked': [
    'approved, noCvm, message 03',
    'endApplication, none, message 20',
    ASKS_ISSUER,
  ],
  'kernel-8-phone-offline': [
    'approved, noCvm, message 03',
    'approved, confirmationCodeVerified, message 03',
    ASKS_ISSUER,
  ],
  'kernel-8-plastic': [ASKS_ISSUER, ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'kernel-8-plastic-offline': ['approved, noCvm, message 03', ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'kernel-8-relayed': [ASKS_ISSUER, ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'kernel-8-replayed-counter': [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD],
  'kernel-8-revoked-issuer': [
    'declined, noCvm, message 07',
    'declined, onlinePin, message 07',
    ASKS_ISSUER,
    'on the revocation list',
  ],
  'kernel-8-torn': [PRESENT_AGAIN, PRESENT_AGAIN, PRESENT_AGAIN],
  'kernel-8-unknown-authority': [
    'declined, noCvm, message 07',
    'declined, onlinePin, message 07',
    ASKS_ISSUER,
    'no key of the certification authority',
  ],
  'kernel-8-wrong-certificate': [
    'declined, noCvm, message 07',
    'declined, onlinePin, message 07',
    ASKS_ISSUER,
    "the hash of the card's data does not match",
  ],
  'kernel-8-wrong-mac': [
    TRY_ANOTHER_CARD,
    TRY_ANOTHER_CARD,
    TRY_ANOTHER_CARD,
    "the MAC is not the card's",
  ],
  'mastercard-declines': [
    'tryAnotherInterface, noCvm, message 1D',
    'tryAnotherInterface, onlinePin, message 1D',
    'declined, noCvm, message 07',
    'the card declined (AAC)',
  ],
  'mastercard-expired': [
    `${ASKS_ISSUER}, CDA succeeded`,
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'mastercard-mute': [PRESENT_AGAIN, PRESENT_AGAIN, PRESENT_AGAIN],
  'mastercard-near': [
    'approved, noCvm, message 03, CDA succeeded',
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'mastercard-not-here': [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD],
  'mastercard-phone': [
    ASKS_ISSUER,
    'onlineRequest, confirmationCodeVerified, message 1B',
    ASKS_ISSUER,
  ],
  'mastercard-phone-declines': [
    'declined, noCvm, message 07',
    'declined, confirmationCodeVerified, message 07',
    'declined, noCvm, message 07',
  ],
  'mastercard-phone-locked': [
    'approved, noCvm, message 03, CDA succeeded',
    'endApplication, confirmationCodeVerified, message 20',
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'mastercard-phone-offline': [
    'approved, noCvm, message 03, CDA succeeded',
    'approved, confirmationCodeVerified, message 03, CDA succeeded',
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'mastercard-pin': [
    `${ASKS_ISSUER}, CDA succeeded`,
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'mastercard-plastic': [
    `${ASKS_ISSUER}, CDA succeeded`,
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'mastercard-plastic-offline': [
    'approved, noCvm, message 03, CDA succeeded',
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'mastercard-relayed': [
    'tryAnotherInterface, noCvm, message 1D',
    'tryAnotherInterface, onlinePin, message 1D',
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'mastercard-relayed-answer': [
    'endApplication, noCvm, message 1C, CDA failed',
    'endApplication, onlinePin, message 1C, CDA failed',
    `${ASKS_ISSUER}, CDA succeeded`,
    'the relay resistance data in it is another than was exchanged',
  ],
  'mastercard-revoked-issuer': [
    'endApplication, noCvm, message 1C, CDA failed',
    'endApplication, onlinePin, message 1C, CDA failed',
    `${ASKS_ISSUER}, CDA succeeded`,
    'on the revocation list',
  ],
  'mastercard-signature': [
    'approved, noCvm, message 03, CDA succeeded',
    'approved, obtainSignature, message 1A, CDA succeeded',
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'mastercard-torn': [
    'endApplication, noCvm, message 21',
    'endApplication, onlinePin, message 21',
    'endApplication, noCvm, message 21',
  ],
  'mastercard-unknown-authority': [
    'onlineRequest, noCvm, message 1B, CDA failed',
    'onlineRequest, onlinePin, message 1B, CDA failed',
    `${ASKS_ISSUER}, CDA failed`,
    'no key of the certification authority',
  ],
  'mastercard-wrong-certificate': [
    'endApplication, noCvm, message 1C, CDA failed',
    'endApplication, onlinePin, message 1C, CDA failed',
    'endApplication, noCvm, message 1C, CDA failed',
    '9F46: the hash does not match',
  ],
  'mastercard-wrong-signature': [
    'endApplication, noCvm, message 1C, CDA failed',
    'endApplication, onlinePin, message 1C, CDA failed',
    'endApplication, noCvm, message 1C, CDA failed',
    '9F4B: the hash does not match',
  ],
  transit: [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD],
  'visa-blocked-mastercard': [
    'approved, noCvm, message 03, CDA succeeded',
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'visa-declines': [
    'declined, noCvm, message 07',
    'declined, noCvm, message 07',
    'declined, noCvm, message 07',
  ],
  'visa-expired': ['declined, noCvm, message 07', 'declined, noCvm, message 07', ASKS_ISSUER],
  'visa-mastercard': [
    'approved, noCvm, message 03, CDA succeeded',
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'visa-mute': [TRY_AGAIN, TRY_AGAIN, TRY_AGAIN],
  'visa-no-directory': [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD],
  'visa-not-here': [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD],
  'visa-passes-on': [
    'approved, noCvm, message 03, CDA succeeded',
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    `${ASKS_ISSUER}, CDA succeeded`,
  ],
  'visa-phone': [
    'onlineRequest, confirmationCodeVerified, message 1B',
    'onlineRequest, confirmationCodeVerified, message 1B',
    'onlineRequest, confirmationCodeVerified, message 1B',
  ],
  'visa-phone-locked': [ASKS_ISSUER, TRY_AGAIN, ASKS_ISSUER],
  'visa-phone-offline': [
    'approved, confirmationCodeVerified, message 03, fDDA succeeded',
    'approved, confirmationCodeVerified, message 03, fDDA succeeded',
    'onlineRequest, confirmationCodeVerified, message 1B',
  ],
  'visa-phone-see-phone': [ASKS_ISSUER, TRY_AGAIN, ASKS_ISSUER],
  'visa-pin': [
    `${ASKS_ISSUER_WITH_PIN}, fDDA succeeded`,
    `${ASKS_ISSUER_WITH_PIN}, fDDA succeeded`,
    ASKS_ISSUER,
  ],
  'visa-plastic': [ASKS_ISSUER, ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'visa-plastic-offline': [
    'approved, noCvm, message 03, fDDA succeeded',
    `${ASKS_ISSUER_WITH_PIN}, fDDA succeeded`,
    ASKS_ISSUER,
  ],
  'visa-revoked-issuer': [
    'declined, noCvm, message 07, fDDA failed',
    'declined, noCvm, message 07, fDDA failed',
    ASKS_ISSUER,
    'on the revocation list',
  ],
  'visa-signature': [
    'approved, noCvm, message 03, fDDA succeeded',
    'approved, obtainSignature, message 03, fDDA succeeded',
    ASKS_ISSUER,
  ],
  'visa-torn': [TRY_AGAIN, TRY_AGAIN, TRY_AGAIN],
  'visa-unknown-authority': [
    'onlineRequest, noCvm, message 1B, fDDA failed',
    'onlineRequest, onlinePin, message 1B, fDDA failed',
    ASKS_ISSUER,
    'no such key here',
  ],
  'visa-use-chip': [INSERT, INSERT, INSERT],
  'visa-wrong-certificate': [
    'tryAnotherInterface, none, message 1D, fDDA failed',
    'tryAnotherInterface, none, message 1D, fDDA failed',
    ASKS_ISSUER,
    'the hash does not match","element":"9F46"',
  ],
  'visa-wrong-signature': [
    'declined, noCvm, message 07, fDDA failed',
    'declined, noCvm, message 07, fDDA failed',
    ASKS_ISSUER,
    'the hash does not match","element":"9F4B"',
  ],
};
