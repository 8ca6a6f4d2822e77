import type { Subscription } from 'rxjs';
import type { WebSocket } from 'ws';
import { isFault } from '#ports/fault.ts';
import type { TillDesk } from '#ports/till-line.ts';
import { connect } from './connect.ts';
import { type FromTerminal, fromRelay } from './envelope.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { type RelayOptions, type RelayTiming, timingDefaults } from './options.ts';

export type { FromRelay, FromTerminal } from './envelope.ts';
export type { RelayOptions, RelayTiming } from './options.ts';

/** A line out to where tills in the cloud send their messages. */
export interface TillRelay {
  /** Whether the relay is there just now, and what waits for it. */
  state(): { readonly connected: boolean; readonly kept: number; readonly underWay: number };
  /** Resolves when nothing is open any more. Messages under way lose their caller. */
  close(): Promise<void>;
}

/**
 * Connects out to the relay, again and again until it is closed, and gives tills' messages to the
 * desk. Answers are kept until the relay has acknowledged them, across connections.
 */
export const openTillRelay = (options: RelayOptions): TillRelay => {
  const { log, mostUnderWay = 64, mostKept = 256 } = options;
  const name = new URL(options.address).host;
  const closing = new AbortController();
  let socket: WebSocket | undefined;
  let notified: Subscription | undefined;
  const send = (frame: FromTerminal) => {
    if (socket?.readyState === OPEN) socket.send(JSON.stringify(frame));
  };
  const loadDesk = async (): Promise<TillDesk> => {
    const desk = await options.desk();
    if (notified === undefined && !closing.signal.aborted) {
      notified = desk.notifications$.subscribe(({ message, saleId }) => {
        const notification = new TextDecoder().decode(message);
        send({ notification, ...(saleId === undefined ? {} : { saleId }) });
      });
    }
    return desk;
  };
  const mailbox = createMailbox({ desk: loadDesk, log, name, send, mostUnderWay, mostKept });
  const running = run(options, closing.signal, async (one, timing) => {
    socket = one;
    send({ hello: 1, poiId: options.poiId });
    mailbox.resume();
    await listen(one, mailbox, timing, options);
    socket = undefined;
  });
  return {
    state: () => ({ connected: socket !== undefined, ...mailbox.counts() }),
    close: async () => {
      closing.abort();
      mailbox.close();
      notified?.unsubscribe();
      socket?.terminate();
      await running;
    },
  };
};

const OPEN = 1;

type Serve = (socket: WebSocket, timing: RelayTiming) => Promise<void>;

// One connection after the other, with longer pauses the longer it goes wrong.
const run = async (options: RelayOptions, signal: AbortSignal, serve: Serve): Promise<void> => {
  const { log, monotonicMs } = options;
  const timing = { ...timingDefaults, ...options.timing };
  const relay = new URL(options.address).host;
  let failures = 0;
  let told = '';
  while (!signal.aborted) {
    const socket = await connect(options, timing, signal);
    if (!isFault(socket)) {
      if (signal.aborted) return socket.terminate();
      const sinceMs = monotonicMs();
      log.info({ relay }, 'the relay for tills is connected');
      told = '';
      await serve(socket, timing);
      if (signal.aborted) return;
      log.warn({ relay }, 'the relay for tills is gone');
      if (monotonicMs() - sinceMs >= timing.goodAfterMs) failures = 0;
    } else if (!signal.aborted && socket.detail !== told) {
      // The same again and again says nothing new.
      told = socket.detail;
      log.error({ relay, why: socket.detail }, 'no relay for tills');
    }
    await pause(pauseMs(timing, failures), signal);
    failures += 1;
  }
};

/** Terminals that lost their relay at the same moment must not all come back at the same moment. */
const pauseMs = ({ retryFirstMs, retryLastMs }: RelayTiming, failures: number): number =>
  Math.min(retryLastMs, retryFirstMs * 2 ** Math.min(failures, 20)) * (0.5 + Math.random() / 2);

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    timer.unref();
    signal.addEventListener('abort', end);
  });

/** Resolves when the connection has ended, one that died without a word, too. */
const listen = (
  socket: WebSocket,
  mailbox: Mailbox,
  { pingMs }: RelayTiming,
  { log }: RelayOptions,
): Promise<void> =>
  new Promise((resolve) => {
    let heard = true;
    const pulse = setInterval(() => {
      if (!heard) return socket.terminate();
      heard = false;
      socket.ping();
    }, pingMs).unref();
    socket.on('pong', () => {
      heard = true;
    });
    socket.on('message', (data, isBinary) => {
      heard = true;
      const frame = isBinary ? undefined : fromRelay(String(data));
      if (frame === undefined) log.warn({}, 'a frame of the relay is none: it is left out');
      else mailbox.take(frame);
    });
    socket.once('close', () => {
      clearInterval(pulse);
      resolve();
    });
    socket.resume();
    if (socket.readyState > OPEN) {
      clearInterval(pulse);
      resolve();
    }
  });
