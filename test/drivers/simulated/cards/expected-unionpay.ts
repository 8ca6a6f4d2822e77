import type { Expected } from './expected-outcomes.ts';

const ASKS_ISSUER = 'onlineRequest, none, message 1B';
const ASKS_ISSUER_WITH_PIN = 'onlineRequest, onlinePin, message 1B';
const VERIFIED_ONLINE = 'onlineRequest, confirmationCodeVerified, message 1B';
const VERIFIED_OFFLINE = 'approved, confirmationCodeVerified, message 03, fDDA succeeded';
const PAYS_OFFLINE = 'approved, none, message 03, fDDA succeeded';
const DECLINED = 'declined, none, message 07';
const DECLINED_FORGED = `${DECLINED}, fDDA failed`;
const TRY_AGAIN = 'tryAgain, none';
const INSERT = 'tryAnotherInterface, none, message 18';
const TRY_ANOTHER_CARD = 'endApplication, none, message 1C';

/** UnionPay's, held against C-7 and Book B. A tap without verification has none, not "no CVM". */
export const EXPECTED_UNIONPAY: Readonly<Record<string, Expected>> = {
  'unionpay-declines': [DECLINED, DECLINED, DECLINED, 'the card declined (AAC)'],
  'unionpay-e-cash': [
    PAYS_OFFLINE,
    `${ASKS_ISSUER_WITH_PIN}, fDDA succeeded`,
    ASKS_ISSUER,
    '"valueQualifier":"balance","value":4250',
  ],
  'unionpay-expired': [DECLINED, DECLINED, ASKS_ISSUER, 'the application has expired'],
  'unionpay-mute': [TRY_AGAIN, TRY_AGAIN, TRY_AGAIN],
  'unionpay-not-here': [TRY_ANOTHER_CARD, TRY_ANOTHER_CARD, TRY_ANOTHER_CARD],
  'unionpay-phone-locked': [ASKS_ISSUER, TRY_AGAIN, ASKS_ISSUER],
  'unionpay-phone-offline': [VERIFIED_OFFLINE, VERIFIED_OFFLINE, VERIFIED_ONLINE],
  'unionpay-pin': [
    `${ASKS_ISSUER_WITH_PIN}, fDDA succeeded`,
    `${ASKS_ISSUER_WITH_PIN}, fDDA succeeded`,
    ASKS_ISSUER,
  ],
  'unionpay-plastic': [ASKS_ISSUER, ASKS_ISSUER_WITH_PIN, ASKS_ISSUER],
  'unionpay-plastic-offline': [
    PAYS_OFFLINE,
    `${ASKS_ISSUER_WITH_PIN}, fDDA succeeded`,
    ASKS_ISSUER,
  ],
  'unionpay-revoked-issuer': [
    DECLINED_FORGED,
    DECLINED_FORGED,
    ASKS_ISSUER,
    'on the revocation list',
  ],
  'unionpay-signature': [
    PAYS_OFFLINE,
    'approved, obtainSignature, message 03, fDDA succeeded',
    ASKS_ISSUER,
  ],
  'unionpay-torn': [TRY_AGAIN, TRY_AGAIN, TRY_AGAIN],
  'unionpay-unknown-authority': [
    `${ASKS_ISSUER}, fDDA failed`,
    `${ASKS_ISSUER_WITH_PIN}, fDDA failed`,
    ASKS_ISSUER,
    'no such key here',
  ],
  // Where there is no slot and no stripe reader, it is the end without a word. C-7
  'unionpay-use-chip': [INSERT, INSERT, 'endApplication, none', 'GPO answered 6984'],
  'unionpay-wallet': [VERIFIED_ONLINE, VERIFIED_ONLINE, VERIFIED_ONLINE],
  'unionpay-wrong-certificate': [
    `${INSERT}, fDDA failed`,
    `${INSERT}, fDDA failed`,
    ASKS_ISSUER,
    'the hash does not match","element":"9F46"',
  ],
  'unionpay-wrong-signature': [
    DECLINED_FORGED,
    DECLINED_FORGED,
    ASKS_ISSUER,
    'the hash does not match","element":"9F4B"',
  ],
};
