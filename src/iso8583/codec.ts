import { type Malformed, malformed } from '#bytes/malformed.ts';
import { decode } from './decode.ts';
import { type DialectName, dialects } from './dialects.ts';
import { fromEdition, toEdition } from './editions.ts';
import { encode } from './encode.ts';
import { fieldName } from './field.ts';
import { MAC_BYTES, macNumber } from './mac.ts';
import type { Message } from './message.ts';

/** What a host expects of messages. */
export interface Profile {
  readonly dialect: DialectName;
  /** Whether every message carries a MAC, both ways. */
  readonly mac: boolean;
  /** The shop's local time now, YYMMDDhhmmss: editions after 1987 send the year as well. */
  localTime(): string;
}

/** Canonical messages (ISO 8583:1987, see editions.ts) to a host's bytes and back. */
export interface Codec {
  readonly mac: boolean;
  /**
   * With a MAC, its eight bytes are zero: calculate it over `macInput` and put it in by `withMac`.
   * Malformed names the element that this host's messages can't carry.
   */
  encode(message: Message): Uint8Array | Malformed;
  /**
   * Never throws. With a MAC, `splitMac` says what has to be checked; the message comes without
   * it, and one without a MAC is Malformed.
   */
  decode(bytes: Uint8Array): Message | Malformed;
}

export const createCodec = ({ dialect: name, mac, localTime }: Profile): Codec => {
  const dialect = dialects[name];
  const { version } = dialect;
  return {
    mac,
    encode: (message) => {
      const edition = version === '0' ? message : toEdition(message, version, localTime());
      if ('malformed' in edition) return edition;
      return encode(mac ? withRoom(edition) : edition, dialect);
    },
    decode: (bytes) => {
      const edition = decode(bytes, dialect);
      if ('malformed' in edition) return edition;
      const plain = mac ? withoutMac(edition, bytes) : edition;
      return 'malformed' in plain || version === '0' ? plain : fromEdition(plain);
    },
  };
};

const withRoom = ({ mti, fields }: Message): Message => ({
  mti,
  fields: new Map(fields).set(macNumber(fields), new Uint8Array(MAC_BYTES)),
});

const withoutMac = ({ mti, fields }: Message, bytes: Uint8Array): Message | Malformed => {
  const number = macNumber(fields);
  const left = new Map(fields);
  if (left.delete(number)) return { mti, fields: left };
  return malformed([fieldName(number)], bytes.length, 'the message has no MAC');
};
