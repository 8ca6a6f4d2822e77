import { timingSafeEqual } from 'node:crypto';
import { describeMalformed, isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { aesCmac } from '#crypto/cmac.ts';
import {
  createCodec,
  createFramer,
  type DialectName,
  type FramingOptions,
  type Message,
  macInput,
  type Split,
  splitMac,
  swapped,
  withMac,
} from '#iso8583/index.ts';

export interface SpeechOptions {
  readonly dialect: DialectName;
  /** As the terminal has it: its own TPDU, of which ours is the answer. */
  readonly framing?: FramingOptions;
  /** AES key of the messages' MAC (CMAC, its first 8 bytes); undefined: no message has one. */
  readonly macKey?: Uint8Array;
  readonly wallMs: () => number;
}

/** Canonical messages as bytes on a connection, and back. */
export interface Speech {
  /** Malformed when the bytes are no message, or its MAC isn't made with our key. */
  read(bytes: Uint8Array): Message | Malformed;
  /** With the MAC, if there is one. Throws for what can't be coded: a bug of ours. */
  encoded(message: Message): Uint8Array;
  framed(bytes: Uint8Array): Uint8Array;
  split(rest: Uint8Array, chunk: Uint8Array): Split | Malformed;
}

export const createSpeech = (options: SpeechOptions): Speech => {
  const { dialect, framing = {}, macKey, wallMs } = options;
  const codec = createCodec({
    dialect,
    mac: macKey !== undefined,
    localTime: () => new Date(wallMs()).toISOString().replaceAll(/[-:T]/g, '').slice(2, 14),
  });
  const { header, tpdu } = framing;
  const framer = createFramer({
    ...(header === undefined ? {} : { header }),
    ...(tpdu === undefined ? {} : { tpdu: swapped(tpdu) }),
  });
  return {
    read: (bytes) => {
      const problem = macKey === undefined ? undefined : macProblem(bytes, macKey);
      return problem ?? codec.decode(bytes);
    },
    encoded: (message) => {
      const bytes = orThrow(codec.encode(message));
      return macKey === undefined
        ? bytes
        : orThrow(withMac(bytes, macOver(macInput(bytes), macKey)));
    },
    framed: (bytes) => orThrow(framer.frame(bytes)),
    split: framer.split,
  };
};

// ISO 9797-1 MAC algorithm 5 with AES (CMAC), cut to the eight bytes that DE 64 and 128 have.
const macOver = (covered: Uint8Array, key: Uint8Array): Uint8Array =>
  aesCmac(key, covered).slice(0, 8);

const macProblem = (bytes: Uint8Array, key: Uint8Array): Malformed | undefined => {
  const parts = splitMac(bytes);
  if (isMalformed(parts)) return parts;
  return timingSafeEqual(parts.mac, macOver(parts.covered, key))
    ? undefined
    : malformed(['MAC'], parts.covered.length, 'not made with our key');
};

const orThrow = (bytes: Uint8Array | Malformed): Uint8Array => {
  if (isMalformed(bytes)) throw new Error(describeMalformed(bytes));
  return bytes;
};
