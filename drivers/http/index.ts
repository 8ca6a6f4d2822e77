import type { RequestListener } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { doorman } from './doorman.ts';
import { createHttpsServer } from './https-server.ts';
import type { IdentitySource } from './identity.ts';
import { keepIdentity } from './identity-keeper.ts';

export type { IdentitySource } from './identity.ts';
export { type MachineNames, machineNames } from './machine-names.ts';
export { pageFiles } from './page-files.ts';

export interface HttpsOptions {
  /** Interface to listen on. */
  readonly host: string;
  /** TCP port; 0 takes any free one (tests). */
  readonly port: number;
  readonly identity: IdentitySource;
  /** The application, loaded with the first connection and not before. */
  readonly app: () => Promise<RequestListener>;
  readonly log: Log;
  readonly wallMs: () => number;
  /** How long a client may take to say what it wants; 10 s unless a test has less time. */
  readonly patienceMs?: number;
}

export interface HttpsListener {
  /** Such as "https://127.0.0.1:8443/". */
  readonly url: string;
  /** SHA-256 of the certificate, to be compared with what a browser shows; once it is there. */
  fingerprint(): string | undefined;
  /** Resolves when the certificate is there, or why it is not. */
  ready(): Promise<Fault | undefined>;
  /** Ends every connection. The application is the caller's to close. */
  close(): Promise<void>;
}

/**
 * Listens with TLS and loads next to nothing before somebody comes: an idle terminal has no memory
 * for a web application. Resolves to a Fault when the address can't be listened on, or the shop's
 * own certificate can't be used.
 */
export const openHttps = async (options: HttpsOptions): Promise<HttpsListener | Fault> => {
  const { log, wallMs, identity: source, patienceMs = 10_000 } = options;
  let server: HttpsServer | undefined;
  const identities = keepIdentity({
    source,
    log,
    wallMs,
    onChange: ({ certificate, key }) => server?.setSecureContext({ cert: certificate, key }),
  });
  const fail = (why: Fault): Fault => {
    identities.close();
    return why;
  };
  // Files of the shop's own are looked at now, while somebody watches; one that has to be made
  // must not hold up the start.
  const first = identities.current();
  const refused = source.kind === 'files' ? await first : undefined;
  if (isFault(refused)) return fail(refused);
  const load = async (): Promise<HttpsServer | Fault> => {
    const identity = await identities.current();
    if (isFault(identity)) return identity;
    const listener = await options.app();
    server ??= createHttpsServer(identity, listener, { log, patienceMs });
    return server;
  };
  const open = new Set<Socket>();
  let url = '';
  const enter = handOver(once(load, log), log);
  const net = createServer(
    { noDelay: true },
    remembering(open, doorman({ log, url: () => url, enter, patienceMs })),
  );
  net.maxConnections = MOST_CONNECTIONS;
  const taken = await listen(net, options.host, options.port);
  if (taken !== undefined) return fail(taken);
  // After listening, what goes wrong is a matter of one connection.
  net.on('error', (error) => log.warn({ error: error.message }, 'console listener'));
  url = urlOf(net.address() as AddressInfo);
  log.info({ url }, 'the console is served');
  return {
    url,
    ready: async () => {
      const identity = await identities.current();
      return isFault(identity) ? identity : undefined;
    },
    fingerprint: () => identities.known()?.fingerprint,
    close: async () => {
      identities.close();
      const closed = new Promise<void>((resolve) => net.close(() => resolve()));
      server?.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
};

const MOST_CONNECTIONS = 64;

/** The first caller starts it, all wait for it; what failed is tried again by the next one. */
const once = (
  load: () => Promise<HttpsServer | Fault>,
  log: Log,
): (() => Promise<HttpsServer | undefined>) => {
  let loading: Promise<HttpsServer | undefined> | undefined;
  const attempt = async (): Promise<HttpsServer | undefined> => {
    try {
      const loaded = await load();
      if (!isFault(loaded)) return loaded;
    } catch (error) {
      // A bug of ours, but a payment is no matter of the console.
      log.error({ error: error instanceof Error ? error.stack : String(error) }, 'the console');
    }
    loading = undefined;
    return undefined;
  };
  return () => {
    loading ??= attempt();
    return loading;
  };
};

const handOver =
  (server: () => Promise<HttpsServer | undefined>, log: Log) =>
  (socket: Socket): void => {
    void server().then((one) => {
      if (socket.destroyed) return;
      if (one !== undefined) return one.emit('connection', socket);
      log.warn({}, 'a connection to the console is closed: it could not be loaded');
      socket.destroy();
    });
  };

const remembering =
  (open: Set<Socket>, next: (socket: Socket) => void) =>
  (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    next(socket);
  };

const listen = (server: Server, host: string, port: number): Promise<Fault | undefined> =>
  new Promise((resolve) => {
    const refuse = (error: NodeJS.ErrnoException) => resolve(whyNot(error, host, port));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve(undefined);
    });
  });

const whyNot = (error: NodeJS.ErrnoException, host: string, port: number): Fault => {
  const why = REASONS[error.code ?? ''] ?? error.message;
  return fault('serviceDown', `The console can't be served at host ${host}, port ${port}: ${why}.`);
};

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program is listening there already',
  EACCES: 'this user may not listen on that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host is known',
};

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `https://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
