import type { Log } from '#ports/log.ts';
import type { Session } from './sessions.ts';

/** Where a stream is written to: a response whose head was sent. */
export interface Outlet {
  write(text: string): void;
  end(): void;
  /** For one that reads nothing. */
  destroy(): void;
  readonly unreadBytes: number;
}

export interface Stream {
  readonly session: Session;
  readonly outlet: Outlet;
}

/** Who follows, each for as long as their session lasts. */
export interface Streams {
  readonly count: number;
  add(stream: Stream): void;
  has(stream: Stream): boolean;
  drop(stream: Stream): void;
  /** To all whose session isn't over; the others end. */
  say(text: string): void;
  sweep(): void;
  endAll(): void;
}

/** A client that leaves this much unread is dead or hopelessly slow. */
const MOST_UNREAD_BYTES = 256 * 1024;

/** @param onEmpty the last one has gone */
export const createStreams = (log: Log, onEmpty: () => void): Streams => {
  const streams = new Set<Stream>();
  const drop = (stream: Stream): void => {
    if (streams.delete(stream) && streams.size === 0) onEmpty();
  };
  const endWhere = (chosen: (stream: Stream) => boolean): void => {
    for (const stream of [...streams].filter(chosen)) {
      stream.outlet.end();
      drop(stream);
    }
  };
  const sweep = () => endWhere(({ session }) => session.isOver());
  return {
    get count() {
      return streams.size;
    },
    add: (stream) => void streams.add(stream),
    has: (stream) => streams.has(stream),
    drop,
    sweep,
    say: (text) => {
      sweep();
      for (const stream of streams) {
        const { outlet } = stream;
        outlet.write(text);
        if (outlet.unreadBytes <= MOST_UNREAD_BYTES) continue;
        log.warn({ unreadBytes: outlet.unreadBytes }, 'a console that reads nothing is dropped');
        outlet.destroy();
        drop(stream);
      }
    },
    endAll: () => endWhere(() => true),
  };
};
