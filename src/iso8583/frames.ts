import { concat, startsWith } from '#bytes/bytes.ts';
import { fromHex } from '#bytes/hex.ts';
import { type Malformed, malformed } from '#bytes/malformed.ts';
import { type LengthHeader, lengthHeaders } from './length-headers.ts';

/** No message of ours or of a host's comes near this many bytes. */
export const MAX_MESSAGE = 8192;

/**
 * Transport protocol data unit: '60', then whom a message goes to and whom it comes from, each a
 * network international identifier of four digits. An answer has the two swapped.
 */
export interface Tpdu {
  readonly destination: string;
  readonly source: string;
}

export interface FramingOptions {
  /** How the length in front of a message is written: 'binary-2' unless the host wants another. */
  readonly header?: LengthHeader;
  /** What we put in front of our messages; only answers to it are taken. None unless given. */
  readonly tpdu?: Tpdu;
}

export interface Split {
  /** Whole messages, without length header and TPDU. */
  readonly messages: readonly Uint8Array[];
  /** What is left of the stream: the beginning of the next message. */
  readonly rest: Uint8Array;
}

export interface Framer {
  /** A message behind its length and TPDU; Malformed when it is longer than MAX_MESSAGE. */
  frame(message: Uint8Array): Uint8Array | Malformed;
  /**
   * Cuts a stream into messages. It arrives as the network likes: a message in pieces, several at
   * once. A length of zero is a host's sign of life and is skipped. A length over MAX_MESSAGE, or
   * a TPDU that isn't the answer to ours, means that the stream is not what it should be, and
   * there is no way to find its place again.
   * @param rest what the last call left, empty at first
   * @param chunk plain bytes: a Buffer's slices would share its memory
   */
  split(rest: Uint8Array, chunk: Uint8Array): Split | Malformed;
}

/** The other end's TPDU: what a host puts in front of its answers. */
export const swapped = ({ destination, source }: Tpdu): Tpdu => ({
  destination: source,
  source: destination,
});

/** How messages and a stream become each other. Throws on a TPDU that isn't twice four digits. */
export const createFramer = ({ header = 'binary-2', tpdu }: FramingOptions = {}): Framer => {
  const row = lengthHeaders[header];
  const ours = tpdu === undefined ? NONE : tpduBytes(tpdu);
  const theirs = tpdu === undefined ? NONE : tpduBytes(swapped(tpdu));
  const most = MAX_MESSAGE + ours.length;
  const extra = row.inclusive ? row.size : 0;
  const tooMany = (at: number, length: number, what: string) =>
    malformed(['length header'], at, `${length} bytes ${what}`);
  return {
    frame: (message) => {
      const length = ours.length + message.length;
      if (length > most) return tooMany(0, message.length, 'are too many');
      return concat(row.write(length + extra), ours, message);
    },
    split: (rest, chunk) => {
      const stream = rest.length === 0 ? chunk : concat(rest, chunk);
      const messages: Uint8Array[] = [];
      let at = 0;
      while (stream.length - at >= row.size) {
        const written = row.read(stream, at);
        if (written === undefined) return malformed(['length header'], at, 'digits expected');
        const length = written === 0 ? 0 : written - extra;
        if (length < 0) return tooMany(at, written, 'announced, fewer than the header has');
        if (length > most) return tooMany(at, length, `announced, at most ${most}`);
        const start = at + row.size;
        if (stream.length - start < length) break;
        const frame = stream.subarray(start, start + length);
        if (length > 0 && !startsWith(frame, theirs)) {
          return malformed(['TPDU'], start, 'not the answer to ours');
        }
        if (length > theirs.length) messages.push(frame.slice(theirs.length));
        at = start + length;
      }
      return { messages, rest: stream.slice(at) };
    },
  };
};

const NONE = new Uint8Array();

const tpduBytes = ({ destination, source }: Tpdu): Uint8Array => {
  const bytes = fromHex(`60${destination}${source}`);
  if (bytes?.length !== 5 || !/^\d{8}$/.test(destination + source)) {
    throw new TypeError('a TPDU has a destination and a source of four digits each');
  }
  return bytes;
};

const plain = createFramer();

/** A message behind its length: two bytes, big-endian, not counting themselves. */
export const frame = plain.frame;

/** The other way: see Framer. */
export const split = plain.split;
