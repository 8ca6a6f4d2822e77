import { setTimeout as sleep } from 'node:timers/promises';
import type { KioskMessage } from '#drivers/kiosk/message.ts';

/** What the shopper's display shows, as it comes. */
export interface DisplayWatch {
  /** Resolves to the first picture from now on that is such a one. */
  until(wanted: (message: KioskMessage) => boolean): Promise<KioskMessage>;
  /** Resolves when this screen is shown; at once when it is shown now. */
  shows(screen: string): Promise<void>;
  close(): void;
}

/** Looks at a display from here on, and again after the terminal has ended. @param url its page */
export const watchViews = (url: string): DisplayWatch => {
  const end = new AbortController();
  const waiting = new Set<(message: KioskMessage) => void>();
  let latest: KioskMessage | undefined;
  const show = (message: KioskMessage | undefined) => {
    latest = message;
    if (message !== undefined) for (const look of waiting) look(message);
  };
  void follow(url, end.signal, show);
  const until: DisplayWatch['until'] = (wanted) =>
    new Promise((resolve) => {
      if (latest !== undefined && wanted(latest)) {
        resolve(latest);
        return;
      }
      const look = (message: KioskMessage) => {
        if (!wanted(message)) return;
        waiting.delete(look);
        resolve(message);
      };
      waiting.add(look);
    });
  return {
    until,
    shows: async (screen) => {
      await until(({ view }) => view?.screen === screen);
    },
    close: () => end.abort(),
  };
};

const follow = async (
  url: string,
  signal: AbortSignal,
  show: (message: KioskMessage | undefined) => void,
): Promise<void> => {
  while (!signal.aborted) {
    await once(url, signal, show).catch(() => undefined);
    // What was shown is gone with whoever showed it.
    show(undefined);
    await sleep(50, undefined, { signal }).catch(() => undefined);
  }
};

const once = async (
  url: string,
  signal: AbortSignal,
  show: (message: KioskMessage) => void,
): Promise<void> => {
  const { body } = await fetch(new URL('events', url), { signal });
  let rest = '';
  for await (const chunk of body ?? []) {
    const lines = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('data: {')) show(JSON.parse(line.slice('data: '.length)));
    }
  }
};
