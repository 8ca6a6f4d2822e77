import { BehaviorSubject, Subject } from 'rxjs';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { frame } from '#iso8583/index.ts';
import { fault } from '#ports/fault.ts';
import type { HostLink, LinkState } from '#ports/host-link.ts';
import { type Connection, openConnection } from './connection.ts';
import { type TlsOptions, tlsDefaults } from './options.ts';

/** A host link that begins to connect at once and never stops trying until it is closed. */
export const createTlsLink = (options: TlsOptions): HostLink => {
  const state = new BehaviorSubject<LinkState>(down('not connected yet'));
  const received = new Subject<Uint8Array>();
  const closing = new AbortController();
  let connection: Connection | undefined;
  let failures = 0;
  let retry: NodeJS.Timeout | undefined;
  let finished: (() => void) | undefined;

  const open = () => {
    retry = undefined;
    void openConnection(
      options,
      {
        up: (opened, peer) => {
          connection = opened;
          state.next({ link: 'up', peer });
        },
        message: (bytes) => {
          // In TLS 1.3 a host refuses our certificate only after we think that we are connected.
          // So it takes a message to believe that the trouble is over.
          failures = 0;
          received.next(bytes);
        },
        down: (why) => {
          connection = undefined;
          const { value } = state;
          if (value.link === 'up' || value.why.detail !== why) state.next(down(why));
          if (closing.signal.aborted) finished?.();
          else retry = setTimeout(open, pauseMs(failures++, options));
        },
      },
      closing.signal,
    );
  };
  open();

  return {
    state$: state.asObservable(),
    received$: received.asObservable(),
    send: async (message) => {
      const framed = frame(message);
      if (isMalformed(framed)) return fault('protocol', describeMalformed(framed));
      if (connection?.write(framed) === true) return undefined;
      return state.value.link === 'down' ? state.value.why : fault('linkDown', 'connection closed');
    },
    close: async () => {
      if (closing.signal.aborted) return;
      const idle = retry !== undefined && connection === undefined;
      clearTimeout(retry);
      await new Promise<void>((resolve) => {
        finished = resolve;
        closing.abort();
        if (idle) resolve();
      });
      received.complete();
      state.complete();
    },
  };
};

const down = (why: string): LinkState => ({ link: 'down', why: fault('linkDown', why) });

// Half of the pause is left to chance, so that a shop's terminals don't all come back at once.
const pauseMs = (failures: number, { retryAfterMs = tlsDefaults.retryAfterMs }: TlsOptions) =>
  Math.min(retryAfterMs.last, retryAfterMs.first * 2 ** Math.min(failures, 20)) *
  (0.5 + Math.random() / 2);
