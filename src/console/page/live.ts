import { useEffect, useState } from 'preact/hooks';
import type { NowView, TapView } from '../api.ts';
import { type Client, isRefusal } from './api-client.ts';

/** What the page knows of the terminal at this moment. */
export interface Live {
  readonly now?: NowView;
  /** Newest first. */
  readonly taps: readonly TapView[];
  /** Told by the terminal while the page was open: to be spoken. */
  readonly latestTap?: TapView;
  /** "away": what is shown may be old. */
  readonly link: 'starting' | 'up' | 'away';
}

const TAPS_SHOWN = 50;
const RECONNECT_MS = 1000;
/** A connection that is back within this time was a blink, and nobody is told. */
const BLINK_MS = 1500;
/** The server beats every 2 s: this long without a word, we ask whether it is there. */
const SILENCE_MS = 7000;

/** Follows the terminal for as long as somebody is signed in; reconnects by itself. */
export const useLive = (client: Client): Live => {
  const [live, setLive] = useState<Live>({ taps: [], link: 'starting' });
  useEffect(() => follow(client, (change) => setLive((before) => change(before))), [client]);
  return live;
};

type Change = (before: Live) => Live;

const follow = (client: Client, tell: (change: Change) => void): (() => void) => {
  let source: EventSource | undefined;
  const timers = { silence: 0, blink: 0, reconnect: 0 };
  let ended = false;

  const heard = (change: Change): void => {
    window.clearTimeout(timers.blink);
    timers.blink = 0;
    listen();
    tell((before) => change({ ...before, link: 'up' }));
  };
  const listen = (): void => {
    window.clearTimeout(timers.silence);
    timers.silence = window.setTimeout(probe, SILENCE_MS);
  };
  const lost = (): void => {
    source?.close();
    if (timers.blink === 0) {
      timers.blink = window.setTimeout(
        () => tell((before) => ({ ...before, link: 'away' })),
        BLINK_MS,
      );
    }
    window.clearTimeout(timers.silence);
    window.clearTimeout(timers.reconnect);
    timers.reconnect = window.setTimeout(reconnect, RECONNECT_MS);
  };
  // An EventSource doesn't say why it failed. Asking does: the session may have ended.
  const probe = async (): Promise<void> => {
    const now = await client.get<NowView>('now');
    if (ended) return;
    if (isRefusal(now)) lost();
    else heard((before) => ({ ...before, now }));
  };
  const reconnect = async (): Promise<void> => {
    const now = await client.get<NowView>('now');
    if (ended || (isRefusal(now) && now.status === 401)) return;
    if (isRefusal(now)) lost();
    else connect();
  };
  const connect = async (): Promise<void> => {
    source = new EventSource('api/events');
    source.addEventListener('now', ({ data }: MessageEvent<string>) => {
      const now: NowView = JSON.parse(data);
      heard((before) => ({ ...before, now }));
    });
    source.addEventListener('tap', ({ data }: MessageEvent<string>) => {
      const tap: TapView = JSON.parse(data);
      heard((before) => ({ ...before, taps: merge([tap], before.taps), latestTap: tap }));
    });
    source.addEventListener('beat', () => heard((before) => before));
    source.addEventListener('error', lost);
    listen();
    const taps = await client.get<readonly TapView[]>('taps');
    if (!ended && !isRefusal(taps))
      tell((before) => ({ ...before, taps: merge(taps, before.taps) }));
  };

  connect();
  return () => {
    ended = true;
    source?.close();
    for (const timer of Object.values(timers)) window.clearTimeout(timer);
  };
};

const merge = (fresh: readonly TapView[], old: readonly TapView[]): readonly TapView[] => {
  const byKey = new Map([...old, ...fresh].map((tap) => [`${tap.transactionId} ${tap.atMs}`, tap]));
  return [...byKey.values()].sort((a, b) => b.atMs - a.atMs).slice(0, TAPS_SHOWN);
};
