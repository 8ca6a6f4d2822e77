import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import type { Limits } from './limits.ts';
import { type Opened, type Place, Refused } from './place.ts';

/**
 * A repository behind an HTTPS address. One connection, TLS 1.2 or later, no redirects.
 * @param address such as "https://updates.example/countertap"
 * @param authorityPath PEM of the authorities that count instead of Node's own
 */
export const httpsPlace = (
  address: string,
  authorityPath: string | undefined,
  limits: Limits,
): Place => {
  const base = address.endsWith('/') ? address : `${address}/`;
  let agent: Agent | undefined;
  const connected = (): Agent => {
    agent ??= new Agent({
      keepAlive: true,
      maxSockets: 1,
      minVersion: 'TLSv1.2',
      // Said here, so that NODE_TLS_REJECT_UNAUTHORIZED has no say.
      rejectUnauthorized: true,
      ...(authorityPath === undefined ? {} : { ca: authorityIn(authorityPath) }),
    });
    return agent;
  };
  return {
    name: address,
    open: async (path, from, signal) => {
      const options = { agent: connected(), signal, headers: headersFor(from) };
      return openedBy(await answer(new URL(path, base), options, limits), address, path, from);
    },
    close: () => agent?.destroy(),
  };
};

const authorityIn = (path: string): Buffer => {
  try {
    return readFileSync(path);
  } catch (error) {
    const { message } = error as Error;
    throw new Refused('unreachable', `the update server's authority can't be read: ${message}`);
  }
};

const headersFor = (from: number): Record<string, string> => ({
  'user-agent': 'countertap',
  // A file is hashed as it was signed.
  'accept-encoding': 'identity',
  ...(from > 0 ? { range: `bytes=${from}-` } : {}),
});

interface Asked {
  readonly agent: Agent;
  readonly signal: AbortSignal;
  readonly headers: Record<string, string>;
}

const answer = (url: URL, options: Asked, { connectMs }: Limits): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = get(url, options, resolve);
    const timer = setTimeout(() => {
      request.destroy(new Refused('unreachable', `${url.host} doesn't connect: no network?`, true));
    }, connectMs);
    const stop = (): void => clearTimeout(timer);
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once('secureConnect', stop);
      else stop();
    });
    request.on('error', (error) => {
      stop();
      reject(inWords(error, url.host));
    });
    request.on('close', stop);
  });

const openedBy = (
  response: IncomingMessage,
  address: string,
  path: string,
  from: number,
): Opened | 'absent' => {
  const { statusCode: status = 0, headers } = response;
  if (status === 200 || status === 206) {
    const start = status === 206 ? startOf(headers['content-range']) : 0;
    if (start !== 0 && start !== from) {
      response.destroy();
      throw new Refused('unreachable', `${address} answers with another part of ${path}`);
    }
    const length = headers['content-length'];
    const size = length === undefined ? undefined : start + Number(length);
    return { start, size, pieces: piecesOf(response, address) };
  }
  response.destroy();
  // What some stores answer for a file that isn't there.
  if (status === 404 || status === 403 || status === 410) return 'absent';
  if (status >= 300 && status < 400) {
    throw new Refused(
      'unreachable',
      `${address} sends us elsewhere (${status}), where we don't go`,
    );
  }
  const detail = `${address} answers ${status} for ${path}: its administrator has to mend that`;
  throw new Refused('unreachable', detail, status >= 500 || status === 429);
};

const startOf = (range: string | undefined): number =>
  Number(/^bytes (\d{1,15})-/.exec(range ?? '')?.[1] ?? Number.NaN);

async function* piecesOf(response: IncomingMessage, address: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of response) yield piece;
  } catch (error) {
    throw inWords(error, address);
  }
}

const inWords = (error: unknown, where: string): Refused => {
  if (error instanceof Refused) return error;
  const { code = '', message } = error as NodeJS.ErrnoException;
  const found = CERTIFICATE[code];
  if (found !== undefined) {
    return new Refused('unreachable', `the certificate of ${where} ${found}`);
  }
  return new Refused('unreachable', `${where} can't be reached: ${message || code}`, true);
};

const CERTIFICATE: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'is by an authority that this terminal does not trust',
  UNABLE_TO_GET_ISSUER_CERT: 'is by an authority that this terminal does not trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'is by an authority that this terminal does not trust',
  SELF_SIGNED_CERT_IN_CHAIN: 'is by an authority that this terminal does not trust',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'is signed by nobody but itself',
  CERT_SIGNATURE_FAILURE: 'has a signature that is wrong',
  CERT_HAS_EXPIRED: 'has expired, unless the clock of this terminal is wrong',
  CERT_NOT_YET_VALID: 'is not valid yet, unless the clock of this terminal is wrong',
  ERR_TLS_CERT_ALTNAME_INVALID: 'is for another name than this address',
  INVALID_PURPOSE: 'is not for a server',
};
