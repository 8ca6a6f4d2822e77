import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TlsOptions as ServerOptions, type TLSSocket } from 'node:tls';
import { filter, firstValueFrom, timeout } from 'rxjs';
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
  /** A host on the loopback that shows `identity` and trusts `trusted`. */
  host(identity: Identity, trusted: Authority, more?: ServerOptions): Promise<Host>;
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
    host: async (identity, trusted, more = {}) => {
      const host = await listen({
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

const listen = async (options: ServerOptions): Promise<Host> => {
  const sockets: TLSSocket[] = [];
  const server = createServer(options, (socket) => {
    socket.on('error', () => undefined);
    sockets.push(socket);
  });
  const refused = new EventEmitter();
  server.on('tlsClientError', () => refused.emit('one'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    connected: async () => {
      const [socket] = (await once(server, 'secureConnection')) as [TLSSocket];
      return socket;
    },
    refusals: async (count) => {
      for (let i = 0; i < count; i++) await once(refused, 'one');
    },
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
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

/** The first reason for being down that says what `wanted` says. */
export const downWith = (link: HostLink, wanted: RegExp): Promise<LinkState> =>
  firstValueFrom(
    link.state$.pipe(
      filter((state) => state.link === 'down' && wanted.test(state.why.detail)),
      timeout(5_000),
    ),
  );
