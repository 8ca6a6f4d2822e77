import { concat } from '#bytes/bytes.ts';
import { fromHex, toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { sensitivityOf } from '#data/mask.ts';
import type { FieldValue, Message } from '#iso8583/index.ts';
import {
  type Account,
  type PaymentRecord,
  type RequestOnRecord,
  type ReversalReason,
  transmissionTime,
} from '#payment/index.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { iccTags } from './icc-tags.ts';
import type { Payment, TapData, Totals, UplinkConfig } from './types.ts';

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
  const digits = stanDigits(stan);
  const day = dayOfYear(localTime).toString().padStart(3, '0');
  return {
    stan: digits,
    retrievalReference: `${localTime.slice(1, 2)}${day}${localTime.slice(6, 8)}${digits}`,
    transmitted: transmissionTime(wallMs),
  };
};

/** How a payment reaches the host: asked before, or told of afterwards. */
export type Manner = 'online' | 'kernel' | 'deferred' | 'completion';

/**
 * A payment's message without account data, to be written before anything is sent. Values that
 * don't fit their fields are left to the codec to refuse.
 */
export const requestFor = (
  payment: Payment,
  manner: Manner,
  identity: Identity,
  config: UplinkConfig,
): RequestOnRecord => {
  const { record, tap, scanned, original, localTime, transactionType } = payment;
  const sequence = (tap?.data ?? scanned)?.get(tag.applicationPanSequenceNumber);
  const fields: readonly (readonly [number, FieldValue | undefined])[] = [
    // Transaction type, then account types 00: the card's default account.
    [3, `${transactionType}0000`],
    [4, amountField(record.amountMinor)],
    [7, identity.transmitted],
    [11, identity.stan],
    [12, localTime.slice(6)],
    [13, localTime.slice(2, 6)],
    [22, entryMode(payment, config)],
    [23, sequence === undefined ? undefined : `0${toHex(sequence)}`],
    [25, record.kind === 'preAuthorisation' ? CONDITION.preAuthorised : CONDITION.normal],
    [28, feeField(record)],
    [37, identity.retrievalReference],
    [38, manner === 'completion' ? original?.answer?.authorisationCode : undefined],
    [39, ACTED_ON[manner]],
    [41, config.terminalId.padEnd(8)],
    [42, config.merchantId.padEnd(15)],
    [49, record.currency.toString().padStart(3, '0')],
    [54, additionalAmounts(record)],
    [55, tap?.cryptogram ? iccField(tap) : scanned && scannedField(scanned)],
    [90, original?.request === undefined ? undefined : originalElements(original.request)],
  ];
  return { mti: mtiOf(record, manner, config), localTime, fields: toRecord(fields) };
};

/** The message of a request on record, with the account that it is about. */
export const messageOf = (
  { mti, fields }: RequestOnRecord,
  account: Account | undefined,
): Message => ({
  mti,
  fields: present([
    ...fieldsOf(fields),
    [2, account?.pan],
    [14, account?.expiry],
    [35, account?.track2],
  ]),
});

/** The same message sent again: only the MTI says that it is a repeat. */
export const repeated = (message: Message): Message => ({
  ...message,
  mti: `${message.mti.slice(0, 3)}1`,
});

/**
 * The 0400 that takes a payment back. Undefined for one that was never asked. The original's own
 * fields, so that the host finds it, but neither DE 55 nor track 2.
 */
export const reversalOf = (
  { request, reversal, answer }: PaymentRecord,
  account: Account | undefined,
): Message | undefined => {
  if (request === undefined || reversal === undefined) return undefined;
  const original = new Map(fieldsOf(request.fields));
  return {
    mti: '0400',
    fields: present([
      ...REPEATED.map((number) => [number, original.get(number)] as const),
      [2, account?.pan],
      [14, account?.expiry],
      [7, reversal.transmitted],
      [38, answer?.authorisationCode],
      [39, REASON[reversal.reason]],
      [90, originalElements(request)],
    ]),
  };
};

/** The 0500 that closes a period in one currency. Amounts are of what stands. */
export const reconciliationRequest = (
  { debits, credits }: Totals,
  currency: number,
  identity: Pick<Identity, 'stan' | 'transmitted'>,
  config: UplinkConfig,
): Message => {
  const net = debits.amountMinor - credits.amountMinor;
  const count = (value: number) => value.toString().padStart(10, '0');
  const amount = (value: number) => value.toString().padStart(16, '0');
  return {
    mti: '0500',
    fields: new Map<number, FieldValue>([
      [7, identity.transmitted],
      [11, identity.stan],
      [41, config.terminalId.padEnd(8)],
      [42, config.merchantId.padEnd(15)],
      [50, currency.toString().padStart(3, '0')],
      [74, count(credits.count)],
      [75, count(0)],
      [76, count(debits.count)],
      [77, count(0)],
      [86, amount(credits.amountMinor)],
      [87, amount(0)],
      [88, amount(debits.amountMinor)],
      [89, amount(0)],
      [97, `${net < 0 ? 'D' : 'C'}${amount(Math.abs(net))}`],
    ]),
  };
};

/** DE 70: what a network management message is about. */
export const networkManagement = { signOn: '001', signOff: '002', echo: '301' } as const;

/** A 0800. */
export const networkRequest = (
  about: (typeof networkManagement)[keyof typeof networkManagement],
  stan: number,
  wallMs: number,
  { terminalId }: Pick<UplinkConfig, 'terminalId'>,
): Message => ({
  mti: '0800',
  fields: new Map([
    [7, transmissionTime(wallMs)],
    [11, stanDigits(stan)],
    [41, terminalId.padEnd(8)],
    [70, about],
  ]),
});

// DE 25. 06: pre-authorised request.
const CONDITION = { normal: '00', preAuthorised: '06' } as const;

// DE 39 of an advice says how the terminal decided. Y1: approved offline by card and terminal.
const ACTED_ON: Readonly<Record<Manner, string | undefined>> = {
  online: undefined,
  kernel: 'Y1',
  deferred: undefined,
  completion: '00',
};

// DE 39 of a reversal. 17: cancelled, 68: the answer came too late or not at all.
const REASON: Readonly<Record<ReversalReason, string>> = {
  cancelled: '17',
  cardDeclined: '17',
  voided: '17',
  noAnswer: '68',
  interrupted: '68',
};

const REPEATED = [3, 4, 11, 12, 13, 22, 23, 25, 28, 37, 41, 42, 49, 54];

const mtiOf = ({ kind }: PaymentRecord, manner: Manner, { messages }: UplinkConfig): string => {
  if (manner === 'kernel' || manner === 'completion') return '0220';
  if (kind === 'refund') return '0200';
  return kind === 'preAuthorisation' || messages === 'dual' ? '0100' : '0200';
};

// 07: contactless chip with EMV data, 03: bar code or QR, 00: not known; then whether a PIN could
// be entered.
export const entryMode = (
  { tap, scanned }: Pick<Payment, 'tap' | 'scanned'>,
  { pinPad }: Pick<UplinkConfig, 'pinPad'>,
): string => {
  const read = scanned === undefined ? '00' : '03';
  return `${tap === undefined ? read : '07'}${pinPad ? '1' : '2'}`;
};

const stanDigits = (stan: number): string => stan.toString().padStart(6, '0');

const amountField = (amountMinor: number): string => amountMinor.toString().padStart(12, '0');

// DE 28: what the shopper pays on top, a debit.
const feeField = ({ surchargeMinor = 0 }: PaymentRecord): string | undefined =>
  surchargeMinor === 0 ? undefined : `D${surchargeMinor.toString().padStart(8, '0')}`;

/** DE 54, amount types: 40 cash back; 44 gratuity, as some hosts have it: no edition lists one. */
const AMOUNT_TYPES = { cashBack: '40', gratuity: '44' } as const;

const additionalAmounts = (record: PaymentRecord): string | undefined => {
  const { cashBackMinor = 0, tipMinor = 0, currency } = record;
  const group = (type: string, minor: number) =>
    minor === 0 ? '' : `00${type}${currency.toString().padStart(3, '0')}D${amountField(minor)}`;
  const { cashBack, gratuity } = AMOUNT_TYPES;
  return group(cashBack, cashBackMinor) + group(gratuity, tipMinor) || undefined;
};

// DE 90: MTI, STAN, DE 7, acquirer and forwarder, both zero.
const originalElements = ({ mti, fields }: RequestOnRecord): string =>
  `${mti}${fields['11']}${fields['7']}${'0'.repeat(22)}`;

const present = (
  fields: readonly (readonly [number, FieldValue | undefined])[],
): ReadonlyMap<number, FieldValue> =>
  new Map(fields.filter((entry): entry is [number, FieldValue] => entry[1] !== undefined));

const toRecord = (
  fields: readonly (readonly [number, FieldValue | undefined])[],
): RequestOnRecord['fields'] =>
  Object.fromEntries(
    [...present(fields)].map(([number, value]) => [
      number,
      typeof value === 'string' ? value : { hex: toHex(value) },
    ]),
  );

const fieldsOf = (fields: RequestOnRecord['fields']): [number, FieldValue][] =>
  Object.entries(fields).map(([number, value]) => [
    Number(number),
    typeof value === 'string' ? value : (fromHex(value.hex) ?? new Uint8Array()),
  ]);

/** DE 55 of a tap: what its kernel's row of tags names. */
export const iccField = ({ kernel, data }: TapData): Uint8Array => {
  const { tags, defaults } = iccTags(kernel);
  return concat(
    ...tags.flatMap((tagNumber) => {
      const value = data.get(tagNumber) ?? defaults.get(tagNumber);
      return value === undefined ? [] : [encodeTlv(tagNumber, value)];
    }),
  );
};

// As the code holds them, but for account data, which go in fields of their own and never into the
// journal. What no table names may hold an account number as well: it is left out.
const scannedField = (data: ReadonlyMap<number, Uint8Array>): Uint8Array =>
  concat(
    ...[...data]
      .filter(([number]) => sensitivityOf(number) === 'open')
      .map(([number, value]) => encodeTlv(number, value)),
  );

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const dayOfYear = (localTime: string): number => {
  const [year = 0, month = 1, day = 1] = [0, 2, 4].map((at) => Number(localTime.slice(at, at + 2)));
  const before = MONTHS.slice(0, month - 1).reduce((sum, days) => sum + days, 0);
  return before + day + (month > 2 && year % 4 === 0 ? 1 : 0);
};
