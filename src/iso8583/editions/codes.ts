import { actionOf, offlineCodes, responseCodeOf, reversalReasons } from './action-codes.ts';
import { type Conversion, type Fields, refuse, takeText } from './conversion.ts';
import { isAnswer } from './types.ts';

/**
 * DE 39. In a reversal's request it is the reason, DE 25 in the other editions; in an advice it may
 * be the card's own code (Y1), an action code and a reason there; else it is the action code.
 */
export const responseCode: Conversion = {
  to: (left, made, { version, mti }) => {
    const code = takeText(left, 39);
    if (code === undefined) return undefined;
    if (isReversalRequest(mti)) {
      const row = reversalReasons.find(([plain]) => plain === code);
      if (row === undefined) return refuse(39, 'no reason for a reversal in this edition');
      made.set(25, row[1]);
      return undefined;
    }
    const offline = isAnswer(mti) ? undefined : offlineCodes.find(([plain]) => plain === code);
    const action = offline?.[1] ?? actionOf(code, mti.charAt(1));
    if (action === undefined) return refuse(39, 'no action code says this in this edition');
    made.set(39, version === '2' ? `0${action}` : action);
    if (offline !== undefined) made.set(25, offline[2]);
    return undefined;
  },
  from: (left, made, { mti }) => {
    const reason = takeText(left, 25);
    if (isReversalRequest(mti)) {
      if (reason === undefined) return undefined;
      const row = reversalReasons.find(([, coded]) => coded === reason);
      if (row === undefined) return refuse(25, 'a reason that has no code in the 1987 edition');
      made.set(39, row[0]);
      return undefined;
    }
    const action = takeText(left, 39)?.slice(-3);
    if (action === undefined) return undefined;
    const offline = isAnswer(mti)
      ? undefined
      : offlineCodes.find((row) => row[1] === action && row[2] === reason);
    const code = offline?.[0] ?? responseCodeOf(action);
    if (code === undefined) return refuse(39, 'an action code that has no response code');
    made.set(39, code);
    return undefined;
  },
};

const isReversalRequest = (mti: string): boolean => mti.charAt(1) === '4' && !isAnswer(mti);

/** DE 70 of 1987: what network management is about. */
const networkCodes: readonly (readonly [code: string, functionCode: string])[] = [
  // Sign-on, sign-off, key change, cutover, echo test.
  ['001', '801'],
  ['002', '802'],
  ['161', '811'],
  ['201', '821'],
  ['301', '831'],
];

/** Function codes for what 1987 says by DE 25 06: pre-authorisation, and its completion. */
export const preAuthorised = { authorisation: '101', completion: '202' } as const;

const plainFunctions: Readonly<Record<string, string>> = { '1': '100', '2': '200', '5': '500' };

/**
 * DE 24. In 1987 it is the network's identifier, which belongs into the TPDU; in the other editions
 * it says what a message is for: a full (400) or partial (401) reversal, a sign-on. The point of
 * service has said already when it is a pre-authorisation. Answers repeat it only where their own
 * meaning would be lost without it.
 */
export const functionCode: Conversion = {
  to: (left, made, { mti }) => {
    if (left.has(24)) return refuse(24, 'the network identifier has no place in this edition');
    const network = takeText(left, 70);
    const kind = mti.charAt(1);
    if (network !== undefined) {
      const row = networkCodes.find(([code]) => code === network);
      if (row === undefined || kind !== '8') return refuse(70, 'no function code says this');
      made.set(24, row[1]);
    } else if (!made.has(24) && !isAnswer(mti)) {
      const code = kind === '4' ? reversalFunction(made) : plainFunctions[kind];
      if (code !== undefined) made.set(24, code);
    }
    return undefined;
  },
  from: (left, made, { mti }) => {
    if (mti.charAt(1) !== '8') return undefined;
    const code = takeText(left, 24);
    if (code === undefined) return undefined;
    const row = networkCodes.find(([, coded]) => coded === code);
    if (row === undefined) return refuse(24, 'a function that has no code in the 1987 edition');
    made.set(70, row[0]);
    return undefined;
  },
};

// The replacement amount has already become an original one.
const reversalFunction = (made: Fields): string => (made.has(30) ? '401' : '400');
