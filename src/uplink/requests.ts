import { concat } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import type { FieldValue, Message } from '#iso8583/index.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { iccTags } from './icc-tags.ts';
import type { Payment, UplinkConfig } from './types.ts';

/** What makes a message one of its kind: host and terminal find it by this, on every repeat. */
export interface Identity {
  /** DE 11, six digits. */
  readonly stan: string;
  /** DE 37, twelve characters. */
  readonly retrievalReference: string;
  /** DE 7, MMDDhhmmss in UTC. */
  readonly transmitted: string;
}

/** DE 37 as many hosts want it: yjjjhhnnnnnn, year, day of the year, hour and STAN. */
export const identityOf = (localTime: string, stan: number, wallMs: number): Identity => {
  const digits = stan.toString().padStart(6, '0');
  const day = dayOfYear(localTime).toString().padStart(3, '0');
  return {
    stan: digits,
    retrievalReference: `${localTime.slice(1, 2)}${day}${localTime.slice(6, 8)}${digits}`,
    transmitted: transmissionTime(wallMs),
  };
};

/** MMDDhhmmss in UTC. */
export const transmissionTime = (wallMs: number): string =>
  new Date(wallMs).toISOString().replaceAll(/[-:T]/g, '').slice(4, 14);

/**
 * The 0100 for a payment. Malformed when the data record has no account number to ask for; values
 * that don't fit their fields are left to the codec to refuse.
 */
export const authorisationRequest = (
  payment: Payment,
  identity: Identity,
  config: UplinkConfig,
): Message | Malformed => {
  const account = accountOf(payment.data);
  if (account === undefined) {
    return malformed(['57'], 0, 'the data record holds no account number');
  }
  const sequence = payment.data.get(tag.applicationPanSequenceNumber);
  const fields: readonly (readonly [number, FieldValue | undefined])[] = [
    [2, account.pan],
    // Transaction type, then account types 00: the card's default account.
    [3, `${payment.transactionType}0000`],
    [4, payment.amountMinor.toString().padStart(12, '0')],
    [7, identity.transmitted],
    [11, identity.stan],
    [12, payment.localTime.slice(6)],
    [13, payment.localTime.slice(2, 6)],
    [14, account.expiry],
    // 07: contactless chip with EMV data; then whether a PIN could be entered.
    [22, config.pinPad ? '071' : '072'],
    [23, sequence === undefined ? undefined : `0${toHex(sequence)}`],
    [25, '00'],
    [35, account.track2],
    [37, identity.retrievalReference],
    [41, config.terminalId.padEnd(8)],
    [42, config.merchantId.padEnd(15)],
    [49, payment.currencyNumeric],
    [55, iccField(payment)],
  ];
  return { mti: '0100', fields: present(fields) };
};

/** Why a payment is reversed, as DE 39 of the reversal says it. */
export const reversalReason = { cancelled: '17', noAnswer: '68' } as const;

// The original's own fields, so that the host finds it; DE 55 and track 2 are not needed for that
// and may not be kept after the authorisation (PCI DSS).
const REPEATED = [2, 3, 4, 11, 12, 13, 14, 22, 23, 25, 37, 41, 42, 49];

/** The 0400 that takes `original`, a 0100, back. */
export const reversalRequest = (
  original: Message,
  reason: (typeof reversalReason)[keyof typeof reversalReason],
  wallMs: number,
): Message => {
  const value = (number: number) => original.fields.get(number);
  const fields = present([
    ...REPEATED.map((number) => [number, value(number)] as const),
    [7, transmissionTime(wallMs)],
    [39, reason],
    // Original data elements: MTI, STAN, DE 7, acquirer and forwarder, both zero.
    [90, `${original.mti}${value(11)}${value(7)}${'0'.repeat(22)}`],
  ]);
  return { mti: '0400', fields };
};

/** The 0800 that asks the host whether it is there. DE 70 301: echo. */
export const echoRequest = (stan: number, wallMs: number): Message => ({
  mti: '0800',
  fields: new Map([
    [7, transmissionTime(wallMs)],
    [11, stan.toString().padStart(6, '0')],
    [70, '301'],
  ]),
});

const present = (
  fields: readonly (readonly [number, FieldValue | undefined])[],
): ReadonlyMap<number, FieldValue> =>
  new Map(fields.filter((entry): entry is [number, FieldValue] => entry[1] !== undefined));

interface Account {
  readonly pan: string;
  readonly expiry: string | undefined;
  readonly track2: string | undefined;
}

const accountOf = (data: ReadonlyMap<number, Uint8Array>): Account | undefined => {
  const track2 = data.get(tag.track2EquivalentData);
  if (track2 !== undefined) {
    const nibbles = toHex(track2).replace(/F+$/, '');
    const [pan = '', rest = ''] = nibbles.split('D');
    return { pan, expiry: rest.slice(0, 4), track2: `${pan}=${rest}` };
  }
  const pan = data.get(tag.applicationPan);
  if (pan === undefined) return undefined;
  const expiry = data.get(tag.applicationExpirationDate);
  return {
    pan: toHex(pan).replace(/F+$/, ''),
    expiry: expiry === undefined ? undefined : toHex(expiry).slice(0, 4),
    track2: undefined,
  };
};

const iccField = ({ kernel, data }: Payment): Uint8Array => {
  const { tags, defaults } = iccTags(kernel);
  return concat(
    ...tags.flatMap((tagNumber) => {
      const value = data.get(tagNumber) ?? defaults.get(tagNumber);
      return value === undefined ? [] : [encodeTlv(tagNumber, value)];
    }),
  );
};

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const dayOfYear = (localTime: string): number => {
  const [year = 0, month = 1, day = 1] = [0, 2, 4].map((at) => Number(localTime.slice(at, at + 2)));
  const before = MONTHS.slice(0, month - 1).reduce((sum, days) => sum + days, 0);
  return before + day + (month > 2 && year % 4 === 0 ? 1 : 0);
};
