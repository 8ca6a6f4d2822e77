import { toHex } from '#bytes/hex.ts';
import { maskPan } from '#data/mask.ts';
import { type FieldValue, type Message, text } from '#iso8583/index.ts';
import { type Identity, keyOf, type PaymentEntry } from './entries.ts';
import type { HostParts } from './host-parts.ts';
import { partsOfAmount } from './parts-of-amount.ts';

/** DE 39 of a payment that is, or may be, on the books. */
export const APPROVALS: ReadonlySet<string> = new Set(['00', '08', '10', '11']);

/** A field as text; empty when it is absent. */
export const field = (request: Message, number: number): string => text(request, number) ?? '';

/** DE 41, 11 and 7; undefined when one is missing: nobody could recognise such a message again. */
export const identityOf = (request: Message): Identity | undefined => {
  const terminal = field(request, 41).trim();
  const stan = field(request, 11);
  const transmitted = field(request, 7);
  if (terminal === '' || stan === '' || transmitted === '') return undefined;
  return { terminal, stan, transmitted };
};

/** The key of the payment that DE 90 refers to; undefined when it is missing or no such field. */
export const originalOf = (request: Message): Identity | undefined => {
  // DE 90: MTI 4, STAN 6, transmission time 10 of the original, then acquirer and forwarder.
  const [, stan, transmitted] = /^\d{4}(\d{6})(\d{10})/.exec(field(request, 90)) ?? [];
  if (stan === undefined || transmitted === undefined) return undefined;
  return { terminal: field(request, 41).trim(), stan, transmitted };
};

export const key = ({ terminal, stan, transmitted }: Identity): string =>
  keyOf(terminal, stan, transmitted);

/** What a ledger line says of every payment, whatever becomes of it. */
export const aboutPayment = (request: Message, identity: Identity, parts: HostParts) => {
  const pan = field(request, 2);
  return {
    at: new Date(parts.wallMs()).toISOString(),
    ...identity,
    merchant: field(request, 42).trim(),
    rrn: field(request, 37),
    pan: maskPan(pan),
    token: pan === '' ? '' : parts.ledger.token(pan),
    amountMinor: Number(field(request, 4)),
    currency: field(request, 49),
    ...partsOfAmount(request),
  } as const;
};

/** Six characters that no other approval of this ledger has. */
export const authorisationCode = ({ ledger }: HostParts): string =>
  (ledger.counts().payments + 1).toString(36).toUpperCase().padStart(6, '0').slice(-6);

/** Elements that every answer repeats. */
const ECHOED = [3, 4, 7, 11, 12, 13, 24, 37, 41, 42, 49, 50, 70];

/** The answer to a request: its MTI with the function of a response, its own fields, and more. */
export const answerTo = (request: Message, fields: ReadonlyMap<number, FieldValue>): Message => {
  const echoes = ECHOED.flatMap((number) => {
    const value = request.fields.get(number);
    return value === undefined ? [] : [[number, value] as const];
  });
  return { mti: responseMti(request.mti), fields: new Map([...echoes, ...fields]) };
};

/** A response whose whole message is DE 39. */
export const refusal = (request: Message, responseCode: string): Message =>
  answerTo(request, new Map([[39, responseCode]]));

// Function + 1, and origin 0: 0101 is answered by 0110, 0421 by 0430.
const responseMti = (mti: string): string => `${mti.slice(0, 2)}${Number(mti.charAt(2)) + 1}0`;

/** The answer that is in the books. */
export const recordedAnswer = (request: Message, entry: PaymentEntry): Message => {
  const fields = new Map<number, FieldValue>([[39, entry.responseCode]]);
  if (entry.authorisationCode !== undefined) fields.set(38, entry.authorisationCode);
  if (entry.responseCode === '10') {
    // DE 4 is what was approved; DE 54 type 57 is what was asked for.
    fields.set(4, entry.approvedMinor.toString().padStart(12, '0'));
    const asked = entry.amountMinor.toString().padStart(12, '0');
    fields.set(54, `0057${entry.currency}D${asked}`);
  }
  const icc = issuerData(entry);
  if (icc !== '') fields.set(55, new Uint8Array(Buffer.from(icc, 'hex')));
  return answerTo(request, fields);
};

const issuerData = ({ issuerAuthenticationData, issuerScripts = '' }: PaymentEntry): string => {
  if (issuerAuthenticationData === undefined) return issuerScripts;
  const length = toHex(Uint8Array.of(issuerAuthenticationData.length / 2));
  return `91${length}${issuerAuthenticationData}${issuerScripts}`;
};
