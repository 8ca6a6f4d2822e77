import type { HostLink } from '#ports/host-link.ts';
import { createCounter, createTimes } from './tally.ts';

/**
 * The same link, with what goes over it counted: messages, and the time from one that is sent to
 * the next that arrives. The host is asked one thing at a time, so that is a round trip; one that
 * took longer than `longestMs` is an answer to nothing any more, and isn't counted as one.
 */
export const countedLink = (link: HostLink, longestMs: number) => {
  const messages = createCounter('countertap_host_messages_total', 'Messages with the host');
  const trips = createTimes(
    'countertap_host_round_trip_seconds',
    'From a message to the host to the next one from it',
    BOUNDS,
  );
  let sentMs: number | undefined;
  // Ends with the link.
  link.received$.subscribe(() => {
    messages.add({ direction: 'received' });
    const ms = performance.now() - (sentMs ?? Number.NEGATIVE_INFINITY);
    sentMs = undefined;
    if (ms <= longestMs) trips.add(ms / 1000);
  });
  const counted: HostLink = {
    ...link,
    send: (message) => {
      messages.add({ direction: 'sent' });
      sentMs = performance.now();
      return link.send(message);
    },
  };
  return { link: counted, families: () => [messages.family(), trips.family()] };
};

const BOUNDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15];
