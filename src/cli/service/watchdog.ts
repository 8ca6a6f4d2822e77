import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { Terminal } from '#terminal/types.ts';
import type { ServiceManager } from './service-manager.ts';

export interface WatchdogParts {
  readonly manager: ServiceManager;
  readonly terminal: Pick<Terminal, 'status'>;
  readonly journal: Pick<Journal, 'refusal'>;
  readonly log: Log;
  /** WATCHDOG_USEC: how long systemd waits for a message; undefined: it waits for none. */
  readonly microseconds: string | undefined;
}

export interface Watchdog {
  /** Says nothing more, once what was said has arrived. */
  close(): Promise<void>;
}

/**
 * Tells systemd that the terminal is ready, then three times in each of its waits that it is alive,
 * and that it stops when a signal says so. One that ends for a release after it says nothing: for
 * systemd the service goes on, with the launcher.
 *
 * Alive is: this process has turns of its event loop left, and the journal takes payments. One that
 * took them before and doesn't any more is a reason to be started again, once: one that took none
 * from the start wants a person, who needs the terminal's pages for it.
 */
export const openWatchdog = (parts: WatchdogParts): Watchdog => {
  const { log, manager } = parts;
  const { tell } = manager;
  const isWell = judge(parts);
  const speak = () => {
    const why = isWell();
    if (why === undefined) tell('WATCHDOG=1', statusOf(parts));
    else log.error({ why }, 'systemd is not told that the terminal is alive');
  };
  const stopping = () => tell('STOPPING=1');
  tell('READY=1', statusOf(parts));
  const everyMs = Math.floor(Number(parts.microseconds ?? 0) / 3_000);
  const timer = everyMs > 0 ? setInterval(speak, everyMs) : undefined;
  for (const signal of SIGNALS) process.once(signal, stopping);
  return {
    close: async () => {
      clearInterval(timer);
      for (const signal of SIGNALS) process.off(signal, stopping);
      await manager.close();
    },
  };
};

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Most of an interval that the event loop may have been busy: a tap needs turns in between. */
const MOST_BUSY = 0.98;

const judge = ({ journal }: WatchdogParts): (() => string | undefined) => {
  let before = performance.eventLoopUtilization();
  let tookPayments = false;
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    if (utilization > MOST_BUSY)
      return `the event loop is busy: ${Math.round(utilization * 100)} %`;
    const refusal = journal.refusal();
    if (refusal === undefined) tookPayments = true;
    return refusal !== undefined && tookPayments ? refusal.detail : undefined;
  };
};

/** One line for `systemctl status`. */
const statusOf = ({ terminal, journal }: WatchdogParts): string => {
  const { state, readerPresent, reader, linkUp, link, acceptance } = terminal.status();
  const refusal = journal.refusal();
  const troubles = [
    ...(refusal === undefined ? [] : [`no payments: ${refusal.detail}`]),
    ...(readerPresent ? [] : [`no reader: ${reader}`]),
    ...(linkUp ? [] : [`no host: ${link}`]),
    ...(acceptance.off === undefined ? [] : ['contactless is off']),
  ];
  const what = state === 'sale' ? 'taking a payment' : 'ready for a tap';
  const line = troubles.length === 0 ? what : `${what}; ${troubles.join('; ')}`;
  return `STATUS=${line.replaceAll(/\s+/g, ' ').slice(0, 500)}`;
};
