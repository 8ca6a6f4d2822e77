import { join, resolve } from 'node:path';
import { commonNameOf, poiIdOf, type TillConfig } from '#config/till-config.ts';
import { type HttpsOptions, machineNames, openHttps, pageFiles } from '#drivers/http/index.ts';
import type { TillLine } from '#drivers/till/index.ts';
import type { TillRelay } from '#drivers/till-relay/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { TillDesk } from '#ports/till-line.ts';
import type { Configuration } from '../load-configuration.ts';
import { INSTALLATION, type Places } from '../places.ts';
import { clock } from '../world.ts';
import { tillFolder } from './till-places.ts';

export interface OpenedTill {
  /** Such as "https://127.0.0.1:8443/"; the reference till is at "till/" of it, if configured. */
  readonly url: string;
  /** SHA-256 of the certificate, once it is there. */
  fingerprint(): string | undefined;
  /** Whether the relay is there; undefined without one. */
  relay(): ReturnType<TillRelay['state']> | undefined;
  close(): Promise<void>;
}

/** What tills are let in to. */
export interface TillParts {
  readonly desk: () => Promise<TillDesk>;
  /** What the reference till's page is told of this terminal: JSON. */
  readonly facts: object;
}

/**
 * Lets tills in, where the configuration has a section for them: undefined where it has none. The
 * desk is asked for when the first message comes, and once: until then this costs a socket. A Fault
 * where nobody can be let in, which is no matter of payments by other ways.
 */
export const openTill = async (
  configuration: Configuration,
  places: Places,
  { desk, facts }: TillParts,
  log: Log,
): Promise<OpenedTill | undefined | Fault> => {
  const { till: config, terminal } = configuration.terminal;
  if (config === undefined) return undefined;
  let line: TillLine | undefined;
  let loaded: Promise<TillDesk> | undefined;
  const once = () => {
    // What failed is tried again with the next till.
    loaded ??= desk().catch((error: unknown) => {
      loaded = undefined;
      throw error;
    });
    return loaded;
  };
  const load = async (): Promise<TillLine> => {
    const { createTillLine } = await import('#drivers/till/index.ts');
    const page = config.page ? { page: pageFiles(PAGE), facts } : {};
    line ??= createTillLine({ desk: await once(), log, wallMs: clock.wallMs, ...page });
    return line;
  };
  const listener = await openHttps({
    ...listening(configuration, places, config),
    ...{ log, wallMs: clock.wallMs, app: load },
  });
  if (isFault(listener)) return listener;
  const relay = await openRelay(config, configuration.folder, poiIdOf(config, terminal), once, log);
  return {
    url: listener.url,
    fingerprint: listener.fingerprint,
    relay: () => relay?.state(),
    close: async () => {
      line?.close();
      await Promise.all([listener.close(), relay?.close()]);
    },
  };
};

const PAGE = join(INSTALLATION, 'src', 'till', 'dist');

// A hundred tills that stay connected, and a server that speaks for all of them, with room to
// spare; a payment takes as long as the shopper does.
const ROOM = {
  mostConnections: 400,
  mostPerAddress: 256,
  keepAliveMs: 65_000,
  longestAnswerMs: 0,
} as const;

/** A till is given the certificate once: it must not be another one after a year. */
const OWN_DAYS = 3650;

const listening = (
  { folder, terminal }: Configuration,
  places: Places,
  config: TillConfig,
): Omit<HttpsOptions, 'app' | 'log' | 'wallMs'> => {
  const { host, port, certificate: own, clientCertificates } = config;
  const here = machineNames(terminal.console.names);
  return {
    ...{ host, port, name: 'line for tills', ...ROOM },
    ...(clientCertificates === undefined
      ? {}
      : { clientAuthority: resolve(folder, clientCertificates) }),
    identity:
      own !== undefined
        ? {
            kind: 'files',
            certificate: resolve(folder, own.certificate),
            privateKey: resolve(folder, own.privateKey),
          }
        : {
            kind: 'own',
            folder: tillFolder(places),
            names: [...here.names, ...here.addresses],
            commonName: commonNameOf(config, terminal.terminal),
            days: OWN_DAYS,
          },
  };
};

const openRelay = async (
  { relay }: TillConfig,
  folder: string,
  poiId: string,
  desk: () => Promise<TillDesk>,
  log: Log,
): Promise<TillRelay | undefined> => {
  if (relay === undefined) return undefined;
  const { address, tokenFile, certificate, certificationAuthority } = relay;
  const { openTillRelay } = await import('#drivers/till-relay/index.ts');
  return openTillRelay({
    ...{ address, poiId, desk, log, monotonicMs: clock.monotonicMs },
    ...(tokenFile === undefined ? {} : { tokenPath: resolve(folder, tokenFile) }),
    ...(certificationAuthority === undefined
      ? {}
      : { authorityPath: resolve(folder, certificationAuthority) }),
    ...(certificate === undefined
      ? {}
      : {
          certificate: {
            certificatePath: resolve(folder, certificate.certificate),
            keyPath: resolve(folder, certificate.privateKey),
          },
        }),
  });
};
