import type { IncomingMessage, ServerResponse } from 'node:http';
import { BehaviorSubject, distinctUntilChanged, type Observable } from 'rxjs';
import type { Indicators } from '#data/indicators.ts';
import type { DisplayView } from '#ports/customer-display.ts';
import type { Log } from '#ports/log.ts';
import type { KioskMessage } from './message.ts';

export interface EventStream {
  /** Answers a request with the stream of views; the latest comes at once. */
  attach(request: IncomingMessage, response: ServerResponse): void;
  show(view: DisplayView): void;
  readonly watchers$: Observable<number>;
  close(): Promise<void>;
}

interface Setup {
  readonly log: Log;
  /** The name of this run of the terminal. */
  readonly run: string;
  readonly indicators: Indicators;
  readonly pageVersion: () => string | undefined;
}

/** A display can't tell a silent terminal from a hung one, so we speak at least this often. */
const BEAT_MS = 2000;
/** Clients come back this soon after a connection is lost. */
const RETRY_MS = 500;
/** A client that leaves this many bytes unread is dead or hopelessly slow. */
const MOST_UNREAD_BYTES = 64 * 1024;
/** One display, a spare one, a technician's laptop; more is an accident. */
const MOST_WATCHERS = 16;

/** The fan-out of views to every display that watches, in the form of Server-Sent Events. */
export function openEventStream({ log, run, indicators, pageVersion }: Setup): EventStream {
  const watchers = new Set<ServerResponse>();
  const count$ = new BehaviorSubject(0);
  let latest: { readonly view: DisplayView; readonly atMs: number } | undefined;

  const event = (): string => {
    const ageMs = latest ? Math.round(performance.now() - latest.atMs) : 0;
    const view = latest?.view ?? null;
    const page = pageVersion() ?? null;
    const message: KioskMessage = { run, page, ageMs, indicators, view };
    const id = view ? `id: ${view.sequence}\n` : '';
    return `event: view\n${id}data: ${JSON.stringify(message)}\n\n`;
  };
  const say = (text: string): void => {
    for (const watcher of watchers) {
      if (watcher.destroyed) continue;
      watcher.write(text);
      if (watcher.writableLength <= MOST_UNREAD_BYTES) continue;
      log.warn({ unreadBytes: watcher.writableLength }, 'a display that reads nothing is dropped');
      watcher.destroy();
    }
  };
  // An event rather than a comment: a page can hear events, and so notice their absence.
  const beat = setInterval(() => say('event: beat\ndata: 1\n\n'), BEAT_MS).unref();

  const join = (response: ServerResponse): void => {
    watchers.add(response);
    count$.next(watchers.size);
    log.info({ watchers: watchers.size }, 'a customer display is watching');
    // A display that vanishes while we write: its 'close' follows and says all there is to say.
    response.on('error', () => undefined);
    response.once('close', () => {
      watchers.delete(response);
      count$.next(watchers.size);
      log.info({ watchers: watchers.size }, 'a customer display went away');
    });
  };

  return {
    attach(request, response) {
      if (watchers.size >= MOST_WATCHERS) {
        log.warn({ watchers: watchers.size }, 'one customer display too many');
        response.writeHead(503, { 'Cache-Control': 'no-store', 'Retry-After': '5' });
        return void response.end();
      }
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      if (request.method === 'HEAD') return void response.end();
      request.socket.setNoDelay(true);
      response.write(`retry: ${RETRY_MS}\n\n${event()}`);
      join(response);
    },
    show(view) {
      latest = { view, atMs: performance.now() };
      say(event());
    },
    watchers$: count$.pipe(distinctUntilChanged()),
    async close() {
      clearInterval(beat);
      const gone = [...watchers].map(
        (watcher) => new Promise((resolve) => watcher.once('close', resolve).destroy()),
      );
      await Promise.all(gone);
      count$.complete();
    },
  };
}
