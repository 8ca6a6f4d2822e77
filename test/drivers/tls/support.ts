import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TlsOptions as ServerOptions, type TLSSocket } from 'node:tls';
import { filter, firstValueFrom, timeout } from 'rxjs';
import { concat } from '#bytes/bytes.ts';
import {
  type Authority,
  createAuthority,
  type Identity,
} from '#drivers/simulated/acquirer/authority.ts';
import { createTlsLink, type TlsOptions } from '#drivers/tls/index.ts';
import type { HostLink, LinkState } from '#ports/host-link.ts';

const DAY = 86_400_000;
export const current = { fromMs: Date.now() - DAY, untilMs: Date.now() + DAY };
export const past = { fromMs: Date.now() - 3 * DAY, untilMs: Date.now() - DAY };

export const serverOf = (authority: Authority, names = ['localhost'], validity = current) =>
  authority.issue({ commonName: 'host', usage: 'server', names, validity });
export const clientOf = (authority: Authority, validity = current) =>
  authority.issue({ commonName: 'terminal', usage: 'client', names: [], validity });
export const authority = () => createAuthority('authority', current);

export interface World {
  /** A host on the loopback that shows `identity` and trusts `trusted`; any port unless given. */
  host(
    identity: Identity,
    trusted: Authority,
    more?: ServerOptions & { readonly port?: number },
  ): Promise<Host>;
  /** A PEM file that lives as long as the world. */
  file(text: string): Promise<string>;
  /** Something else to close at the end. */
  closeLater(close: () => Promise<void>): void;
  /** The driver, pointed at a port. */
  link(
    port: number,
    trusted: Authority,
    identity: Identity,
    more?: Partial<TlsOptions>,
  ): Promise<HostLink>;
  end(): Promise<void>;
}

export interface Host {
  readonly port: number;
  readonly sockets: TLSSocket[];
  readonly connected: () => Promise<TLSSocket>;
  /** The last that connected, or the first that will: a client's handshake is done before. */
  readonly socket: () => Promise<TLSSocket>;
  /** Every byte that came out of a handshake that was done. */
  readonly heard: () => Uint8Array;
  /** Resolves when so many handshakes have failed. */
  readonly refusals: (count: number) => Promise<void>;
  close(): Promise<void>;
}

/** Everything a test opens is closed and removed by `end`. */
export const createWorld = async (): Promise<World> => {
  const folder = await mkdtemp(join(tmpdir(), 'tls-'));
  const closers: (() => Promise<void>)[] = [];
  let files = 0;
  const file = async (text: string) => {
    const path = join(folder, `${++files}.pem`);
    await writeFile(path, text);
    return path;
  };
  return {
    file,
    closeLater: (close) => void closers.push(close),
    host: async (identity, trusted, { port = 0, ...more } = {}) => {
      const host = await listen(port, {
        cert: identity.certificate,
        key: identity.key,
        ca: trusted.certificate,
        requestCert: true,
        rejectUnauthorized: true,
        ...more,
      });
      closers.push(host.close);
      return host;
    },
    link: async (port, trusted, identity, more = {}) => {
      const link = createTlsLink({
        host: 'localhost',
        port,
        authorityPath: await file(trusted.certificate),
        certificatePath: await file(identity.certificate),
        keyPath: await file(identity.key),
        retryAfterMs: { first: 20, last: 100 },
        ...more,
      });
      closers.push(link.close);
      return link;
    },
    end: async () => {
      for (const close of closers.reverse()) await close();
      await rm(folder, { recursive: true });
    },
  };
};

const listen = async (port: number, options: ServerOptions): Promise<Host> => {
  const sockets: TLSSocket[] = [];
  let heard: Uint8Array = new Uint8Array();
  const server = createServer(options, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      heard = concat(heard, new Uint8Array(chunk));
    });
    sockets.push(socket);
  });
  const raw: Socket[] = [];
  server.on('connection', (socket) => raw.push(socket));
  const refused = new EventEmitter();
  server.on('tlsClientError', () => refused.emit('one'));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const connected = async (): Promise<TLSSocket> => {
    const [socket] = (await once(server, 'secureConnection')) as [TLSSocket];
    return socket;
  };
  return {
    heard: () => heard,
    port: (server.address() as AddressInfo).port,
    sockets,
    connected,
    socket: async () => sockets.at(-1) ?? connected(),
    refusals: async (count) => {
      for (let i = 0; i < count; i++) await once(refused, 'one');
    },
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of [...sockets, ...raw]) socket.destroy();
      await closed;
    },
  };
};

export const isUp = (link: HostLink): Promise<LinkState> =>
  firstValueFrom(
    link.state$.pipe(
      filter((state) => state.link === 'up'),
      timeout(5_000),
    ),
  );

/** The first host that we are connected to whose name says what `wanted` says. */
export const upWith = (link: HostLink, wanted: RegExp): Promise<LinkState> =>
  firstValueFrom(
    link.state$.pipe(
      filter((state) => state.link === 'up' && wanted.test(state.peer)),
      timeout(5_000),
    ),
  );

/** The first reason for being down that says what `wanted` says. */
export const downWith = (link: HostLink, wanted: RegExp): Promise<LinkState> =>
  firstValueFrom(
    link.state$.pipe(
      filter((state) => state.link === 'down' && wanted.test(state.why.detail)),
      timeout(5_000),
    ),
  );
