import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import {
  type HttpsListener,
  type HttpsOptions,
  type IdentitySource,
  openHttps,
} from '#drivers/http/index.ts';
import { createAuthority } from '#drivers/simulated/acquirer/authority.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';

export interface Line {
  readonly level: string;
  readonly message: string;
}

export interface Opened {
  readonly listener: HttpsListener;
  readonly port: number;
  readonly lines: readonly Line[];
  /** How often the application was loaded. */
  readonly loads: () => number;
}

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'https-'));
  folders.push(folder);
  return folder;
};

export const recordingLog = (lines: Line[]): Log => {
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message: `${message} ${JSON.stringify(fields)}` });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

export const hello: RequestListener = (_, response) => void response.end('hello');

export const openListener = async (
  folder: string,
  options: Partial<HttpsOptions> = {},
): Promise<Opened> => {
  const lines: Line[] = [];
  let loaded = 0;
  const { app = async () => hello, ...others } = options;
  const listener = await openHttps({
    host: '127.0.0.1',
    port: 0,
    identity: shopIdentity(folder),
    log: recordingLog(lines),
    wallMs: Date.now,
    ...others,
    app: () => {
      loaded += 1;
      return app();
    },
  });
  if (isFault(listener)) throw new Error(listener.detail);
  return { listener, port: Number(new URL(listener.url).port), lines, loads: () => loaded };
};

/** A certificate of a shop's own authority, as PEM files. */
export const shopIdentity = (folder: string): IdentitySource => {
  const fromMs = Date.now() - DAY_MS;
  const validity = { fromMs, untilMs: fromMs + 100 * DAY_MS };
  const authority = createAuthority('A shop', validity);
  const names = ['localhost', '127.0.0.1'];
  const issued = authority.issue({ commonName: 'A till', usage: 'server', names, validity });
  const [certificate, privateKey] = [join(folder, 'till.pem'), join(folder, 'till.key')];
  writeFileSync(certificate, issued.certificate);
  writeFileSync(privateKey, issued.key);
  writeFileSync(join(folder, AUTHORITY), authority.certificate);
  return { kind: 'files', certificate, privateKey };
};

const DAY_MS = 86_400_000;
const AUTHORITY = 'authority.pem';

/** What a client trusts. */
export const certificateIn = (folder: string): string =>
  readFileSync(join(folder, AUTHORITY), 'utf8');

/** A connection without TLS that says `text`, and all that comes back until it is closed. */
export const sayPlain = (port: number, text: string | Uint8Array): Promise<string> =>
  heard(connect(port, '127.0.0.1'), text);

export interface TlsOptions {
  readonly port: number;
  readonly certificate: string;
  readonly localAddress?: string;
  readonly maxVersion?: 'TLSv1.1' | 'TLSv1.2';
}

/** A TLS connection that trusts the one certificate. */
export const tlsTo = ({ port, certificate, ...options }: TlsOptions): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const versions = options.maxVersion === 'TLSv1.1' ? { minVersion: 'TLSv1.1' as const } : {};
    const socket = connectTls({
      host: '127.0.0.1',
      servername: 'localhost',
      port,
      ca: certificate,
      ...versions,
      ...options,
    });
    socket.once('secureConnect', () => resolve(socket));
    socket.once('error', reject);
  });

/** Says something, and collects what comes back until the other end closes. */
export const heard = (socket: Socket, text: string | Uint8Array): Promise<string> =>
  new Promise((resolve) => {
    let all = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      all += data;
    });
    socket.once('close', () => resolve(all));
    socket.write(text);
  });

export const GET = 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';
