import type { Expected } from './expected-outcomes.ts';

const ASKS_ISSUER = 'onlineRequest, noCvm, message 1B';
const ASKS_ISSUER_SIGNED = `${ASKS_ISSUER}, CDA succeeded`;
const ASKS_FOR_PIN = 'onlineRequest, onlinePin, message 09';
const VERIFIED_ONLINE = 'onlineRequest, confirmationCodeVerified, message 1B';
const VERIFIED_OFFLINE = 'approved, confirmationCodeVerified, message 03, CDA succeeded';
const PAYS_OFFLINE = 'approved, noCvm, message 03, CDA succeeded';
const DECLINED = 'declined, none, message 07';
const TRY_AGAIN = 'endApplication, none, message 21';
const INSERT = 'tryAnotherInterface, none, message 1D';
const TRY_ANOTHER_CARD = 'endApplication, none, message 1C';

/** JCB's, held against C-5 and Book B. The shipped terminal asks for ARQCs with a signature too. */
export const EXPECTED_JCB: Readonly<Record<string, Expected>> = {
  'jcb-declines': [DECLINED, DECLINED, DECLINED, 'the card declined (AAC)'],
  'jcb-expired': [ASKS_ISSUER_SIGNED, `${ASKS_FOR_PIN}, CDA succeeded`, ASKS_ISSUER_SIGNED],
  'jcb-legacy': [ASKS_ISSUER, ASKS_FOR_PIN, TRY_ANOTHER_CARD],
  'jcb-mute': [TRY_AGAIN, TRY_AGAIN, TRY_AGAIN],
  'jcb-not-here': [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD],
  'jcb-phone': [VERIFIED_ONLINE, VERIFIED_ONLINE, VERIFIED_ONLINE],
  'jcb-phone-locked': [ASKS_ISSUER, 'tryAgain, none', ASKS_ISSUER],
  'jcb-phone-offline': [VERIFIED_OFFLINE, VERIFIED_OFFLINE, `${VERIFIED_ONLINE}, CDA succeeded`],
  'jcb-pin': [PAYS_OFFLINE, `${ASKS_FOR_PIN}, CDA succeeded`, ASKS_ISSUER_SIGNED],
  'jcb-plastic': [ASKS_ISSUER_SIGNED, `${ASKS_FOR_PIN}, CDA succeeded`, ASKS_ISSUER_SIGNED],
  'jcb-plastic-offline': [PAYS_OFFLINE, `${ASKS_FOR_PIN}, CDA succeeded`, ASKS_ISSUER_SIGNED],
  'jcb-revoked-issuer': [
    `${INSERT}, CDA failed`,
    `${INSERT}, CDA failed`,
    ASKS_ISSUER_SIGNED,
    'on the revocation list',
  ],
  'jcb-signature': [
    PAYS_OFFLINE,
    'approved, obtainSignature, message 1A, CDA succeeded',
    ASKS_ISSUER_SIGNED,
  ],
  'jcb-torn': [TRY_AGAIN, TRY_AGAIN, TRY_AGAIN],
  'jcb-unknown-authority': [ASKS_ISSUER, ASKS_FOR_PIN, ASKS_ISSUER],
  'jcb-use-chip': [INSERT, INSERT, TRY_ANOTHER_CARD, 'GENERATE AC answered 6984'],
  'jcb-wrong-certificate': [
    `${INSERT}, CDA failed`,
    `${INSERT}, CDA failed`,
    `${DECLINED}, CDA failed`,
    '9F46: the hash does not match',
  ],
  'jcb-wrong-signature': [
    `${INSERT}, CDA failed`,
    `${INSERT}, CDA failed`,
    `${DECLINED}, CDA failed`,
    '9F4B: the hash does not match',
  ],
};
