import type { ByteLine } from '#ports/byte-line.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';

/** A byte line as one conversation uses it: what has come is kept until somebody takes it. */
export interface Wire {
  /** A line that goes down and comes up again meanwhile is no fault: see `up`. */
  send(bytes: Uint8Array): Promise<Fault | undefined>;
  /** What has come, or "silence" when nothing has within the time; `aborted` when we gave up. */
  receive(withinMs: number): Promise<Uint8Array | 'silence' | Fault>;
  /** Forgets what has come. */
  purge(): void;
  /** Resolves when bytes can be sent, to a Fault when that isn't so within the time. */
  up(withinMs: number): Promise<Fault | undefined>;
  end(): void;
}

/** @param signal ends every wait; what is being sent is sent to its end */
export const openWire = (line: ByteLine, signal: AbortSignal): Wire => {
  let chunks: Uint8Array[] = [];
  let wake = (): void => {};
  let down: Fault | undefined;
  const received = line.received$.subscribe((bytes) => {
    chunks.push(bytes);
    wake();
  });
  const state = line.state$.subscribe((now) => {
    down = now.line === 'up' ? undefined : now.why;
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener('abort', onAbort);
  const aborted = fault('aborted', `${line.path}: the transfer was ended`);

  const until = async <Value>(look: () => Value | undefined, withinMs: number) => {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const found = signal.aborted ? aborted : look();
      if (found !== undefined) return found;
      const left = deadline - performance.now();
      if (left <= 0) return 'late' as const;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  const take = (): Uint8Array | Fault | undefined => {
    if (chunks.length === 0) return down;
    const all = Buffer.concat(chunks);
    chunks = [];
    return new Uint8Array(all);
  };

  return {
    send: (bytes) => line.write(bytes, WRITE_MS),
    receive: async (withinMs) => {
      const found = await until(take, withinMs);
      return found === 'late' ? 'silence' : found;
    },
    purge: () => {
      chunks = [];
    },
    up: async (withinMs) => {
      const found = await until(() => (down === undefined ? 'up' : undefined), withinMs);
      if (found === 'late') return down ?? fault('timeout', `${line.path} is not open`);
      return isFault(found) ? found : undefined;
    },
    end: () => {
      received.unsubscribe();
      state.unsubscribe();
      signal.removeEventListener('abort', onAbort);
    },
  };
};

/** 1029 bytes take 9 s at 1200 baud; a device that holds the line up longer isn't there. */
const WRITE_MS = 20_000;
