import { fromBcd } from '#bytes/bcd.ts';
import { toHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { iccData, type Message, text } from '#iso8583/index.ts';
import type { HostParts } from './host-parts.ts';
import { partsOfAmount } from './parts-of-amount.ts';
import { field } from './request.ts';

/** What a host finds out about the card from DE 55. */
export type CardCheck =
  | {
      readonly ok: true;
      readonly cvn: number;
      readonly standIn?: string;
      /** Hexadecimal. */
      readonly atc: string;
      arpc(responseCode: string): Uint8Array | undefined;
    }
  | { readonly ok: false; readonly responseCode: string; readonly why: string };

/**
 * Looks at a message's cryptogram. 30: the message contradicts itself; 82: not the card's
 * cryptogram; 63: used before.
 */
export const checkCard = (request: Message, token: string, parts: HostParts): CardCheck => {
  const icc = iccData(request);
  if (isMalformed(icc)) return refused('30', describeMalformed(icc));
  const byCode = isByCode(request);
  const mismatch = mismatchOf(request, icc, byCode);
  if (mismatch !== undefined) return refused('30', mismatch);
  // Book 3 table 15: 00 in the two highest bits is an AAC, by which the card said no.
  const information = icc.get(tag.cryptogramInformationData)?.[0];
  const isAac = information !== undefined && information >> 6 === 0;
  if (isAac && !isRefund(request)) return refused('82', 'an AAC pays for nothing');
  const verified = parts.verify(icc, field(request, 2), text(request, 23)?.slice(1), byCode);
  if (!verified.ok) return refused('82', verified.why);
  const atc = toHex(icc.get(tag.applicationTransactionCounter) ?? new Uint8Array());
  if (parts.ledger.cryptogramSeen(token, atc)) {
    return refused('63', `counter ${atc} of this card was used before`);
  }
  const { cvn, standIn, arpc } = verified;
  return { ok: true, cvn, atc, arpc, ...(standIn === undefined ? {} : { standIn }) };
};

/** DE 3 20xxxx: money goes back to the cardholder. */
export const isRefund = (request: Message): boolean => field(request, 3).startsWith('20');

/** DE 22 03x: a code that the shopper presented. Its phone knew nothing of this payment. */
const isByCode = (request: Message): boolean => field(request, 22).startsWith('03');

const refused = (responseCode: string, why: string): CardCheck => ({
  ok: false,
  responseCode,
  why,
});

/** What the message says twice must be the same both times. */
const mismatchOf = (
  request: Message,
  icc: ReadonlyMap<number, Uint8Array>,
  byCode: boolean,
): string | undefined => {
  const inIcc = (tagNumber: number) => toHex(icc.get(tagNumber) ?? new Uint8Array());
  const amount = fromBcd(icc.get(tag.amountAuthorisedNumeric) ?? new Uint8Array());
  const pan = text(request, 2);
  if (pan === undefined) return 'DE 2 is missing';
  const track2 = text(request, 35);
  if (track2 !== undefined && track2.split('=')[0] !== pan) return 'DE 35 is not of DE 2';
  if (byCode) return undefined;
  if (amount !== Number(text(request, 4))) return 'DE 4 is not 9F02';
  if (inIcc(tag.transactionCurrencyCode) !== `0${text(request, 49)}`) return 'DE 49 is not 5F2A';
  if (inIcc(tag.transactionDate).slice(2) !== text(request, 13)) return 'DE 13 is not 9A';
  const other = icc.get(tag.amountOtherNumeric);
  const { cashBackMinor = 0 } = partsOfAmount(request) ?? {};
  if (other !== undefined && fromBcd(other) !== cashBackMinor) return 'DE 54 is not 9F03';
  if (inIcc(tag.transactionType) !== text(request, 3)?.slice(0, 2)) return 'DE 3 is not 9C';
  return undefined;
};

/** For the ledger: which method of ours verified a cryptogram, where the scheme's isn't public. */
export const standInOf = ({ standIn }: CardCheck & { readonly ok: true }) =>
  standIn === undefined ? {} : { cryptogramStandIn: standIn };
