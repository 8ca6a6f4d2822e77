import * as v from 'valibot';
import { LARGEST_AMOUNT } from '#data/amount.ts';

// What a person reads when it isn't so.

const NAME = 'a name, 1 to 80 characters';
const ID = 'an id: 1 to 64 letters, digits and signs, without blanks';
const REQUEST_ID = '8 to 48 letters, digits and hyphens';
const AMOUNT = 'an amount in whole minor units, from 1 on';

export const name = v.pipe(v.string(NAME), v.minLength(1, NAME), v.maxLength(80, NAME));

/** Whatever was typed: people have the rules. */
export const pin = v.pipe(v.string('a PIN'), v.maxLength(64, 'a PIN'));

export const paymentId = v.pipe(v.string(ID), v.regex(/^[\x21-\x7e]{1,64}$/, ID));

export const requestId = v.pipe(v.string(REQUEST_ID), v.regex(/^[A-Za-z0-9-]{8,48}$/, REQUEST_ID));

export const amountMinor = v.pipe(
  v.number(AMOUNT),
  v.integer(AMOUNT),
  v.minValue(1, AMOUNT),
  v.maxValue(LARGEST_AMOUNT, AMOUNT),
);
