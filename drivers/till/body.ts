import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Longest message. A payment has a few kilobytes; the picture in a Print or Display request, and
 * the points of a signature, tens, and base64 and encryption make 1.8 times as much of them.
 */
export const LONGEST_BODY = 256 * 1024;

/** Why there is no body to go on with. */
export type BodyProblem = 'too long' | 'gone';

/** A body, whole. One that says it is longer is not read at all, nor is the rest of one that is. */
export const readBody = (request: IncomingMessage): Promise<Uint8Array | BodyProblem> => {
  const { 'content-length': length } = request.headers;
  if (length !== undefined && Number(length) > LONGEST_BODY) return Promise.resolve('too long');
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    const end = (outcome: Uint8Array | BodyProblem) => {
      request.off('data', onData);
      resolve(outcome);
    };
    const onData = (part: Buffer) => {
      size += part.length;
      if (size <= LONGEST_BODY) return void parts.push(part);
      request.pause();
      end('too long');
    };
    request.on('data', onData);
    request.once('end', () => end(Buffer.concat(parts)));
    // It follows an end, too; the first counts.
    request.once('close', () => end('gone'));
    request.once('error', () => end('gone'));
  });
};

/**
 * Says the last word to somebody who may still be sending: for a moment that is thrown away, for a
 * connection that is cut while bytes arrive takes the answer with it.
 */
export const hangUp = (socket: Socket, lastWord: string): void => {
  let left = LONGEST_BODY;
  socket.removeAllListeners('data');
  socket.on('data', (part: Buffer) => {
    left -= part.length;
    if (left < 0) socket.destroy();
  });
  socket.resume();
  socket.end(lastWord);
  setTimeout(() => socket.destroy(), LAST_WORD_MS).unref();
};

const LAST_WORD_MS = 500;
