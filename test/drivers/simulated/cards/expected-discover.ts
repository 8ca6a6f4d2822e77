import type { Expected } from './expected-outcomes.ts';

const ASKS_ISSUER = 'onlineRequest, noCvm, message 1B';
const ASKS_ISSUER_WITH_PIN = 'onlineRequest, onlinePin, message 1B';
const VERIFIED_ONLINE = 'onlineRequest, confirmationCodeVerified, message 1B';
const PAYS_OFFLINE = 'approved, noCvm, message 03, CDA succeeded';
const DECLINED = 'declined, none, message 07';
const FORGED = `${DECLINED}, CDA failed`;
const TRY_AGAIN = 'tryAgain, none';
const INSERT = 'tryAnotherInterface, none, message 18';
const TRY_ANOTHER_CARD = 'endApplication, none, message 1C';

/** Discover's, held against C-6 and Book B. A phone's word counts only where one is wanted. */
export const EXPECTED_DISCOVER: Readonly<Record<string, Expected>> = {
  'discover-declines': [DECLINED, DECLINED, DECLINED, 'the card declined (AAC)'],
  'discover-expired': [
    `${DECLINED}, CDA succeeded`,
    `${DECLINED}, CDA succeeded`,
    DECLINED,
    'the application has expired',
  ],
  'discover-mute': [TRY_AGAIN, TRY_AGAIN, TRY_AGAIN],
  'discover-not-here': [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD],
  'discover-phone': [ASKS_ISSUER, VERIFIED_ONLINE, ASKS_ISSUER],
  'discover-phone-locked': [ASKS_ISSUER, TRY_AGAIN, ASKS_ISSUER],
  'discover-phone-offline': [
    PAYS_OFFLINE,
    'approved, confirmationCodeVerified, message 03, CDA succeeded',
    ASKS_ISSUER,
  ],
  'discover-pin': [
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    'onlineRequest, obtainSignature, message 1B',
  ],
  'discover-plastic': [ASKS_ISSUER, ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'discover-plastic-offline': [PAYS_OFFLINE, `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`, ASKS_ISSUER],
  'discover-prepaid': [
    PAYS_OFFLINE,
    `${ASKS_ISSUER_WITH_PIN}, CDA succeeded`,
    ASKS_ISSUER,
    '"valueQualifier":"balance","value":4250',
  ],
  'discover-revoked-issuer': [FORGED, FORGED, ASKS_ISSUER, 'on the revocation list'],
  'discover-signature': [
    PAYS_OFFLINE,
    'approved, obtainSignature, message 1A, CDA succeeded',
    ASKS_ISSUER,
  ],
  // Without the recovery of torn transactions, an option of C-6, it is the end. C-6
  'discover-torn': [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, 'GPO: transmission'],
  'discover-unknown-authority': [FORGED, FORGED, ASKS_ISSUER, 'no such key here'],
  'discover-use-chip': [INSERT, INSERT, INSERT],
  'discover-wrong-certificate': [
    `${INSERT}, CDA failed`,
    `${INSERT}, CDA failed`,
    ASKS_ISSUER,
    'the hash does not match","element":"9F46"',
  ],
  'discover-wrong-signature': [
    FORGED,
    FORGED,
    ASKS_ISSUER,
    'the hash does not match","element":"9F4B"',
  ],
};
