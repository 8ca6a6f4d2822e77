import { concat } from '#bytes/bytes.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';

/** No message of ours or of a host's comes near this many bytes. */
export const MAX_MESSAGE = 8192;

/** A message behind its length: two bytes, big-endian, not counting themselves. */
export const frame = (message: Uint8Array): Uint8Array | Malformed =>
  message.length > MAX_MESSAGE
    ? malformed(['length header'], 0, `${message.length} bytes are too many`)
    : concat(Uint8Array.of(message.length >> 8, message.length & 255), message);

export interface Split {
  /** Whole messages, without their headers. */
  readonly messages: readonly Uint8Array[];
  /** What is left of the stream: the beginning of the next message. */
  readonly rest: Uint8Array;
}

/**
 * Cuts a stream into messages. It arrives as the network likes: a message in pieces, several at
 * once. A length of zero is a host's sign of life and is skipped. A length over MAX_MESSAGE means
 * that the stream is not what it should be, and there is no way to find its place again.
 * @param rest what the last call left, empty at first
 * @param chunk plain bytes: a Buffer's slices would share its memory
 */
export const split = (rest: Uint8Array, chunk: Uint8Array): Split | Malformed => {
  const stream = rest.length === 0 ? chunk : concat(rest, chunk);
  const messages: Uint8Array[] = [];
  let at = 0;
  while (stream.length - at >= 2) {
    const length = (stream[at] ?? 0) * 256 + (stream[at + 1] ?? 0);
    if (length > MAX_MESSAGE) {
      return malformed(['length header'], at, `${length} bytes announced, at most ${MAX_MESSAGE}`);
    }
    if (stream.length - at - 2 < length) break;
    if (length > 0) messages.push(stream.slice(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return { messages, rest: stream.slice(at) };
};
