import { BehaviorSubject, Subject } from 'rxjs';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { createFramer } from '#iso8583/index.ts';
import { fault } from '#ports/fault.ts';
import type { HostLink, LinkState } from '#ports/host-link.ts';
import type { TlsOptions } from './options.ts';
import { createSwitchboard } from './switchboard.ts';

/** A host link that begins to connect at once and never stops trying until it is closed. */
export const createTlsLink = (options: TlsOptions): HostLink => {
  const state = new BehaviorSubject<LinkState>(down('not connected yet'));
  const received = new Subject<Uint8Array>();
  const framer = createFramer(options.framing);
  const board = createSwitchboard(options, framer, {
    up: (peer) => state.next({ link: 'up', peer }),
    down: (why) => {
      const { value } = state;
      if (value.link === 'up' || value.why.detail !== why) state.next(down(why));
    },
    message: (bytes) => received.next(bytes),
  });
  let closed: Promise<void> | undefined;

  return {
    state$: state.asObservable(),
    received$: received.asObservable(),
    send: async (message) => {
      const framed = framer.frame(message);
      if (isMalformed(framed)) return fault('protocol', describeMalformed(framed));
      if (board.write(framed)) return undefined;
      return state.value.link === 'down' ? state.value.why : fault('linkDown', 'connection closed');
    },
    hurry: () => board.hurry(),
    close: async () => {
      closed ??= board.close();
      await closed;
      if (state.value.link === 'up') state.next(down('closed'));
      received.complete();
      state.complete();
    },
  };
};

const down = (why: string): LinkState => ({ link: 'down', why: fault('linkDown', why) });
