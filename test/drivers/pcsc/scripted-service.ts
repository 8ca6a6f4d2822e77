import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BehaviorSubject, filter, firstValueFrom } from 'rxjs';
import {
  type Asked,
  askedIn,
  COMMANDS,
  eachMessage,
  type Message,
} from '#test/support/winscard-messages.ts';

/** What the scripted service says about one reader. */
export interface ScriptedReader {
  readonly name: string;
  /** `mute`: a card that could not be powered up, so without an answer to reset. */
  readonly card: 'absent' | 'present' | 'mute';
}

/** What a reader answers to a command to itself: hexadecimal, or that it doesn't, or nothing. */
export type EscapeAnswer = string | 'refused' | 'mute';

/**
 * A smart card service that says what a test wants: the virtual reader can't be unplugged, nor has
 * it a SAM or an antenna. Speaks as much of pcscd's protocol as libpcsclite needs to list readers,
 * watch them, connect to cards and give a reader commands to itself; a command to a card gets the
 * answer that the reader is gone.
 */
export interface ScriptedService {
  readonly socketPath: string;
  /** How often somebody connected to a card. */
  connects(): number;
  /** What was asked for about cards and readers, in order. */
  asked(): readonly Asked[];
  /** Resolves when so many things were asked for. */
  askedFor(count: number): Promise<readonly Asked[]>;
  /** What readers answer to commands to themselves from now on; at first they refuse them. */
  answerEscapes(answer: (command: string) => EscapeAnswer): void;
  /**
   * Attaches and removes readers, brings and takes cards, no faster than a hand: libpcsclite misses
   * readers that come between two of its calls, a millisecond after the last change.
   */
  show(readers: readonly ScriptedReader[]): Promise<void>;
  /** Breaks off with everybody, as a service that is restarted does. */
  hangUp(): void;
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
  let answerOf: (command: string) => EscapeAnswer = () => 'refused';
  const log = new BehaviorSubject<readonly Asked[]>([]);

  const signal = (socket: Socket, result: number): void => {
    if (watching.delete(socket)) socket.write(words(0, result));
  };

  const obey = (socket: Socket, message: Message): void => {
    const { command, body, payload } = message;
    const asked = askedIn(message);
    if (asked !== undefined) log.next([...log.value, asked]);
    const reply = Buffer.from(body);
    const answer = (result: number, more: Buffer = Buffer.alloc(0)): void => {
      reply.writeUInt32LE(result, reply.length - 4);
      socket.write(Buffer.concat([reply, more]));
    };
    if (command === COMMANDS.waitChange) watching.add(socket);
    if (command === COMMANDS.getStates || command === COMMANDS.waitChange)
      socket.write(readerStates(readers, changes));
    else if (command === COMMANDS.stopWaiting) signal(socket, SUCCESS);
    else if (command === COMMANDS.cancel) {
      socket.write(reply);
      const other = contexts.get(body.readUInt32LE(0));
      if (other !== undefined) signal(other, CANCELLED);
    } else if (asked?.kind === 'connect') {
      const isDirect = asked.share === 'direct';
      const isPresent = readers.some(({ card }) => card === 'present');
      reply.writeUInt32LE(CARD_HANDLE, reply.length - 12);
      reply.writeUInt32LE(isDirect ? NO_PROTOCOL : T1, reply.length - 8);
      answer(isDirect || isPresent ? SUCCESS : UNPOWERED_CARD);
    } else if (command === COMMANDS.transmit) {
      reply.writeUInt32LE(0, reply.length - 8);
      answer(READER_UNAVAILABLE);
    } else if (command === COMMANDS.control) {
      const said = answerOf(payload.toString('hex').toUpperCase());
      const response = said === 'refused' ? Buffer.alloc(0) : Buffer.from(said, 'hex');
      reply.writeUInt32LE(response.length, reply.length - 8);
      if (said !== 'mute') answer(said === 'refused' ? NOT_TRANSACTED : SUCCESS, response);
    } else {
      // Version, contexts and the rest: as asked, with success. A context has a number.
      if (command === COMMANDS.establishContext) {
        contexts.set(contexts.size + 1, socket);
        reply.writeUInt32LE(contexts.size, 4);
      }
      answer(SUCCESS);
    }
  };

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => watching.delete(socket));
    eachMessage(socket, (message) => obey(socket, message));
  }).listen(socketPath);
  await once(server, 'listening');
  const hangUp = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };

  return {
    socketPath,
    connects: () => log.value.filter((asked) => isCardConnect(asked)).length,
    asked: () => log.value,
    askedFor: (count) => firstValueFrom(log.pipe(filter(({ length }) => length >= count))),
    answerEscapes: (answer) => {
      answerOf = answer;
    },
    show: async (next) => {
      await sleep(50);
      readers = next;
      changes++;
      for (const socket of watching) signal(socket, SUCCESS);
    },
    hangUp,
    close: async () => {
      server.close();
      hangUp();
      await rm(home, { recursive: true, force: true });
    },
  };
};

const isCardConnect = (asked: Asked): boolean =>
  asked.kind === 'connect' && asked.share !== 'direct';

const SUCCESS = 0;
const CANCELLED = 0x80100002;
const NOT_TRANSACTED = 0x80100016;
const READER_UNAVAILABLE = 0x80100017;
const UNPOWERED_CARD = 0x80100067;

const CARD_HANDLE = 1;
const NO_PROTOCOL = 0;
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
