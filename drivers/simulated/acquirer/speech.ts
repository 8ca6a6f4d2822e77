import { timingSafeEqual } from 'node:crypto';
import { describeMalformed, isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { aesCmac } from '#crypto/cmac.ts';
import {
  createCodec,
  createFramer,
  type DialectName,
  dialects,
  type FramingOptions,
  type Message,
  macInput,
  type Split,
  splitMac,
  swapped,
  text,
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
  const { version } = dialects[dialect];
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
      const bytes = orThrow(codec.encode(version === '0' ? message : inLaterEdition(message)));
      return macKey === undefined
        ? bytes
        : orThrow(withMac(bytes, macOver(macInput(bytes), macKey)));
    },
    framed: (bytes) => orThrow(framer.frame(bytes)),
    split: framer.split,
  };
};

/**
 * What 1993 and 2003 have no words for: their DE 39 alone says whether a reconciliation is in
 * balance (500) or not (501, which is 95), and some response codes have no action code.
 */
const inLaterEdition = ({ mti, fields }: Message): Message => {
  const said = new Map(fields);
  const code = text({ mti, fields }, 39) ?? '';
  // What was reversed before is reversed, for whoever asks to reverse it.
  const nearest = code === '79' && mti.charAt(1) === '4' ? '00' : (NEAREST[code] ?? code);
  if (code !== '') said.set(39, fields.get(66) === '2' ? '95' : nearest);
  said.delete(66);
  return { mti, fields: said };
};

// Invalid transaction, PIN required, do not honour.
const NEAREST: Readonly<Record<string, string>> = {
  '03': '12',
  21: '12',
  77: '12',
  79: '05',
  '1A': '70',
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
