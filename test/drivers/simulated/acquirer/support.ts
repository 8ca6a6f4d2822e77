import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, type Subscription, timeout } from 'rxjs';
import { type Acquirer, createAcquirer } from '#drivers/simulated/acquirer/acquirer.ts';
import type { CertificatePaths } from '#drivers/simulated/acquirer/certificates.ts';
import { createTlsLink } from '#drivers/tls/index.ts';
import type { HostLink } from '#ports/host-link.ts';
import { createUplink, type Uplink, type UplinkConfig, type UplinkState } from '#uplink/index.ts';
import { clock, config, counter, memoryLog } from '../../../uplink/support.ts';

/** A terminal's uplink and an acquirer, with real TLS between them. */
export interface Shop {
  readonly acquirer: Acquirer;
  readonly uplink: Uplink;
  readonly link: HostLink;
  /** What both sides logged. */
  readonly log: { readonly lines: string[] };
  readonly stateDir: string;
  /** Waits until the uplink is in such a state. */
  until(wanted: (state: UplinkState) => boolean): Promise<UplinkState>;
  /** Stops the acquirer and starts it on the same state and port. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

export const openShop = async (changed: Partial<UplinkConfig> = {}): Promise<Shop> => {
  const stateDir = await mkdtemp(join(tmpdir(), 'acquirer-'));
  const log = memoryLog();
  let acquirer = await createAcquirer({ stateDir, port: 0, log });
  const { port } = acquirer;
  const link = linkTo(acquirer.certificates, port);
  const uplink = createUplink({
    link,
    clock,
    log,
    config: { ...config, repeatAfterMs: { first: 50, last: 200 }, ...changed },
    nextStan: counter(),
  });
  const working: Subscription = uplink.state$.subscribe();
  const until = (wanted: (state: UplinkState) => boolean) =>
    firstValueFrom(uplink.state$.pipe(filter(wanted), timeout(4_000)));
  await until(({ link: { link: state } }) => state === 'up');
  return {
    get acquirer() {
      return acquirer;
    },
    uplink,
    link,
    log,
    stateDir,
    until,
    restart: async () => {
      await acquirer.close();
      acquirer = await createAcquirer({ stateDir, port, log });
      await until((state) => state.link.link === 'up');
    },
    end: async () => {
      working.unsubscribe();
      await link.close();
      await acquirer.close();
      await rm(stateDir, { recursive: true });
    },
  };
};

export const linkTo = (certificates: CertificatePaths, port: number): HostLink =>
  createTlsLink({
    host: 'localhost',
    port,
    authorityPath: certificates.authority,
    certificatePath: certificates.clientCertificate,
    keyPath: certificates.clientKey,
    retryAfterMs: { first: 20, last: 100 },
  });

export { everythingIn } from './files.ts';
