import { createConnection } from 'node:net';
import { endianness } from 'node:os';

/** Where pcscd listens, unless told otherwise (libpcsclite reads the same variable). */
export const defaultSocketPath = (): string => {
  const { PCSCLITE_CSOCK_NAME = '/run/pcscd/pcscd.comm' } = process.env;
  return PCSCLITE_CSOCK_NAME;
};

/**
 * `refuses`: it hung up without a word, which is what pcscd does to a user whom polkit doesn't let
 * use smart cards. `silent`: nobody is there, or a service that is stopped (hung).
 */
export type ServiceAnswer = 'answers' | 'refuses' | 'silent';

/**
 * Asks pcscd for its protocol version, which it answers to everybody who may use it at once. A
 * service that is stopped still takes connections, so only an answer counts. Never rejects.
 */
export const askService = (socketPath: string, deadlineMs: number): Promise<ServiceAnswer> =>
  new Promise((resolve) => {
    const socket = createConnection(socketPath);
    let isConnected = false;
    const finish = (answer: ServiceAnswer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(finish, deadlineMs, 'silent');
    socket.on('connect', () => {
      isConnected = true;
      socket.write(versionRequest());
    });
    socket.on('data', (answer) => {
      learnVersion(answer);
      finish('answers');
    });
    socket.on('error', ({ message }) => finish(hangUp(message, isConnected)));
    socket.on('close', () => finish(hangUp('', isConnected)));
  });

/** Undefined when pcscd answers; else what is wrong with it, for a technician. */
export const serviceTrouble = async (
  socketPath: string,
  deadlineMs: number,
): Promise<string | undefined> => {
  const answer = await askService(socketPath, deadlineMs);
  if (answer === 'answers') return undefined;
  return answer === 'silent'
    ? `no answer at ${socketPath}`
    : `pcscd refuses this user at ${socketPath}`;
};

// A service that ends, or refuses, may do so before our question is written.
const hangUp = (message: string, isConnected: boolean): ServiceAnswer =>
  isConnected && (message === '' || /EPIPE|ECONNRESET/.test(message)) ? 'refuses' : 'silent';

/** CMD_VERSION of winscard_msg.h: length and command, then major, minor and a result of 0. */
const versionRequest = (): Buffer => {
  const words = [12, CMD_VERSION, spoken.major, spoken.minor, 0];
  const message = Buffer.alloc(4 * words.length);
  words.forEach((word, i) => {
    if (IS_LITTLE) message.writeUInt32LE(word, 4 * i);
    else message.writeUInt32BE(word, 4 * i);
  });
  return message;
};

// pcscd 2 speaks 4:5 or later, answers anyway, and complains in its log each time: once is enough.
const learnVersion = (answer: Buffer): void => {
  if (answer.length < 8) return;
  spoken.major = IS_LITTLE ? answer.readUInt32LE(0) : answer.readUInt32BE(0);
  spoken.minor = IS_LITTLE ? answer.readUInt32LE(4) : answer.readUInt32BE(4);
};

const IS_LITTLE = endianness() === 'LE';
/** pcscd 1.8 and 1.9; then whatever the service here said. */
const spoken = { major: 4, minor: 4 };

const CMD_VERSION = 0x11;
