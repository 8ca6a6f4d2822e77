import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BehaviorSubject } from 'rxjs';
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
  /** What readers answer to commands to themselves from now on; at first they refuse them. */
  answerEscapes(answer: (command: string) => EscapeAnswer): void;
  /**
   * Attaches and removes readers, brings and takes cards, once whoever is connected watches for it:
   * libpcsclite misses readers that come between two of its calls, a hand isn't as quick.
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
  const scene: Scene = {
    readers: [],
    changes: 0,
    answerOf: () => 'refused',
    log: new BehaviorSubject<readonly Asked[]>([]),
    watching: new Set(),
    contexts: new Map(),
  };
  const { log } = scene;

  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => scene.watching.delete(socket));
    eachMessage(socket, (message) => obey(scene, socket, message));
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
    answerEscapes: (answer) => {
      scene.answerOf = answer;
    },
    show: async (next) => {
      await watched(scene, sockets);
      scene.readers = next;
      scene.changes++;
      for (const socket of scene.watching) signal(scene, socket, SUCCESS);
    },
    hangUp,
    close: async () => {
      server.close();
      hangUp();
      await rm(home, { recursive: true, force: true });
    },
  };
};

interface Scene {
  readers: readonly ScriptedReader[];
  changes: number;
  answerOf: (command: string) => EscapeAnswer;
  readonly log: BehaviorSubject<readonly Asked[]>;
  readonly watching: Set<Socket>;
  readonly contexts: Map<number, Socket>;
}

/** Wakes a client that waits for a change. */
const signal = ({ watching }: Scene, socket: Socket, result: number): void => {
  if (watching.delete(socket)) socket.write(words(0, result));
};

/** Everybody watches: for readers that come and go, and at each of them for cards. */
const watched = async (scene: Scene, sockets: ReadonlySet<Socket>): Promise<void> => {
  const until = Date.now() + 5000;
  do await sleep(20);
  while (sockets.size > 0 && scene.watching.size <= scene.readers.length && Date.now() < until);
  if (Date.now() >= until) throw new Error('nobody watches for what is to be shown');
};

const obey = (scene: Scene, socket: Socket, message: Message): void => {
  const { readers, changes, watching, contexts, log } = scene;
  const { command, body } = message;
  const asked = askedIn(message);
  if (asked !== undefined) {
    log.next([...log.value, asked]);
    const reply = replyTo(scene, asked, body);
    if (reply !== undefined) socket.write(reply);
    return;
  }
  if (command === COMMANDS.waitChange) watching.add(socket);
  if (command === COMMANDS.getStates || command === COMMANDS.waitChange)
    socket.write(readerStates(readers, changes));
  else if (command === COMMANDS.stopWaiting) signal(scene, socket, SUCCESS);
  else if (command === COMMANDS.cancel) {
    socket.write(body);
    const other = contexts.get(body.readUInt32LE(0));
    if (other !== undefined) signal(scene, other, CANCELLED);
  } else {
    // Version, contexts and the rest: as asked, with success. A context has a number.
    const reply = withResult(body, SUCCESS);
    if (command === COMMANDS.establishContext) {
      contexts.set(contexts.size + 1, socket);
      reply.writeUInt32LE(contexts.size, 4);
    }
    socket.write(reply);
  }
};

/** The answer to what is about a card or a reader: as asked, with what came of it at the end. */
const replyTo = (scene: Scene, asked: Asked, body: Buffer): Buffer | undefined => {
  switch (asked.kind) {
    case 'connect': {
      const isDirect = asked.share === 'direct';
      const isPresent = scene.readers.some(({ card }) => card === 'present');
      const reply = withResult(body, isDirect || isPresent ? SUCCESS : UNPOWERED_CARD);
      reply.writeUInt32LE(CARD_HANDLE, reply.length - 12);
      reply.writeUInt32LE(isDirect ? NO_PROTOCOL : T1, reply.length - 8);
      return reply;
    }
    case 'transmit':
      return withAnswer(body, READER_UNAVAILABLE, '');
    case 'control': {
      const said = scene.answerOf(asked.command);
      if (said === 'mute') return undefined;
      return said === 'refused'
        ? withAnswer(body, NOT_TRANSACTED, '')
        : withAnswer(body, SUCCESS, said);
    }
    default:
      return withResult(body, SUCCESS);
  }
};

const withResult = (body: Buffer, result: number): Buffer => {
  const reply = Buffer.from(body);
  reply.writeUInt32LE(result, reply.length - 4);
  return reply;
};

/** What a card or reader answered, after its length. */
const withAnswer = (body: Buffer, result: number, answer: string): Buffer => {
  const response = Buffer.from(answer, 'hex');
  const reply = withResult(body, result);
  reply.writeUInt32LE(response.length, reply.length - 8);
  return Buffer.concat([reply, response]);
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
