import { fromBcd } from '#bytes/bcd.ts';
import { toHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type FieldValue, iccData, type Message, maskPan, text } from '#iso8583/index.ts';
import type { Log } from '#ports/log.ts';
import { encodeTlv } from '#tlv/tlv.ts';
import { type AuthorisationEntry, keyOf, type Ledger } from './ledger.ts';
import { answerFor, type Rules } from './rules.ts';

/** What an issuer says of a cryptogram; ../issuer/index.ts gives one. */
export type VerifyCryptogram = (
  request: ReadonlyMap<number, Uint8Array>,
  pan: string,
  psn: string | undefined,
) =>
  | {
      readonly ok: true;
      readonly cvn: number;
      /** Value of tag 91, undefined when this kind of cryptogram has no answer. */
      arpc(responseCode: string): Uint8Array | undefined;
    }
  | { readonly ok: false; readonly why: string };

export interface HostParts {
  readonly ledger: Ledger;
  readonly rules: Rules;
  readonly verify: VerifyCryptogram;
  readonly log: Log;
  readonly wallMs: () => number;
}

/** Answers one message; undefined when it is none that a host answers. */
export type Host = (request: Message) => Promise<Message | undefined>;

/**
 * The host's side of a conversation. What it answers is on the disk before the answer is made, and
 * requests take turns, so that a payment asked for twice is booked once.
 */
export const createHost = (parts: HostParts): Host => {
  let turn: Promise<unknown> = Promise.resolve();
  return (request) => {
    const answer = turn.then(() => respond(request, parts));
    turn = answer.catch(() => undefined);
    return answer;
  };
};

const respond = async (request: Message, parts: HostParts): Promise<Message | undefined> => {
  switch (request.mti) {
    case '0100':
    case '0101':
      return authorise(request, parts);
    case '0400':
    case '0401':
      return reverse(request, parts);
    case '0800':
      return answer(request, '0810', [7, 11, 70], new Map([[39, '00']]));
    default:
      return undefined;
  }
};

const authorise = async (request: Message, parts: HostParts): Promise<Message> => {
  const { ledger, log } = parts;
  const id = keyOf(text(request, 41) ?? '', text(request, 11) ?? '', text(request, 7) ?? '');
  // Asked again: the answer is the one in the books.
  const known = ledger.find(id);
  const entry = known ?? judge(request, id, parts);
  if (known === undefined) await ledger.append(entry);
  const { stan, responseCode, arqcVerified, why } = entry;
  log.info({ stan, responseCode, arqcVerified, why, again: known !== undefined }, 'authorisation');
  return authorisationAnswer(request, entry);
};

const ECHOED = [3, 4, 7, 11, 12, 13, 37, 41, 42, 49];

const authorisationAnswer = (request: Message, entry: AuthorisationEntry): Message => {
  const fields = new Map<number, FieldValue>([[39, entry.responseCode]]);
  if (entry.authorisationCode !== undefined) fields.set(38, entry.authorisationCode);
  if (entry.issuerAuthenticationData !== undefined) {
    const value = Buffer.from(entry.issuerAuthenticationData, 'hex');
    fields.set(55, encodeTlv(tag.issuerAuthenticationData, value));
  }
  return answer(request, '0110', ECHOED, fields);
};

const judge = (request: Message, id: string, parts: HostParts): AuthorisationEntry => {
  const { ledger, wallMs } = parts;
  const pan = text(request, 2) ?? '';
  const field = (number: number) => text(request, number) ?? '';
  const about = {
    type: 'authorisation',
    at: new Date(wallMs()).toISOString(),
    terminal: field(41).trim(),
    merchant: field(42).trim(),
    stan: field(11),
    transmitted: field(7),
    rrn: field(37),
    pan: maskPan(pan),
    token: ledger.token(pan),
    amountMinor: Number(field(4)),
    currency: field(49),
  } as const;
  const refused = (responseCode: string, why: string): AuthorisationEntry => ({
    ...about,
    responseCode,
    arqcVerified: false,
    why,
  });
  // The reversal overtook its original: it is off the books before it is on them.
  if (ledger.reversalOf(id) !== undefined) return refused('79', 'already reversed');
  const icc = iccData(request);
  if (isMalformed(icc)) return refused('30', describeMalformed(icc));
  const mismatch = mismatchOf(request, icc);
  if (mismatch !== undefined) return refused('30', mismatch);
  const verified = parts.verify(icc, pan, text(request, 23)?.slice(1));
  if (!verified.ok) return refused('82', verified.why);
  const atc = toHex(icc.get(tag.applicationTransactionCounter) ?? new Uint8Array());
  if (ledger.cryptogramSeen(about.token, atc)) {
    return refused('63', `counter ${atc} of this card was used before`);
  }
  const responseCode = answerFor(parts.rules, { ...about, pan });
  const arpc = verified.arpc(responseCode);
  return {
    ...about,
    responseCode,
    ...(responseCode === '00' ? { authorisationCode: codeFor(ledger) } : {}),
    arqcVerified: true,
    cvn: verified.cvn,
    atc,
    ...(arpc === undefined ? {} : { issuerAuthenticationData: toHex(arpc) }),
  };
};

const codeFor = (ledger: Ledger): string =>
  (ledger.counts().payments + 1).toString(36).toUpperCase().padStart(6, '0').slice(-6);

/** What the message says twice must be the same both times. */
const mismatchOf = (request: Message, icc: ReadonlyMap<number, Uint8Array>): string | undefined => {
  const inIcc = (tagNumber: number) => toHex(icc.get(tagNumber) ?? new Uint8Array());
  const amount = fromBcd(icc.get(tag.amountAuthorisedNumeric) ?? new Uint8Array());
  const pan = text(request, 2);
  if (pan === undefined) return 'DE 2 is missing';
  if (amount !== Number(text(request, 4))) return 'DE 4 is not 9F02';
  if (inIcc(tag.transactionCurrencyCode) !== `0${text(request, 49)}`) return 'DE 49 is not 5F2A';
  if (inIcc(tag.transactionDate).slice(2) !== text(request, 13)) return 'DE 13 is not 9A';
  if (inIcc(tag.transactionType) !== text(request, 3)?.slice(0, 2)) return 'DE 3 is not 9C';
  const track2 = text(request, 35);
  if (track2 !== undefined && track2.split('=')[0] !== pan) return 'DE 35 is not of DE 2';
  return undefined;
};

const reverse = async (request: Message, { ledger, log, wallMs }: HostParts): Promise<Message> => {
  // DE 90: MTI 4, STAN 6, transmission time 10 of the original.
  const original = text(request, 90) ?? '';
  const terminal = text(request, 41)?.trim() ?? '';
  const stan = original.slice(4, 10);
  const transmitted = original.slice(10, 20);
  const id = keyOf(terminal, stan, transmitted);
  const found = ledger.find(id) !== undefined;
  const known = ledger.reversalOf(id);
  if (known === undefined) {
    const at = new Date(wallMs()).toISOString();
    const reason = text(request, 39) ?? '';
    const rrn = text(request, 37) ?? '';
    const entry = {
      type: 'reversal',
      at,
      terminal,
      stan,
      transmitted,
      rrn,
      reason,
      found,
    } as const;
    await ledger.append(entry);
  }
  log.info({ stan, found, again: known !== undefined }, 'reversal');
  return answer(request, '0410', ECHOED, new Map([[39, (known?.found ?? found) ? '00' : '25']]));
};

const answer = (
  request: Message,
  mti: string,
  echoed: readonly number[],
  fields: ReadonlyMap<number, FieldValue>,
): Message => {
  const echoes = echoed.flatMap((number) => {
    const value = request.fields.get(number);
    return value === undefined ? [] : [[number, value] as const];
  });
  return { mti, fields: new Map([...echoes, ...fields]) };
};
