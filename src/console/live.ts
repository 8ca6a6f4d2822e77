import { auditTime, merge, type Subscription } from 'rxjs';
import type { NowView } from './api.ts';
import type { ConsoleParts } from './parts.ts';
import type { Session, Sessions } from './sessions.ts';
import { nowView } from './views/now.ts';

/** Where a stream is written to: a response whose head was sent. */
export interface Outlet {
  write(text: string): void;
  end(): void;
  /** For one that reads nothing. */
  destroy(): void;
  readonly unreadBytes: number;
}

/** What goes on, told as it happens (Server-Sent Events "now", "tap" and "beat"). */
export interface Live {
  /** There are as many streams as there may be. */
  isFull(): boolean;
  /** @returns what to call when the reader has gone */
  join(session: Session, outlet: Outlet): () => void;
  /** Ends the streams of sessions that are over. */
  sweep(): void;
  close(): void;
}

export const MOST_STREAMS = 20;
/** A page can't tell a silent terminal from a hung one, so we speak at least this often. */
export const BEAT_MS = 2000;
/** Clients come back this soon after a connection is lost. */
const RETRY_MS = 1000;
/** A client that leaves this much unread is dead or hopelessly slow. */
const MOST_UNREAD_BYTES = 256 * 1024;
/** Changes that come together are told together. */
const TOGETHER_MS = 50;

interface Stream {
  readonly session: Session;
  readonly outlet: Outlet;
}

export const createLive = (parts: ConsoleParts, sessions: Sessions): Live => {
  const { taps, decisions, reader$, changes$, clock, log } = parts;
  const streams = new Set<Stream>();
  let told = '';
  let beat: Subscription | undefined;

  const drop = (stream: Stream): void => {
    streams.delete(stream);
    if (streams.size > 0) return;
    beat?.unsubscribe();
    beat = undefined;
    told = '';
  };
  const sweep = (): void => {
    for (const stream of streams) {
      if (!stream.session.isOver()) continue;
      stream.outlet.end();
      drop(stream);
    }
  };
  const say = (text: string): void => {
    sweep();
    for (const stream of streams) {
      stream.outlet.write(text);
      if (stream.outlet.unreadBytes <= MOST_UNREAD_BYTES) continue;
      log.warn({ unreadBytes: stream.outlet.unreadBytes }, 'a console that reads nothing');
      stream.outlet.destroy();
      drop(stream);
    }
  };
  const tellNow = async (): Promise<void> => {
    if (streams.size === 0) return;
    const view = await nowView(parts);
    const content = contentOf(view);
    if (content === told || streams.size === 0) return;
    told = content;
    say(event('now', view));
  };
  const schedule = (): void => {
    beat = clock.scheduler.schedule(() => {
      sessions.sweep();
      say(event('beat', clock.wallMs()));
      // What changes without a word, such as displays and the host's line.
      void tellNow();
      if (streams.size > 0) schedule();
    }, BEAT_MS);
  };
  const listening = [
    merge(changes$, decisions.standing$, reader$)
      .pipe(auditTime(TOGETHER_MS, clock.scheduler))
      .subscribe(() => void tellNow()),
    taps.added$.subscribe((tap) => say(event('tap', tap))),
  ];
  return {
    isFull: () => streams.size >= MOST_STREAMS,
    join: (session, outlet) => {
      const stream = { session, outlet };
      streams.add(stream);
      outlet.write(`retry: ${RETRY_MS}\n\n`);
      void nowView(parts).then((view) => {
        if (!streams.has(stream)) return;
        told = contentOf(view);
        outlet.write(event('now', view));
      });
      if (beat === undefined) schedule();
      return () => drop(stream);
    },
    sweep,
    close: () => {
      for (const one of listening) one.unsubscribe();
      for (const stream of [...streams]) {
        stream.outlet.end();
        drop(stream);
      }
    },
  };
};

// The time alone is no news.
const contentOf = ({ atMs: _, ...view }: NowView): string => JSON.stringify(view);

const event = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
