import { readFile } from 'node:fs/promises';
import type { WebSocket } from 'ws';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import { LONGEST_FRAME } from './envelope.ts';
import type { RelayOptions, RelayTiming } from './options.ts';

/** An open connection to the relay, or why there is none. Aborted, it is a Fault too. */
export const connect = async (
  options: RelayOptions,
  { connectWithinMs }: RelayTiming,
  signal: AbortSignal,
): Promise<WebSocket | Fault> => {
  const files = await readFiles(options);
  if (isFault(files)) return files;
  const { token, ca, cert, key } = files;
  // Loaded now: a terminal without a relay doesn't have it.
  const { WebSocket } = await import('ws');
  return new Promise((resolve) => {
    const socket = new WebSocket(options.address, {
      handshakeTimeout: connectWithinMs,
      perMessageDeflate: false,
      maxPayload: LONGEST_FRAME,
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      ...{ ca, cert, key },
    });
    const abort = () => socket.terminate();
    const end = (outcome: WebSocket | Fault) => {
      signal.removeEventListener('abort', abort);
      resolve(outcome);
    };
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    socket.once('open', () => {
      // Until somebody listens.
      socket.pause();
      end(socket);
    });
    socket.once('unexpected-response', (request, { statusCode = 0 }) => {
      request.destroy();
      end(fault('linkDown', REFUSALS[statusCode] ?? `the relay answers HTTP ${statusCode}`));
    });
    // It follows what is said above, too; the first counts.
    socket.on('error', (error) => end(fault('linkDown', reasonOf(error))));
  });
};

const REFUSALS: Readonly<Record<number, string>> = {
  401: "the relay doesn't know this terminal's token",
  403: 'the relay refuses this terminal',
  404: "the relay has nothing at this address's path",
};

interface Files {
  readonly token?: string | undefined;
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

const readFiles = async (options: RelayOptions): Promise<Files | Fault> => {
  const { tokenPath, authorityPath, certificate } = options;
  const paths = [
    tokenPath,
    authorityPath,
    certificate?.certificatePath,
    certificate?.keyPath,
  ] as const;
  const texts: (string | undefined)[] = [];
  for (const path of paths) {
    const text = path === undefined ? undefined : await read(path);
    if (isFault(text)) return text;
    texts.push(text);
  }
  const [token, ca, cert, key] = texts;
  if (token !== undefined && !/^[!-~]{1,4096}$/.test(token.trim())) {
    return fault('linkDown', `${tokenPath} holds no token`);
  }
  return { token: token?.trim(), ca, cert, key };
};

const read = async (path: string): Promise<string | Fault> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    return fault('linkDown', `${path} can't be read: ${codeOf(error)}`);
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

// A library's own words may quote what it was given: a code says as much.
const reasonOf = (error: Error): string => {
  const code = codeOf(error);
  return code === '' ? 'no connection to the relay: it did not answer' : `the relay: ${code}`;
};
