import type { Expected } from './expected-outcomes.ts';

const ASKS_ISSUER = 'onlineRequest, noCvm, message 1B, CDA succeeded';
const ASKS_ISSUER_WITH_PIN = 'onlineRequest, onlinePin, message 1B, CDA succeeded';
const PAYS_OFFLINE = 'approved, noCvm, message 03, CDA succeeded';
const INSERT = 'tryAnotherInterface, none, message 1D';
const INSERT_FORGED = `${INSERT}, CDA failed`;
const DECLINED_FORGED = 'declined, none, message 07, CDA failed';
const TRY_AGAIN = 'tryAgain, none';
const TRY_ANOTHER_CARD = 'endApplication, none, message 1C';

/** American Express's, held against C-4 and Book B. */
export const EXPECTED_AMEX: Readonly<Record<string, Expected>> = {
  'amex-chip-only': [PAYS_OFFLINE, INSERT, ASKS_ISSUER],
  'amex-declines': [INSERT, INSERT, 'declined, none, message 07', 'the card declined (AAC)'],
  'amex-expired': [ASKS_ISSUER, ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'amex-mute': [TRY_AGAIN, TRY_AGAIN, TRY_AGAIN],
  'amex-not-here': [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD],
  'amex-phone': [
    'onlineRequest, noCvm, message 1B',
    'onlineRequest, confirmationCodeVerified, message 1B',
    'onlineRequest, noCvm, message 1B',
  ],
  'amex-phone-locked': [PAYS_OFFLINE, TRY_AGAIN, ASKS_ISSUER],
  'amex-phone-offline': [
    PAYS_OFFLINE,
    'approved, confirmationCodeVerified, message 03, CDA succeeded',
    ASKS_ISSUER,
  ],
  'amex-pin': [ASKS_ISSUER_WITH_PIN, ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'amex-plastic': [ASKS_ISSUER, ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'amex-plastic-offline': [PAYS_OFFLINE, ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'amex-revoked-issuer': [INSERT_FORGED, INSERT_FORGED, ASKS_ISSUER, 'on the revocation list'],
  'amex-signature': [
    PAYS_OFFLINE,
    'approved, obtainSignature, message 1A, CDA succeeded',
    ASKS_ISSUER,
  ],
  'amex-torn': [TRY_AGAIN, TRY_AGAIN, TRY_AGAIN],
  'amex-unknown-authority': [
    'onlineRequest, noCvm, message 1B, CDA failed',
    'onlineRequest, onlinePin, message 1B, CDA failed',
    'onlineRequest, noCvm, message 1B, CDA failed',
    'no key of the certification authority',
  ],
  'amex-wrong-certificate': [
    INSERT_FORGED,
    INSERT_FORGED,
    DECLINED_FORGED,
    'the hash does not match","element":"9F46"',
  ],
  'amex-wrong-signature': [
    INSERT_FORGED,
    INSERT_FORGED,
    DECLINED_FORGED,
    'the hash does not match","element":"9F4B"',
  ],
};
