import { isMalformed } from '#bytes/malformed.ts';
import {
  encodeRequest,
  encodeResponse,
  eventNotification,
  type KeyRing,
  looksSecured,
  type MessageHeader,
  type NexoRequest,
  type NexoResponse,
  openSecured,
  parseJson,
  type ReplyFacts,
  seal,
} from '#nexo/index.ts';
import type { TillParts } from './parts.ts';

/** Makes bytes of an answer or a notification, sealed or plain as the request came. */
export type Reply = (message: NexoResponse | NexoRequest) => Uint8Array;

/** A message that was taken in, and how it is answered. */
export interface TakenIn {
  readonly json: unknown;
  /** UTF-8. */
  readonly plaintext: Uint8Array;
  /** The header in front of a sealed message: nobody vouches for it. */
  readonly front?: unknown;
  readonly reply: Reply;
}

/**
 * Takes a message in. Undefined for one that is not to be trusted: plain where that is not allowed,
 * or sealed with what we can't open. Which of these it was is told to nobody: all of them come to
 * `notOpened`. Which key a message names is no secret; what depends on the key itself takes the
 * same time, see `openSecured`.
 */
export const takeIn = (parts: TillParts, bytes: Uint8Array): TakenIn | undefined => {
  const json = parseJson(new TextDecoder().decode(bytes));
  if (!looksSecured(json)) {
    return parts.plain ? { json, plaintext: bytes, reply: plainly } : undefined;
  }
  const ring = parts.keys();
  if (ring === undefined) return undefined;
  const opened = openSecured(json, ring);
  if (isMalformed(opened)) return undefined;
  const { identifier: KeyIdentifier, version: KeyVersion } = opened.key;
  const key = ring.find({ KeyIdentifier, KeyVersion });
  if (key === undefined) return undefined;
  return {
    json: parseJson(new TextDecoder().decode(opened.plaintext)),
    plaintext: opened.plaintext,
    front: headerOf(json),
    reply: sealedWith(key, parts),
  };
};

/**
 * What a sender is told whose message could not be opened: the same for each cause, and nothing of
 * its message. Adyen's terminals reject such a message by an event, unencrypted.
 */
export const notOpened = (facts: ReplyFacts): Uint8Array => {
  const details = { message: 'The message has to be encrypted with a key of this terminal' };
  const nobody = { ...facts, saleId: 'unknown' };
  return plainly(eventNotification('Reject', details, nobody, new Uint8Array()));
};

/**
 * Whether the header in front says the same as the one inside. Only the one inside is vouched for;
 * who routes messages by the other one must not be led astray.
 */
export const agrees = (front: unknown, inner: MessageHeader): boolean => {
  if (front === undefined) return true;
  if (typeof front !== 'object' || front === null) return false;
  const outer = front as Readonly<Record<string, unknown>>;
  return FIELDS.every((field) => String(outer[field] ?? '') === String(inner[field] ?? ''));
};

const FIELDS = [
  'MessageClass',
  'MessageCategory',
  'MessageType',
  'ServiceID',
  'DeviceID',
  'SaleID',
  'POIID',
] as const;

const headerOf = (json: unknown): unknown => {
  const { SaleToPOIRequest } = json as { SaleToPOIRequest?: { MessageHeader?: unknown } };
  return SaleToPOIRequest?.MessageHeader ?? null;
};

const jsonOf = (message: NexoResponse | NexoRequest): string =>
  isResponse(message) ? encodeResponse(message) : encodeRequest(message);

const isResponse = (message: NexoResponse | NexoRequest): message is NexoResponse =>
  message.header.MessageType === 'Response';

const plainly: Reply = (message) => new TextEncoder().encode(jsonOf(message));

const sealedWith =
  (key: KeyRing['current'], { entropy }: TillParts): Reply =>
  (message) => {
    const envelope = isResponse(message) ? 'SaleToPOIResponse' : 'SaleToPOIRequest';
    const json = jsonOf(message);
    return new TextEncoder().encode(
      seal(envelope, message.header, json, key, entropy.bytes(NONCE_BYTES)),
    );
  };

const NONCE_BYTES = 16;
