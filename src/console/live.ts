import { auditTime, merge, type Subscription } from 'rxjs';
import { isFault } from '#ports/fault.ts';
import type { NowView } from './api.ts';
import type { ConsoleParts } from './parts.ts';
import type { Session, Sessions } from './sessions.ts';
import { createStreams, type Outlet } from './streams.ts';
import { nowView } from './views/now.ts';

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
const BEAT_MS = 2000;
/** Clients come back this soon after a connection is lost. */
const RETRY_MS = 1000;
/** Changes that come together are told together. */
const TOGETHER_MS = 50;

export const createLive = (parts: ConsoleParts, sessions: Sessions): Live => {
  const { taps, decisions, people, reader$, changes$, clock, log } = parts;
  let told = '';
  let beat: Subscription | undefined;
  const streams = createStreams(log, () => {
    beat?.unsubscribe();
    beat = undefined;
    told = '';
  });
  const tellNow = async (): Promise<void> => {
    if (streams.count === 0) return;
    const view = await nowView(parts);
    const content = contentOf(view);
    if (content === told || streams.count === 0) return;
    told = content;
    streams.say(event('now', view));
  };
  // Whose page asks for nothing else must be told nothing more, either.
  const signOutChanged = async (): Promise<void> => {
    const known = await people.list();
    if (isFault(known)) return;
    sessions.keepOnly(known);
    streams.sweep();
  };
  const schedule = (): void => {
    beat = clock.scheduler.schedule(() => {
      sessions.sweep();
      void signOutChanged();
      streams.say(event('beat', clock.wallMs()));
      // What changes without a word, such as displays and the host's line.
      void tellNow();
      if (streams.count > 0) schedule();
    }, BEAT_MS);
  };
  const listening = [
    merge(changes$, decisions.standing$, reader$)
      .pipe(auditTime(TOGETHER_MS, clock.scheduler))
      .subscribe(() => void tellNow()),
    taps.added$.subscribe((tap) => streams.say(event('tap', tap))),
  ];
  return {
    isFull: () => streams.count >= MOST_STREAMS,
    join: (session, outlet) => {
      const stream = { session, outlet };
      streams.add(stream);
      outlet.write(`retry: ${RETRY_MS}\n\n`);
      void nowView(parts).then((view) => {
        if (streams.has(stream)) outlet.write(event('now', view));
      });
      if (beat === undefined) schedule();
      return () => streams.drop(stream);
    },
    sweep: streams.sweep,
    close: () => {
      for (const one of listening) one.unsubscribe();
      streams.endAll();
    },
  };
};

// The time alone is no news.
const contentOf = ({ atMs: _, ...view }: NowView): string => JSON.stringify(view);

const event = (name: string, data: unknown): string =>
  `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
