// table: response codes of 1987 and action codes of 1993, which 2003 has with a zero in front.

/** Each response code that an action code says exactly, and the other way. */
// biome-ignore format: several rows a line
const EXACT = `
  00 000, 01 107, 02 108, 03 109, 04 200, 05 100, 07 207, 08 001, 09 923, 10 002, 11 003, 12 902,
  13 110, 14 111, 16 004, 19 903, 23 113, 25 914, 30 904, 31 905, 33 201, 34 202, 35 203, 36 204,
  37 205, 38 206, 39 114, 40 115, 41 208, 43 209, 51 116, 54 101, 55 117, 56 118, 57 119, 58 120,
  59 102, 60 103, 61 121, 62 104, 63 122, 65 123, 66 105, 68 911, 70 112, 75 106, 78 125, 81 126,
  82 129, 90 906, 91 912, 92 908, 93 124, 94 913, 95 501, 96 909
`;

/**
 * Action codes that a host may send and 1987 has no word of its own for. 005 to 007 are approvals
 * with a condition that a terminal doesn't see to. 900 and 901 acknowledge an advice.
 */
// biome-ignore format: several rows a line
const HEARD = `
  005 00, 006 10, 007 00, 127 55, 128 81, 210 04, 300 00, 400 00, 500 00, 502 95, 503 95, 504 95,
  600 00, 800 00, 900 00, 901 00, 907 91, 910 91, 915 95, 916 63, 917 63, 918 63, 919 63, 920 63,
  921 63, 922 30, 950 57
`;

const pairs = (rows: string): readonly (readonly [string, string])[] =>
  rows
    .trim()
    .split(',')
    .map((row) => {
      const [first = '', second = ''] = row.trim().split(' ');
      return [first, second];
    });

const actions = new Map(pairs(EXACT));
const codes = new Map([
  ...pairs(HEARD),
  ...pairs(EXACT).map(([code, action]) => [action, code] as const),
]);

// What "approved" is called, by the class of the message: a reversal is accepted, totals agree.
const acceptedBy: Readonly<Record<string, string>> = {
  '3': '300',
  '4': '400',
  '5': '500',
  '8': '800',
};

// An action code that nobody knows: 1xx denies, 2xx wants the card kept, 9xx is an error. What an
// unknown 0xx approves can't be known: its message isn't understood, and the payment is reversed.
const unknownBy: Readonly<Record<string, string>> = { '1': '05', '2': '04', '5': '95', '9': '96' };

/** DE 39 as three digits; `kind` is the second digit of the MTI. */
export const actionOf = (responseCode: string, kind: string): string | undefined =>
  responseCode === '00' ? (acceptedBy[kind] ?? '000') : actions.get(responseCode);

/** The response code of an action code of three digits. */
export const responseCodeOf = (action: string): string | undefined =>
  codes.get(action) ?? unknownBy[action.charAt(0)];

/** Why a message is a reversal: DE 39 in 1987, message reason code (DE 25) afterwards. */
export const reversalReasons: readonly (readonly [code: string, reason: string])[] = [
  // Cancelled by the customer; timed out waiting for an answer.
  ['17', '4000'],
  ['68', '4021'],
  // No action taken, suspected malfunction, format error, completed partially, wrong amount.
  ['21', '4001'],
  ['22', '4002'],
  ['30', '4003'],
  ['32', '4004'],
  ['64', '4005'],
  // The terminal couldn't complete; an answer that isn't valid.
  ['06', '4007'],
  ['20', '4020'],
];

/** How an advice's own authorisation response code (tag 8A) is said: DE 39 and DE 25. */
export const offlineCodes: readonly (readonly [code: string, action: string, reason: string])[] = [
  // Approved and declined by the card; the same when the issuer could not be reached.
  ['Y1', '000', '1005'],
  ['Z1', '100', '1005'],
  ['Y3', '000', '1003'],
  ['Z3', '100', '1003'],
];
