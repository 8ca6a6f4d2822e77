import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Fault, fault } from '#ports/fault.ts';

/** A certificate and its private key, as PEM. */
export interface NewIdentity {
  readonly certificate: string;
  readonly key: string;
}

/** What browsers take at most, and a day for clocks that are late. */
const VALID_DAYS = 397;

/** @param names DNS names and addresses that the certificate is to stand for */
export const newIdentity = (
  commonName: string,
  names: readonly string[],
  days = VALID_DAYS,
): Promise<NewIdentity | Fault> =>
  new Promise((resolve) => {
    const options = { timeout: PATIENCE_MS, env: {}, killSignal: 'SIGKILL' as const };
    const words = [MAKER, `${days}`, commonName, ...names];
    execFile(process.execPath, words, options, (error, output) => {
      if (error === null) return resolve(JSON.parse(output) as NewIdentity);
      // Its output may hold half a key: only how it ended is told.
      const how = error.killed ? `took more than ${PATIENCE_MS / 1000} s` : `ended: ${error.code}`;
      resolve(fault('protocol', `A certificate can't be made: the process ${how}.`));
    });
  });

const MAKER = fileURLToPath(new URL('./make-certificate.ts', import.meta.url));
const PATIENCE_MS = 60_000;
