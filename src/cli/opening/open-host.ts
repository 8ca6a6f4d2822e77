import { resolve } from 'node:path';
import type { TerminalConfig } from '#config/terminal-config.ts';
import type { Family } from '#drivers/metrics/index.ts';
import {
  type AcquirerProcess,
  type KeyPaths,
  startAcquirer,
} from '#drivers/simulated/acquirer/index.ts';
import { createTlsLink, type HostAddress, type TlsOptions } from '#drivers/tls/index.ts';
import type { Profile } from '#iso8583/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { HostLink } from '#ports/host-link.ts';
import type { Log } from '#ports/log.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Places } from '../places.ts';

/** A host that a link leads to, and how it speaks. */
export interface Host {
  readonly link: HostLink;
  readonly profile: Pick<Profile, 'dialect' | 'mac'>;
  /** The keys of a host of our own, for a terminal that has none. */
  readonly keys?: KeyPaths;
  /** What went over the link, where the configuration wants metrics. */
  families?(): readonly Family[];
  close(): Promise<void>;
}

/** The host of a configuration: a real one by TLS, or the simulated one, started beside us. */
export const openHost = async (
  configuration: Configuration,
  places: Places,
  log: Log,
): Promise<Host | Fault> => {
  const host = await openUncounted(configuration, places, log);
  const { metrics, host: config } = configuration.terminal;
  if (isFault(host) || metrics === undefined) return host;
  const { countedLink } = await import('../service/round-trips.ts');
  return { ...host, ...countedLink(host.link, config.answerWithinSeconds * 1000) };
};

const openUncounted = async (
  configuration: Configuration,
  places: Places,
  log: Log,
): Promise<Host | Fault> => {
  const { connection } = configuration.terminal.host;
  if (connection.kind === 'tls') {
    const link = createTlsLink(linkToHost(connection, configuration.folder));
    const { dialect, mac } = connection;
    return { link, profile: { dialect, mac }, close: () => link.close() };
  }
  const acquirer = await startAcquirer({
    stateDir: places.acquirerState,
    port: 0,
    control: places.acquirerSocket,
    log: 'ignore',
    mac: true,
    onRestart: (why) => log.warn({ why }, 'the simulated acquirer is started again'),
  });
  if (isFault(acquirer)) return acquirer;
  const link = createTlsLink(linkTo(acquirer));
  return {
    link,
    profile: { dialect: 'iso8583-1987-ascii', mac: true },
    keys: acquirer.keys,
    close: async () => {
      await link.close();
      await acquirer.close();
    },
  };
};

const linkToHost = (
  connection: Extract<TerminalConfig['host']['connection'], { kind: 'tls' }>,
  folder: string,
): TlsOptions => {
  const { backup, framing } = connection;
  const { lengthHeader: header, tpdu } = framing ?? {};
  return {
    ...addressOf(connection),
    ...(backup ? { backups: [addressOf(backup)] } : {}),
    framing: { ...(header ? { header } : {}), ...(tpdu ? { tpdu } : {}) },
    authorityPath: resolve(folder, connection.certificationAuthority),
    certificatePath: resolve(folder, connection.certificate),
    keyPath: resolve(folder, connection.privateKey),
  };
};

interface ConfiguredAddress {
  readonly address: string;
  readonly port: number;
  readonly serverName?: string | undefined;
}

const addressOf = ({ address, port, serverName }: ConfiguredAddress): HostAddress => ({
  host: address,
  port,
  ...(serverName ? { serverName } : {}),
});

const linkTo = ({ port, certificates }: AcquirerProcess): TlsOptions => ({
  host: '127.0.0.1',
  port,
  serverName: 'localhost',
  authorityPath: certificates.authority,
  certificatePath: certificates.clientCertificate,
  keyPath: certificates.clientKey,
});
