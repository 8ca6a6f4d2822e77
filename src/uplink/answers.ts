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
 * raised by one, its STAN, and its retrieval reference where it had one.
 */
export const answerKey = (request: Message): string => {
  const repeatable = request.mti.slice(0, 3);
  return keyOf(`${repeatable.slice(0, 2)}${Number(repeatable.charAt(2)) + 1}0`, request);
};

export const keyOf = (mti: string, message: Message): string =>
  [mti, text(message, 11) ?? '', text(message, 37) ?? ''].join(' ');

/** Reads a 0110 against its request. Fault `protocol` when it can't be the answer to it. */
export const readAnswer = (
  request: Message,
  answer: Message,
  milliseconds: number,
): Answered | Fault => {
  const code = text(answer, 39);
  if (code === undefined) return fault('protocol', 'the host answered without DE 39');
  const { approved, meaning, shopper } = responseCode(code);
  const amount = text(answer, 4);
  if (approved && amount !== undefined && amount !== text(request, 4)) {
    return fault('protocol', 'the host approved another amount than was asked for');
  }
  const authorisationCode = text(answer, 38);
  const issuerData = issuerDataOf(answer);
  return {
    kind: 'answered',
    approved,
    responseCode: code,
    meaning,
    shopper,
    ...(authorisationCode === undefined ? {} : { authorisationCode }),
    ...(issuerData.length === 0 ? {} : { issuerData }),
    stan: text(request, 11) ?? '',
    retrievalReference: text(request, 37) ?? '',
    milliseconds,
  };
};

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
