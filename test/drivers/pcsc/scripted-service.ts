import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the scripted service says about one reader. */
export interface ScriptedReader {
  readonly name: string;
  /** `mute`: a card that could not be powered up, so without an answer to reset. */
  readonly card: 'absent' | 'present' | 'mute';
}

/**
 * A smart card service that says what a test wants: the virtual reader can't be unplugged, nor has
 * it a SAM. Speaks as much of pcscd's protocol 4:4 (winscard_msg.h) as libpcsclite needs to list
 * readers, watch them and connect; a command gets the answer that the reader is gone. Numbers are
 * 32 bit, in the machine's (little-endian) order.
 */
export interface ScriptedService {
  readonly socketPath: string;
  /** How often somebody connected to a card. */
  connects(): number;
  /**
   * Attaches and removes readers, brings and takes cards, no faster than a hand: libpcsclite misses
   * readers that come between two of its calls, a millisecond after the last change.
   */
  show(readers: readonly ScriptedReader[]): Promise<void>;
  close(): Promise<void>;
}

export const startScriptedService = async (): Promise<ScriptedService> => {
  const home = await mkdtemp(join(tmpdir(), 'countertap-scripted-'));
  const socketPath = join(home, 'pcscd.comm');
  const sockets = new Set<Socket>();
  const watching = new Set<Socket>();
  const contexts = new Map<number, Socket>();
  let readers: readonly ScriptedReader[] = [];
  let changes = 0;
  let connects = 0;

  const signal = (socket: Socket, result: number): void => {
    if (watching.delete(socket)) socket.write(words(0, result));
  };

  const obey = (socket: Socket, command: number, body: Buffer): void => {
    const reply = Buffer.from(body);
    if (command === WAIT_CHANGE) watching.add(socket);
    if (command === GET_STATES || command === WAIT_CHANGE)
      socket.write(readerStates(readers, changes));
    else if (command === STOP_WAITING) signal(socket, SUCCESS);
    else if (command === CANCEL) {
      socket.write(reply);
      const other = contexts.get(body.readUInt32LE(0));
      if (other !== undefined) signal(other, CANCELLED);
    } else if (command === CONNECT) {
      connects++;
      const isPresent = readers.some(({ card }) => card === 'present');
      reply.writeUInt32LE(CARD_HANDLE, reply.length - 12);
      reply.writeUInt32LE(T1, reply.length - 8);
      reply.writeUInt32LE(isPresent ? SUCCESS : UNPOWERED_CARD, reply.length - 4);
      socket.write(reply);
    } else if (command === TRANSMIT) {
      reply.writeUInt32LE(0, reply.length - 8);
      reply.writeUInt32LE(READER_UNAVAILABLE, reply.length - 4);
      socket.write(reply);
    } else {
      // Version, contexts and the rest: as asked, with success. A context has a number.
      if (command === ESTABLISH_CONTEXT) {
        contexts.set(contexts.size + 1, socket);
        reply.writeUInt32LE(contexts.size, 4);
      }
      reply.writeUInt32LE(SUCCESS, reply.length - 4);
      socket.write(reply);
    }
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => watching.delete(socket));
    eachMessage(socket, obey);
  }).listen(socketPath);
  await once(server, 'listening');

  return {
    socketPath,
    connects: () => connects,
    show: async (next) => {
      await sleep(50);
      readers = next;
      changes++;
      for (const socket of watching) signal(socket, SUCCESS);
    },
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await rm(home, { recursive: true, force: true });
    },
  };
};

const ESTABLISH_CONTEXT = 0x01;
const CONNECT = 0x04;
const TRANSMIT = 0x09;
const CANCEL = 0x0d;
const GET_STATES = 0x12;
const WAIT_CHANGE = 0x13;
const STOP_WAITING = 0x14;

const SUCCESS = 0;
const CANCELLED = 0x80100002;
const READER_UNAVAILABLE = 0x80100017;
const UNPOWERED_CARD = 0x80100067;

const CARD_HANDLE = 1;
const T1 = 2;

const ABSENT = 0x02;
const PRESENT = 0x04;
const SWALLOWED = 0x08;
const STATE_BITS = {
  absent: ABSENT,
  present: PRESENT,
  mute: PRESENT | SWALLOWED,
} as const;

const words = (...values: readonly number[]): Buffer => {
  const buffer = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => {
    buffer.writeUInt32LE(value, 4 * i);
  });
  return buffer;
};

/** A message is its body's length, a command and the body; what goes to a card comes after it. */
const eachMessage = (
  socket: Socket,
  obey: (socket: Socket, command: number, body: Buffer) => void,
): void => {
  let pending: Buffer = Buffer.alloc(0);
  const length = (): number => {
    if (pending.length < 8) return Number.POSITIVE_INFINITY;
    const end = 8 + pending.readUInt32LE(0);
    if (pending.readUInt32LE(4) !== TRANSMIT) return end;
    return pending.length < end ? end : end + pending.readUInt32LE(8 + 12);
  };
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= length()) {
      const end = length();
      obey(socket, pending.readUInt32LE(4), pending.subarray(8, 8 + pending.readUInt32LE(0)));
      pending = pending.subarray(end);
    }
  });
};

/** Sixteen places: name, count of events, state, sharing, ATR and its length, protocol. */
const readerStates = (readers: readonly ScriptedReader[], changes: number): Buffer => {
  const states = Buffer.alloc(16 * 184);
  readers.forEach(({ name, card }, i) => {
    const at = 184 * i;
    states.write(name, at, 'latin1');
    states.writeUInt32LE(changes, at + 128);
    states.writeUInt32LE(STATE_BITS[card], at + 132);
    if (card !== 'present') return;
    states.set([0x3b, 0x80, 0x80, 0x01, 0x01], at + 140);
    states.writeUInt32LE(5, at + 176);
  });
  return states;
};
