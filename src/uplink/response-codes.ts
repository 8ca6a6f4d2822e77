// table: one row a response code of ISO 8583:1987 DE 39, with scheme codes seen in the field.
import type { ResponseCode } from './types.ts';

/** The row of a DE 39; a code that nobody knows is a decline. */
export const responseCode = (code: string): ResponseCode =>
  rows.get(code) ?? { code, approved: false, shopper: 'declined', meaning: `unknown code ${code}` };

const row = (
  code: string,
  meaning: string,
  shopper: ResponseCode['shopper'] = 'declined',
): readonly [string, ResponseCode] => [
  code,
  { code, approved: shopper === 'approved', shopper, meaning },
];

// Partial approval (10) is a decline here: this terminal doesn't tell the host that it could take
// one, and charging less than the till asked would be worse than not charging.
const rows: ReadonlyMap<string, ResponseCode> = new Map([
  row('00', 'approved', 'approved'),
  row('01', 'refer to card issuer'),
  row('02', 'refer to card issuer, special condition'),
  row('03', 'invalid merchant'),
  row('04', 'pick up card'),
  row('05', 'do not honour'),
  row('06', 'error'),
  row('07', 'pick up card, special condition'),
  row('08', 'approved with identification', 'approved'),
  row('10', 'approved for a part of the amount'),
  row('11', 'approved, VIP', 'approved'),
  row('12', 'invalid transaction'),
  row('13', 'invalid amount'),
  row('14', 'invalid card number', 'anotherCard'),
  row('15', 'no such issuer', 'anotherCard'),
  row('19', 'enter the transaction again', 'tryAgain'),
  row('21', 'no action taken'),
  row('25', 'original not found'),
  row('30', 'format error'),
  row('39', 'no credit account'),
  row('40', 'function not supported'),
  row('41', 'lost card, pick up'),
  row('43', 'stolen card, pick up'),
  row('46', 'account closed'),
  row('51', 'insufficient funds'),
  row('54', 'expired card', 'anotherCard'),
  row('55', 'wrong PIN', 'enterPin'),
  row('57', 'not permitted to this cardholder'),
  row('58', 'not permitted to this terminal'),
  row('59', 'suspected fraud'),
  row('61', 'over the amount limit'),
  row('62', 'restricted card'),
  row('63', 'security violation'),
  // Mastercard's soft decline and Visa's two: the issuer wants the chip or a PIN.
  row('65', 'over the count limit, insert the card', 'insertCard'),
  row('68', 'answer came too late'),
  row('70', 'PIN required', 'enterPin'),
  row('1A', 'additional authentication required', 'insertCard'),
  row('75', 'too many wrong PINs'),
  row('76', 'wrong reference to the original'),
  row('77', 'original does not agree'),
  row('78', 'card is not active yet'),
  row('79', 'already reversed'),
  row('80', 'no financial impact'),
  row('81', 'PIN cryptogram is wrong'),
  row('82', 'card authentication failed'),
  row('85', 'no reason to decline', 'approved'),
  row('86', 'PIN cannot be verified'),
  row('89', 'not eligible'),
  row('91', 'issuer is unavailable', 'tryAgain'),
  row('92', 'no route to the issuer'),
  row('93', 'against the law'),
  row('94', 'duplicate'),
  row('96', 'system malfunction', 'tryAgain'),
  row('N7', 'card verification value is wrong'),
  row('Q1', 'card authentication failed'),
  row('R0', 'stop this payment order'),
  row('R1', 'stop all payment orders'),
  row('R3', 'stop all payment orders of this merchant'),
]);
