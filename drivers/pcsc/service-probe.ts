import { createConnection } from 'node:net';
import { endianness } from 'node:os';

/** Where pcscd listens, unless told otherwise (libpcsclite reads the same variable). */
export const defaultSocketPath = (): string => {
  const { PCSCLITE_CSOCK_NAME = '/run/pcscd/pcscd.comm' } = process.env;
  return PCSCLITE_CSOCK_NAME;
};

/**
 * Asks pcscd for its protocol version, which it answers to everybody at once. A service that is
 * stopped (hung) still takes connections, so only an answer counts. Never rejects.
 */
export const serviceAnswers = (socketPath: string, deadlineMs: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(socketPath);
    const finish = (answers: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answers);
    };
    const timer = setTimeout(finish, deadlineMs, false);
    socket.on('connect', () => socket.write(versionRequest()));
    socket.on('data', () => finish(true));
    socket.on('error', () => finish(false));
    socket.on('close', () => finish(false));
  });

/** CMD_VERSION of winscard_msg.h: length and command, then major, minor and a result of 0. */
const versionRequest = (): Buffer => {
  const words = [12, CMD_VERSION, PROTOCOL_MAJOR, PROTOCOL_MINOR, 0];
  const message = Buffer.alloc(4 * words.length);
  words.forEach((word, i) => {
    if (endianness() === 'LE') message.writeUInt32LE(word, 4 * i);
    else message.writeUInt32BE(word, 4 * i);
  });
  return message;
};

const CMD_VERSION = 0x11;
const PROTOCOL_MAJOR = 4;
const PROTOCOL_MINOR = 4;
