import { execFile } from 'node:child_process';
import type { Log } from '#ports/log.ts';

/** Tells systemd something, in assignments such as "READY=1": sd_notify(3). */
export type Tell = (...assignments: readonly string[]) => Promise<void>;

/**
 * By systemd's own `systemd-notify`: Node has no datagram socket of the UNIX kind. It waits until
 * systemd has read the message; one that ends sooner is told apart from no service any more. What
 * goes wrong is logged, at most once in a row.
 */
export const tellBy = (log: Log, command = 'systemd-notify'): Tell => {
  let failed = false;
  return (...assignments) =>
    new Promise((resolve) => {
      execFile(command, assignments, { timeout: PATIENCE_MS }, (error) => {
        if (error !== null && !failed) log.warn({ why: error.message }, 'systemd is not told');
        failed = error !== null;
        resolve();
      });
    });
};

// Shorter than the time from one message to the next, so that they don't pile up.
const PATIENCE_MS = 5_000;
