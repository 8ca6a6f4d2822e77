import type { Observable } from 'rxjs';
import { isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { Upkeep } from '#ports/upkeep.ts';
import type { Terminal, TerminalEvent } from '#terminal/types.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Host } from '../opening/open-host.ts';
import type { Places } from '../places.ts';

/** What the machine's own service manager and monitoring are told of, as main has it. */
export interface ServiceParts {
  readonly terminal: Pick<Terminal, 'status'>;
  readonly events$: Observable<TerminalEvent>;
  readonly safe: { readonly journal: Pick<Journal, 'refusal'> };
  readonly host: Host;
  readonly upkeep?: Pick<Upkeep, 'standing'>;
}

export interface OpenedService {
  close(): Promise<void>;
}

/**
 * For a terminal that is ready: metrics, where the configuration has a section for them, and
 * systemd's watchdog, where systemd has started us. Without either nothing is loaded. A port for
 * metrics that is taken is logged, and no matter of payments.
 */
export const openService = async (
  configuration: Configuration,
  places: Places,
  parts: ServiceParts,
  log: Log,
): Promise<OpenedService> => {
  const opened = [
    await openNumbers(configuration, places, parts, log),
    await openLiveness(parts, log),
  ];
  return {
    close: async () => {
      for (const one of opened.toReversed()) await one?.close();
    },
  };
};

const openLiveness = async ({ terminal, safe }: ServiceParts, log: Log) => {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: microseconds } = process.env;
  if (!socket) return undefined;
  const { openWatchdog } = await import('./watchdog.ts');
  const { openServiceManager } = await import('./service-manager.ts');
  const { journal } = safe;
  return openWatchdog({ terminal, journal, log, microseconds, manager: openServiceManager(log) });
};

const openNumbers = async (
  { terminal: { metrics: config } }: Configuration,
  places: Places,
  { terminal, events$, host, upkeep }: ServiceParts,
  log: Log,
) => {
  if (config === undefined) return undefined;
  const { openMetrics } = await import('#drivers/metrics/index.ts');
  const { createPaymentTally } = await import('./payment-tally.ts');
  const { createProcessFamilies } = await import('./process-families.ts');
  const { stateFamilies } = await import('./state-families.ts');
  const { VERSION: version } = await import('../version.ts');
  const tally = createPaymentTally();
  const following = events$.subscribe(tally.follow);
  const ofProcess = createProcessFamilies();
  const state = { terminal, places, version, ...(upkeep === undefined ? {} : { upkeep }) };
  const opened = await openMetrics({
    ...{ port: config.port, log },
    families: async () => [
      ...(await stateFamilies(state)),
      ...tally.families(),
      ...(host.families?.() ?? []),
      ...ofProcess(),
    ],
  });
  if (isFault(opened)) {
    following.unsubscribe();
    log.error({ problem: opened }, 'there are no metrics; payments go on');
    return undefined;
  }
  const close = async () => {
    following.unsubscribe();
    await opened.close();
  };
  return { close };
};
