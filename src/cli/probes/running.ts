import { connect } from 'node:net';
import { firstValueFrom } from 'rxjs';
import { durationWords, finding, megabytes } from '#doctor/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Finding, Probe } from '#ports/finding.ts';
import type { HostLink } from '#ports/host-link.ts';
import type { Terminal } from '#terminal/types.ts';
import type { Echo, Uplink } from '#uplink/index.ts';
import { VERSION } from '../version.ts';

/** A terminal that looks at itself is there. */
export const terminalProbe: Probe = async () =>
  finding('terminal', 'well', {
    version: VERSION,
    duration: durationWords(process.uptime() * 1000),
  });

/** The host's line, and what asks over it. */
export interface HostToLookAt {
  readonly link: Pick<HostLink, 'state$'>;
  /** One echo for all who ask at the same time. */
  readonly echo: (signal: AbortSignal) => Promise<Echo | Fault>;
  readonly uplink: Pick<Uplink, 'lastAnswerMs'>;
  readonly terminal: Pick<Terminal, 'status'>;
  readonly monotonicMs: () => number;
}

/** A shopper notices from here on. */
const SLOW_ECHO_MS = 2000;

export const hostProbe =
  ({ link, echo, uplink, terminal, monotonicMs }: HostToLookAt): Probe =>
  async (signal) => {
    const state = await firstValueFrom(link.state$);
    if (state.link === 'down') return finding('host', 'down', { why: state.why.detail });
    const { peer } = state;
    const lastMs = uplink.lastAnswerMs();
    const ago = lastMs === undefined ? 'an unknown time' : durationWords(monotonicMs() - lastMs);
    if (terminal.status().state !== 'idle') return finding('host', 'busy', { peer, ago });
    const echoed = await echo(signal);
    if (isFault(echoed)) return finding('host', 'silent', { peer, ago, why: echoed.detail });
    const { milliseconds } = echoed;
    return finding('host', milliseconds > SLOW_ECHO_MS ? 'slow' : 'well', { peer, milliseconds });
  };

/** Several checks want one echo: it is asked once, and not for longer than people wait. */
export const sharedEcho = (uplink: Pick<Uplink, 'echo'>, withinMs = 7000) => {
  let asked: Promise<Echo | Fault> | undefined;
  return (signal: AbortSignal): Promise<Echo | Fault> => {
    const patience = AbortSignal.timeout(withinMs);
    asked ??= uplink
      .echo(AbortSignal.any([signal, patience]))
      .then((answer) =>
        isFault(answer) && patience.aborted
          ? fault('timeout', `no answer within ${withinMs / 1000} s`)
          : answer,
      );
    return asked;
  };
};

/** The page as a browser would fetch it, and how many browsers show it. */
export const displayProbe =
  (url: string, terminal: Pick<Terminal, 'status'>): Probe =>
  async (signal) => {
    const problem = await served(url, signal);
    if (problem !== undefined) return finding('display', 'unserved', { url, why: problem });
    const count = terminal.status().displays;
    if (count === 0) return finding('display', 'unwatched', { url });
    return finding('display', 'well', { url, count });
  };

// By hand: fetch and node:http would bring their WebSocket client along, and its memory.
const served = (url: string, signal: AbortSignal): Promise<string | undefined> =>
  new Promise((resolve) => {
    const { hostname, port, host } = new URL(url);
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), signal });
    let head = '';
    const end = (problem: string | undefined) => {
      socket.destroy();
      resolve(problem);
    };
    socket.setTimeout(PAGE_WITHIN_MS, () => end('nothing comes'));
    socket.on('connect', () => socket.write(`GET / HTTP/1.0\r\nHost: ${host}\r\n\r\n`));
    socket.on('data', (piece) => {
      head += piece.toString('latin1');
      const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head) ?? [];
      if (status !== undefined) end(status === '200' ? undefined : `it answers ${status}`);
    });
    socket.on('error', (error) => end(error.message));
    socket.on('close', () => end('it hangs up'));
  });

const PAGE_WITHIN_MS = 3000;

/** What journal and books of a running terminal tell. */
export interface JournalFacts {
  readonly bytes: number;
  readonly mostBytes: number;
  /** How much of the chain was read now, for people. */
  readonly looked: string;
  readonly reversals: number;
  readonly forwards: number;
  readonly oldestMs?: number | undefined;
  readonly refusedLater: number;
}

/** Reversals and advices go out within seconds where the host is there. */
const LONG_MS = 3_600_000;

/** A journal that is whole, by its size and by what it owes. */
export const journalFinding = (facts: JournalFacts): Finding => {
  const { bytes, mostBytes, looked, reversals, forwards, oldestMs, refusedLater } = facts;
  const size = megabytes(bytes);
  if (refusedLater > 0) return finding('journal', 'refusedLater', { count: refusedLater });
  if (oldestMs !== undefined && oldestMs > LONG_MS) {
    const duration = durationWords(oldestMs);
    return finding('journal', 'owingLong', { reversals, forwards, duration });
  }
  if (bytes > mostBytes) {
    return finding('journal', 'large', { megabytes: size, most: megabytes(mostBytes) });
  }
  if (reversals + forwards > 0) {
    return finding('journal', 'owing', { looked, megabytes: size, reversals, forwards });
  }
  return finding('journal', 'well', { looked, megabytes: size });
};
