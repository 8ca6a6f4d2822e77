import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { filter, firstValueFrom, race, timer } from 'rxjs';
import { finding, megabytes } from '#doctor/index.ts';
import { listPayments } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Finding, Probe } from '#ports/finding.ts';
import type { ChainState } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import { journalBytes } from '../journal-bytes.ts';
import type { Configuration } from '../load-configuration.ts';
import { openHost } from '../open-host.ts';
import { INSTALLATION, type Places } from '../places.ts';
import { clock } from '../world.ts';
import { journalFinding } from './running.ts';

/** Whether the display's page is there, and its address free for it. */
export const displayPlaceProbe =
  ({ host, port }: Configuration['terminal']['display']): Probe =>
  async () => {
    const url = `http://${host}:${port}/`;
    if (!existsSync(join(INSTALLATION, 'drivers', 'kiosk', 'dist', 'index.html'))) {
      return finding('display', 'unserved', { url, why: 'its page is not built or not installed' });
    }
    const why = await whyNotListened(host, port);
    return why === undefined
      ? finding('display', 'free', { url })
      : finding('display', 'unserved', { url, why });
  };

const whyNotListened = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'another program listens there' : error.message),
    );
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });

/** Whether a line to the host comes up: TLS with both certificates, and no message. */
export const hostHereProbe =
  (configuration: Configuration, places: Places): Probe =>
  async () => {
    if (configuration.terminal.host.connection.kind !== 'tls') return finding('host', 'simulated');
    const startedMs = clock.monotonicMs();
    const host = await openHost(configuration, places, quiet);
    if (isFault(host)) return finding('host', 'down', { why: host.detail });
    try {
      let why = `no connection within ${CONNECT_WITHIN_MS / 1000} s`;
      const watch = host.link.state$.subscribe((state) => {
        if (state.link === 'down') why = state.why.detail;
      });
      const up$ = host.link.state$.pipe(filter((state) => state.link === 'up'));
      const state = await firstValueFrom(race(up$, timer(CONNECT_WITHIN_MS)));
      watch.unsubscribe();
      if (typeof state === 'number') return finding('host', 'down', { why });
      const milliseconds = Math.round(clock.monotonicMs() - startedMs);
      return finding('host', 'connected', { peer: state.peer, milliseconds });
    } finally {
      await host.close();
    }
  };

const CONNECT_WITHIN_MS = 6000;

const VERIFY_WITHIN_MS = 6000;

/** The whole journal, by a process of its own: a long one must not hold the other checks up. */
export const journalFileProbe =
  (places: Places): Probe =>
  async (signal) => {
    if (!existsSync(places.journal)) return finding('journal', 'none');
    const bytes = await journalBytes(places.journal);
    const state = await verified(places, signal);
    if (state === 'late') {
      const seconds = VERIFY_WITHIN_MS / 1000;
      return finding('journal', 'unfinished', { megabytes: megabytes(bytes), seconds });
    }
    if ('why' in state) return finding('journal', 'unreadable', state);
    if (state.chain === 'broken') {
      return finding('journal', 'broken', { sequence: state.sequence, problem: state.problem });
    }
    return owedBy(places, bytes, `${state.entries} entries`);
  };

const owedBy = (places: Places, bytes: number, looked: string): Finding => {
  const rows = listPayments(places.journal, LATEST);
  if (isFault(rows)) return finding('journal', 'unreadable', { why: rows.detail });
  const inState = (wanted: string) => rows.filter(({ state }) => state === wanted);
  const open = [...inState('reversing'), ...inState('queued')];
  const oldest = Math.min(...open.map(({ startedMs }) => startedMs));
  return journalFinding({
    ...{ bytes, looked, mostBytes: Number.POSITIVE_INFINITY },
    reversals: inState('reversing').length,
    forwards: inState('queued').length,
    oldestMs: open.length === 0 ? undefined : clock.wallMs() - oldest,
    refusedLater: inState('refusedLater').length,
  });
};

/** What is owed is delivered soon, so it is among these. */
const LATEST = 5000;

const verified = (
  { state }: Places,
  signal: AbortSignal,
): Promise<ChainState | 'late' | { readonly why: string }> =>
  new Promise((resolve) => {
    const main = join(INSTALLATION, 'src', 'cli', 'main.ts');
    const words = [...process.execArgv, main, '--state', state, 'journal', 'verify', '--json'];
    const options = { signal, timeout: VERIFY_WITHIN_MS, killSignal: 'SIGKILL' } as const;
    execFile(process.execPath, words, options, (error, stdout, stderr) => {
      if (error?.killed || signal.aborted) return resolve('late');
      try {
        resolve(JSON.parse(stdout) as ChainState);
      } catch {
        resolve({ why: stderr.replace(/^countertap: /, '').trim() || 'its check ended early' });
      }
    });
  });

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
