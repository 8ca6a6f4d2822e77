// table: one row a response code of ISO 8583:1987 DE 39, with scheme codes seen in the field.
import type { ErrorCondition, ResponseCode, Retry } from './types.ts';

/** The row of a DE 39; a code that nobody knows is a decline. */
export const responseCode = (code: string): ResponseCode =>
  rows.get(code) ?? declined(code, `unknown code ${code}`);

type Row = Omit<ResponseCode, 'code' | 'meaning'>;

const approved: Row = { approved: true, shopper: 'approved', retry: 'never' };

const declined = (
  code: string,
  meaning: string,
  till: ErrorCondition = 'Refusal',
  retry: Retry = 'never',
): ResponseCode => ({ code, meaning, approved: false, shopper: SHOPPER[retry], till, retry });

// What the shopper is told follows from what makes sense to do next.
const SHOPPER: Readonly<Record<Retry, ResponseCode['shopper']>> = {
  never: 'declined',
  otherCard: 'anotherCard',
  insert: 'insertCard',
  // There is no PIN pad, and the sale is over: nobody is to hold the card here once more.
  pin: 'insertCard',
  later: 'declined',
  afterCall: 'declined',
};

const call = (code: string, meaning: string): ResponseCode => ({
  ...declined(code, meaning, 'Refusal', 'afterCall'),
  cashier: 'callIssuer',
});

// The shopper hears nothing of it: "declined" is all that stands on the display.
const pickUp = (code: string, meaning: string): ResponseCode => ({
  ...declined(code, meaning),
  cashier: 'keepCard',
});

// biome-ignore format: a row stays on its line
const list: readonly ResponseCode[] = [
  { code: '00', meaning: 'approved', ...approved },
  call('01', 'refer to card issuer'),
  call('02', 'refer to card issuer, special condition'),
  declined('03', 'invalid merchant', 'NotAllowed'),
  pickUp('04', 'pick up card'),
  declined('05', 'do not honour'),
  declined('06', 'error', 'UnavailableService', 'later'),
  pickUp('07', 'pick up card, special condition'),
  { code: '08', meaning: 'approved with identification', ...approved, cashier: 'checkIdentity' },
  { code: '10', meaning: 'approved for a part of the amount', ...approved },
  { code: '11', meaning: 'approved, VIP', ...approved },
  declined('12', 'invalid transaction', 'NotAllowed'),
  declined('13', 'invalid amount', 'NotAllowed'),
  declined('14', 'invalid card number', 'InvalidCard', 'otherCard'),
  declined('15', 'no such issuer', 'InvalidCard', 'otherCard'),
  declined('19', 'enter the transaction again', 'UnavailableService', 'later'),
  declined('21', 'no action taken'),
  declined('25', 'original not found', 'NotFound'),
  declined('30', 'format error', 'MessageFormat'),
  declined('39', 'no credit account', 'Refusal', 'otherCard'),
  declined('40', 'function not supported', 'NotAllowed'),
  pickUp('41', 'lost card, pick up'),
  pickUp('43', 'stolen card, pick up'),
  declined('46', 'account closed', 'Refusal', 'otherCard'),
  declined('51', 'insufficient funds'),
  declined('54', 'expired card', 'InvalidCard', 'otherCard'),
  declined('55', 'wrong PIN', 'WrongPIN', 'pin'),
  declined('57', 'not permitted to this cardholder', 'NotAllowed'),
  declined('58', 'not permitted to this terminal', 'NotAllowed'),
  declined('59', 'suspected fraud'),
  declined('61', 'over the amount limit'),
  declined('62', 'restricted card'),
  declined('63', 'security violation'),
  // Mastercard's soft decline and Visa's two: the issuer wants the chip or a PIN.
  declined('65', 'over the count limit, insert the card', 'Refusal', 'insert'),
  declined('68', 'answer came too late', 'UnavailableService', 'later'),
  declined('70', 'PIN required', 'Refusal', 'pin'),
  declined('1A', 'additional authentication required', 'Refusal', 'insert'),
  declined('75', 'too many wrong PINs', 'WrongPIN'),
  declined('76', 'wrong reference to the original', 'NotFound'),
  declined('77', 'original does not agree', 'NotAllowed'),
  declined('78', 'card is not active yet', 'InvalidCard'),
  declined('79', 'already reversed'),
  declined('80', 'no financial impact'),
  declined('81', 'PIN cryptogram is wrong', 'WrongPIN', 'pin'),
  declined('82', 'card authentication failed', 'InvalidCard'),
  { code: '85', meaning: 'no reason to decline', ...approved },
  declined('86', 'PIN cannot be verified', 'UnavailableService', 'later'),
  declined('89', 'not eligible', 'NotAllowed'),
  declined('91', 'issuer is unavailable', 'UnavailableService', 'later'),
  declined('92', 'no route to the issuer', 'UnavailableService', 'otherCard'),
  declined('93', 'against the law', 'NotAllowed'),
  declined('94', 'duplicate'),
  declined('96', 'system malfunction', 'UnavailableService', 'later'),
  declined('N7', 'card verification value is wrong', 'InvalidCard'),
  declined('Q1', 'card authentication failed', 'InvalidCard'),
  declined('R0', 'stop this payment order'),
  declined('R1', 'stop all payment orders'),
  declined('R3', 'stop all payment orders of this merchant'),
];

const rows: ReadonlyMap<string, ResponseCode> = new Map(list.map((row) => [row.code, row]));
