import type { Server as HttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type ClientAuthority, keepClientAuthority } from './client-authority.ts';
import { doorman } from './doorman.ts';
import type { HttpsApp } from './https-app.ts';
import { createHttpsServer, renewTrust } from './https-server.ts';
import type { IdentitySource } from './identity.ts';
import { keepIdentity } from './identity-keeper.ts';

export type { HttpsApp, Upgrade } from './https-app.ts';
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
  readonly app: () => Promise<HttpsApp>;
  readonly log: Log;
  readonly wallMs: () => number;
  /** How long a client may take to say what it wants; 10 s unless a test has less time. */
  readonly patienceMs?: number;
  /** What is served, for log and Faults: "console" unless stated. */
  readonly name?: string;
  /** PEM file: who comes needs a certificate of this authority. Anybody may come when absent. */
  readonly clientAuthority?: string;
  /** Connections in all, and of one address: 64 and 32 unless stated. */
  readonly mostConnections?: number;
  readonly mostPerAddress?: number;
  /** How long a connection stays between two requests: `patienceMs` unless stated. */
  readonly keepAliveMs?: number;
  /**
   * How long an answer may take, and a client to read it, 0 without an end: as long as a host
   * does, 3 minutes, unless stated.
   */
  readonly longestAnswerMs?: number;
  /** How often files are looked at for a change; for tests. */
  readonly lookMs?: number;
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
  const { log, wallMs, identity: source, lookMs, name = 'console' } = options;
  const clients = await clientsOf(options, () => renew());
  if (isFault(clients)) return clients;
  const identities = keepIdentity({ source, name, log, wallMs, lookMs, onChange: () => renew() });
  const renew = () => {
    const identity = identities.known();
    if (server !== undefined && identity !== undefined) {
      renewTrust(server, { ...identity, clientAuthority: clients?.current() });
    }
  };
  const endParts = () => {
    identities.close();
    clients?.close();
  };
  // Files of the shop's own are looked at now, while somebody watches; one that has to be made
  // must not hold up the start.
  const first = identities.current();
  const refused = source.kind === 'files' ? await first : undefined;
  let server: HttpsServer | undefined;
  const load = async (): Promise<HttpsServer | Fault> => {
    const identity = await identities.current();
    if (isFault(identity)) return identity;
    const app = await options.app();
    const trust = { ...identity, clientAuthority: clients?.current() };
    server ??= createHttpsServer(trust, app, { log, name, ...timesOf(options) });
    return server;
  };
  const net = isFault(refused) ? refused : await openNet(options, once(load, name, log));
  if (isFault(net)) {
    endParts();
    return net;
  }
  log.info({ url: net.url }, `the ${name} is served`);
  return {
    url: net.url,
    ready: async () => {
      const identity = await identities.current();
      return isFault(identity) ? identity : undefined;
    },
    fingerprint: () => identities.known()?.fingerprint,
    close: async () => {
      endParts();
      server?.close();
      await net.close();
    },
  };
};

const clientsOf = async (
  { clientAuthority, log, lookMs }: HttpsOptions,
  onChange: () => void,
): Promise<ClientAuthority | Fault | undefined> =>
  clientAuthority === undefined
    ? undefined
    : keepClientAuthority(clientAuthority, { log, lookMs, onChange });

/** An answer may take as long as a host does; a client that reads nothing of it, no longer. */
const LONGEST_ANSWER_MS = 180_000;
const PATIENCE_MS = 10_000;

const timesOf = ({ patienceMs = PATIENCE_MS, ...options }: HttpsOptions) => ({
  patienceMs,
  keepAliveMs: options.keepAliveMs ?? patienceMs,
  longestAnswerMs: options.longestAnswerMs ?? LONGEST_ANSWER_MS,
});

const MOST_CONNECTIONS = 64;

/** One address leaves some to others. */
export const MOST_PER_ADDRESS = 32;

/** A peer that is gone without a word is found out: nothing else ends a wait for an answer. */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: 30_000 } as const;

interface Net {
  readonly url: string;
  close(): Promise<void>;
}

/** The socket that listens, with the doorman before it. */
const openNet = async (
  options: HttpsOptions,
  server: () => Promise<HttpsServer | undefined>,
): Promise<Net | Fault> => {
  const { host, port, log, name = 'console', mostConnections = MOST_CONNECTIONS } = options;
  const { patienceMs = PATIENCE_MS, mostPerAddress = MOST_PER_ADDRESS } = options;
  const open = new Set<Socket>();
  let url = '';
  const enter = handOver(server, name, log);
  const door = doorman({ log, url: () => url, enter, patienceMs, mostPerAddress });
  const net = createServer({ noDelay: true, ...KEEP_ALIVE }, remembering(open, door));
  net.maxConnections = mostConnections;
  const full = () => log.warn({ mostConnections }, `the ${name} takes no more connections`);
  net.on('drop', sparingly(options.wallMs, full));
  const taken = await listen(net, host, port, name);
  if (taken !== undefined) return taken;
  // After listening, what goes wrong is a matter of one connection.
  net.on('error', (error) => log.warn({ error: error.message }, `${name} listener`));
  url = urlOf(net.address() as AddressInfo);
  return {
    url,
    close: async () => {
      const closed = new Promise<void>((resolve) => net.close(() => resolve()));
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
};

/** The first caller starts it, all wait for it; what failed is tried again by the next one. */
const once = (
  load: () => Promise<HttpsServer | Fault>,
  name: string,
  log: Log,
): (() => Promise<HttpsServer | undefined>) => {
  let loading: Promise<HttpsServer | undefined> | undefined;
  const attempt = async (): Promise<HttpsServer | undefined> => {
    try {
      const loaded = await load();
      if (!isFault(loaded)) return loaded;
    } catch (error) {
      // A bug of ours, but payments go on without whoever wanted to come.
      log.error({ error: error instanceof Error ? error.stack : String(error) }, `the ${name}`);
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
  (server: () => Promise<HttpsServer | undefined>, name: string, log: Log) =>
  (socket: Socket): void => {
    void server().then((one) => {
      if (socket.destroyed) return;
      if (one !== undefined) return one.emit('connection', socket);
      log.warn({}, `a connection to the ${name} is closed: it could not be loaded`);
      socket.destroy();
    });
  };

/** A flood is one line in the log, and the next one a minute later at the earliest. */
const sparingly = (wallMs: () => number, tell: () => void) => {
  let nextMs = 0;
  return () => {
    if (wallMs() < nextMs) return;
    nextMs = wallMs() + 60_000;
    tell();
  };
};

const remembering =
  (open: Set<Socket>, next: (socket: Socket) => void) =>
  (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    next(socket);
  };

const listen = (
  server: Server,
  host: string,
  port: number,
  name: string,
): Promise<Fault | undefined> =>
  new Promise((resolve) => {
    const refuse = (error: NodeJS.ErrnoException) =>
      resolve(whyNot(error, `host ${host}, port ${port}`, name));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve(undefined);
    });
  });

const whyNot = (error: NodeJS.ErrnoException, where: string, name: string): Fault => {
  const why = REASONS[error.code ?? ''] ?? error.message;
  return fault('serviceDown', `The ${name} can't be served at ${where}: ${why}.`);
};

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program is listening there already',
  EACCES: 'this user may not listen on that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host is known',
};

const urlOf = ({ address, family, port }: AddressInfo): string =>
  `https://${family === 'IPv6' ? `[${address}]` : address}:${port}/`;
