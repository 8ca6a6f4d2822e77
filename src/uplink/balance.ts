import { toHex } from '#bytes/hex.ts';
import { currencyByNumeric } from '#data/currencies.ts';
import { tag } from '#data/dictionary.ts';
import { describe, type FieldValue, type Message, text } from '#iso8583/index.ts';
import { accountIn } from '#payment/index.ts';
import { fault } from '#ports/fault.ts';
import type { Conversation } from './conversation.ts';
import { entryMode, type Identity, iccField, identityOf } from './requests.ts';
import { responseCode } from './response-codes.ts';
import type {
  AccountType,
  Balance,
  BalanceAnswer,
  BalanceInquiry,
  Unanswered,
  UplinkConfig,
  UplinkParts,
} from './types.ts';

/** DE 3 positions 1-2, and 9C: balance inquiry. ISO 8583:1987 table of processing codes. */
export const BALANCE_INQUIRY = '31';

/** DE 3 positions 3-4. acquirer interface §2 */
export const ACCOUNT_TYPES: Readonly<Record<AccountType, string>> = {
  default: '00',
  savings: '10',
  cheque: '20',
  credit: '30',
};

/**
 * Asks the host what is on an account. It books nothing for it, so nothing is written before, and
 * one that stays unanswered needs no reversal. What the host tells is in the answer alone: neither
 * log nor journal has it.
 */
export const inquire = async (
  inquiry: BalanceInquiry,
  signal: AbortSignal,
  parts: UplinkParts,
  conversation: Conversation,
): Promise<BalanceAnswer | Unanswered> => {
  const { books, clock, config, log } = parts;
  const identity = identityOf(inquiry.localTime, books.nextStan(), clock.wallMs());
  const request = balanceRequest(inquiry, identity, config);
  const about = { stan: identity.stan };
  log.info(about, 'host asked for a balance');
  log.debug({ ...about, message: describe(request) }, 'request');
  const startedMs = clock.monotonicMs();
  const answer = await conversation.ask(request, { withinMs: config.answerWithinMs, signal });
  const milliseconds = Math.round(clock.monotonicMs() - startedMs);
  const outcome = 'mti' in answer ? answerOf(answer, inquiry, identity, milliseconds) : answer;
  if (outcome.kind === 'unanswered') {
    const { fault: kind, detail } = outcome.fault;
    log.warn({ ...about, milliseconds, fault: kind, detail }, 'no answer from the host');
  } else {
    const { code, meaning } = outcome.row;
    log.info({ ...about, milliseconds, responseCode: code, meaning }, 'host answered');
  }
  return outcome;
};

/** The 0100 that asks: an amount of zero, and the cryptogram over it. */
export const balanceRequest = (
  { tap, currency, localTime, account }: BalanceInquiry,
  identity: Identity,
  config: UplinkConfig,
): Message => {
  const sequence = tap.data.get(tag.applicationPanSequenceNumber);
  const { pan, expiry, track2 } = accountIn(tap.data) ?? {};
  const fields: readonly (readonly [number, FieldValue | undefined])[] = [
    [2, pan],
    [3, `${BALANCE_INQUIRY}${ACCOUNT_TYPES[account]}00`],
    [4, '0'.repeat(12)],
    [7, identity.transmitted],
    [11, identity.stan],
    [12, localTime.slice(6)],
    [13, localTime.slice(2, 6)],
    [14, expiry],
    [22, entryMode({ tap }, config)],
    [23, sequence === undefined ? undefined : `0${toHex(sequence)}`],
    [25, '00'],
    [35, track2],
    [37, identity.retrievalReference],
    [41, config.terminalId.padEnd(8)],
    [42, config.merchantId.padEnd(15)],
    [49, currency.toString().padStart(3, '0')],
    [55, iccField(tap)],
  ];
  return { mti: '0100', fields: new Map(fields.filter(isPresent)) };
};

const isPresent = (
  entry: readonly [number, FieldValue | undefined],
): entry is readonly [number, FieldValue] => entry[1] !== undefined;

const answerOf = (
  answer: Message,
  { account }: BalanceInquiry,
  { retrievalReference }: Identity,
  milliseconds: number,
): BalanceAnswer | Unanswered => {
  const code = text(answer, 39);
  const row = code === undefined ? undefined : responseCode(code);
  if (row === undefined) return unreadable('the host answered without DE 39');
  const told = { kind: 'answered', row, retrievalReference, milliseconds } as const;
  if (!row.approved) return told;
  const balance = balanceIn(text(answer, 54) ?? '', ACCOUNT_TYPES[account]);
  return balance === undefined
    ? unreadable('the host approved and told no balance')
    : { ...told, balance };
};

const unreadable = (detail: string): Unanswered => ({
  kind: 'unanswered',
  fault: fault('protocol', detail),
  mayHaveArrived: true,
});

/**
 * What a shop may count on: the available balance (amount type 02) rather than the ledger's (01),
 * of the account that was asked about rather than of another one. Undefined where DE 54 has
 * neither, or is no list of amounts.
 */
const balanceIn = (amounts: string, account: string): Balance | undefined => {
  if (!GROUPS.test(amounts)) return undefined;
  const groups = [...amounts.matchAll(GROUP)];
  const ofAccount = groups.filter(([, of]) => of === account);
  for (const type of ['02', '01']) {
    const group = [...ofAccount, ...groups].find(([, , of]) => of === type);
    const balance = group && balanceOf(group);
    if (balance !== undefined) return balance;
  }
  return undefined;
};

const balanceOf = ([, , type, numeric, sign, minor]: RegExpMatchArray): Balance | undefined => {
  const currency = currencyByNumeric(Number(numeric));
  if (currency === undefined) return undefined;
  const amountMinor = sign === 'D' ? -Number(minor) : Number(minor);
  return {
    kind: type === '02' ? 'available' : 'ledger',
    // Minus zero is zero.
    amountMinor: amountMinor === 0 ? 0 : amountMinor,
    currency: currency.numeric,
  };
};

// Account type 2, amount type 2, currency 3, C or D, amount 12. acquirer interface §2, DE 54
const GROUP = /([0-9A-Z]{2})([0-9A-Z]{2})([0-9]{3})([CD])([0-9]{12})/g;
const GROUPS = /^([0-9A-Z]{4}[0-9]{3}[CD][0-9]{12})+$/;
