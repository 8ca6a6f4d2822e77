import type { RequestListener } from 'node:http';
import { createEvents } from './events.ts';
import type { TillLimits, TillLineOptions } from './options.ts';
import { createRequests } from './requests.ts';
import type { Upgrade } from './upgrade.ts';

export { addKey, checkValueOf, type KeyChange, keysIn, removeKey } from './key-file.ts';
export { type KeptKeyRing, keepKeyRing } from './key-ring-keeper.ts';
export type { TillLimits, TillLineOptions } from './options.ts';

/** What tills reach over HTTP. It listens to nothing itself: requests are handed to it. */
export interface TillLine {
  readonly request: RequestListener;
  readonly upgrade: Upgrade;
  /** Ends the WebSockets, and waits no more for answers. */
  close(): void;
}

const LIMITS: TillLimits = { atOnce: 128, atOnceOfOne: 8, listeners: 128, pingMs: 30_000 };

/**
 * nexo over HTTP: POST /nexo/ with a message, answered when the desk has an answer, however long
 * that takes; a WebSocket at /nexo/events for what tills are told unasked.
 */
export const createTillLine = (options: TillLineOptions): TillLine => {
  const limits = { ...LIMITS, ...options.limits };
  const requests = createRequests(options, limits);
  const events = createEvents(options, limits);
  return {
    request: requests.listener,
    upgrade: events.upgrade,
    close: () => {
      requests.close();
      events.close();
    },
  };
};
