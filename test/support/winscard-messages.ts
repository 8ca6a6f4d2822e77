import type { Socket } from 'node:net';

// The part of pcscd's protocol 4:4 (winscard_msg.h) that tests speak or listen to. Numbers are 32
// bit, in the machine's (little-endian) order.

/** Commands of a client. */
export const COMMANDS = {
  establishContext: 0x01,
  connect: 0x04,
  reconnect: 0x05,
  disconnect: 0x06,
  beginTransaction: 0x07,
  transmit: 0x09,
  control: 0x0a,
  cancel: 0x0d,
  getStates: 0x12,
  waitChange: 0x13,
  stopWaiting: 0x14,
} as const;

/** How a connection is shared; a direct one is to the reader, and needs no card. */
export const SHARES = { 1: 'exclusive', 2: 'shared', 3: 'direct' } as const;
export type Share = (typeof SHARES)[keyof typeof SHARES];

/** What becomes of the card when a connection ends. */
export const DISPOSITIONS = { 0: 'leave', 1: 'reset', 2: 'unpower', 3: 'eject' } as const;
export type Disposition = (typeof DISPOSITIONS)[keyof typeof DISPOSITIONS];

/** What a client asked for that is about a card or a reader. */
export type Asked =
  | { readonly kind: 'connect'; readonly reader: string; readonly share: Share }
  | { readonly kind: 'reconnect' }
  | { readonly kind: 'disconnect'; readonly disposition: Disposition }
  | { readonly kind: 'beginTransaction' }
  | { readonly kind: 'transmit'; readonly command: string }
  | { readonly kind: 'control'; readonly code: number; readonly command: string };

/** One message: its command, its body, and what goes to a card or a reader after it. */
export interface Message {
  readonly command: number;
  readonly body: Buffer;
  readonly payload: Buffer;
}

/** What it asks for; undefined for listing, watching and the like, which touch nothing. */
export const askedIn = ({ command, body, payload }: Message): Asked | undefined => {
  switch (command) {
    case COMMANDS.connect:
      return {
        kind: 'connect',
        reader: text(body.subarray(4, 132)),
        share: SHARES[body.readUInt32LE(132) as keyof typeof SHARES],
      };
    case COMMANDS.reconnect:
      return { kind: 'reconnect' };
    case COMMANDS.disconnect:
      return {
        kind: 'disconnect',
        disposition: DISPOSITIONS[body.readUInt32LE(4) as keyof typeof DISPOSITIONS],
      };
    case COMMANDS.beginTransaction:
      return { kind: 'beginTransaction' };
    case COMMANDS.transmit:
      return { kind: 'transmit', command: hexOf(payload) };
    case COMMANDS.control:
      return { kind: 'control', code: body.readUInt32LE(4), command: hexOf(payload) };
    default:
      return undefined;
  }
};

/** Takes a client's stream apart. A message is its body's length, a command and the body. */
export const messageReader = (obey: (message: Message) => void): ((chunk: Buffer) => void) => {
  let pending: Buffer = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (let end = endOf(pending); pending.length >= end; end = endOf(pending)) {
      const bodyEnd = HEADER + pending.readUInt32LE(0);
      const message = {
        command: pending.readUInt32LE(4),
        body: pending.subarray(HEADER, bodyEnd),
        payload: pending.subarray(bodyEnd, end),
      };
      pending = pending.subarray(end);
      obey(message);
    }
  };
};

export const eachMessage = (socket: Socket, obey: (message: Message) => void): void => {
  socket.on('data', messageReader(obey));
};

const HEADER = 8;

/** Where the first message ends; beyond everything while that can't be told. */
const endOf = (pending: Buffer): number => {
  if (pending.length < HEADER) return Number.POSITIVE_INFINITY;
  const bodyEnd = HEADER + pending.readUInt32LE(0);
  const lengthAt = PAYLOAD_LENGTH_AT.get(pending.readUInt32LE(4));
  if (lengthAt === undefined || pending.length < bodyEnd) return bodyEnd;
  return bodyEnd + pending.readUInt32LE(HEADER + lengthAt);
};

/** Where in the body of a command its payload's length stands (cbSendLength). */
const PAYLOAD_LENGTH_AT: ReadonlyMap<number, number> = new Map([
  [COMMANDS.transmit, 12],
  [COMMANDS.control, 8],
]);

const text = (bytes: Buffer): string => {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end);
};

const hexOf = (bytes: Buffer): string => bytes.toString('hex').toUpperCase();
