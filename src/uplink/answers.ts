import { concat } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { binary, type Message, text } from '#iso8583/index.ts';
import { type Fault, fault } from '#ports/fault.ts';
import { parseTlvs, rawOf } from '#tlv/tlv.ts';
import { responseCode } from './response-codes.ts';
import type { Answered } from './types.ts';

/**
 * What a message and its answer have in common. An answer has the request's MTI with its function
 * raised by one, and its STAN.
 */
export const answerKey = (request: Message): string => {
  const repeatable = request.mti.slice(0, 3);
  return keyOf(`${repeatable.slice(0, 2)}${Number(repeatable.charAt(2)) + 1}0`, request);
};

export const keyOf = (mti: string, message: Message): string =>
  [mti, text(message, 11) ?? ''].join(' ');

/**
 * Whether a message with the right key answers this request. What it repeats of the request has to
 * be the same; some hosts give a retrieval reference of their own, which then has to be of the same
 * terminal and moment.
 */
export const answers = (answer: Message, request: Message): boolean => {
  const same = (number: number) => text(answer, number) === text(request, number);
  const repeated = (number: number) => text(answer, number) !== undefined;
  const identified = ECHOED.every((number) => !repeated(number) || same(number));
  const owns = ECHOED.every((number) => repeated(number) || text(request, number) === undefined);
  const reference = !repeated(37) || text(request, 37) === undefined || same(37);
  return identified && (reference || owns);
};

// With DE 11 they are a message's identity at the host: transmission time and terminal.
const ECHOED = [7, 41];

/** Reads an answer against its request. Fault `protocol` when it can't be the answer to it. */
export const readAnswer = (
  request: Message,
  answer: Message,
  milliseconds: number,
): Answered | Fault => {
  const code = text(answer, 39);
  if (code === undefined) return fault('protocol', 'the host answered without DE 39');
  const row = responseCode(code);
  const approvedMinor = row.approved ? approvedAmount(code, request, answer) : undefined;
  if (typeof approvedMinor === 'object') return approvedMinor;
  const authorisationCode = text(answer, 38);
  const issuerData = issuerDataOf(answer);
  return {
    kind: 'answered',
    approved: row.approved,
    ...(approvedMinor === undefined ? {} : { approvedMinor }),
    row,
    ...(authorisationCode === undefined ? {} : { authorisationCode }),
    ...(issuerData.length === 0 ? {} : { issuerData }),
    retrievalReference: text(request, 37) ?? '',
    milliseconds,
  };
};

// A part of the amount (10) is in DE 4, and less than was asked for. Any other approval is of the
// whole amount, whether the host says so or not. acquirer interface §7
const approvedAmount = (
  code: string,
  request: Message,
  answer: Message,
): number | undefined | Fault => {
  const asked = Number(text(request, 4));
  const got = text(answer, 4);
  if (code !== PARTIAL) {
    if (got === undefined || Number(got) === asked) return undefined;
    return fault('protocol', 'the host approved another amount than was asked for');
  }
  if (got !== undefined && Number(got) > 0 && Number(got) < asked) return Number(got);
  return fault('protocol', 'the host approved a part and did not say which');
};

const PARTIAL = '10';

const ISSUER_TAGS: ReadonlySet<number> = new Set([
  tag.issuerAuthenticationData,
  tag.issuerScriptTemplate1,
  tag.issuerScriptTemplate2,
]);

const issuerDataOf = (answer: Message): Uint8Array => {
  const objects = parseTlvs(binary(answer, 55) ?? new Uint8Array());
  if (isMalformed(objects)) return new Uint8Array();
  return concat(...objects.filter((object) => ISSUER_TAGS.has(object.tag)).map(rawOf));
};
