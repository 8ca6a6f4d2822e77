import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMalformed } from '#bytes/malformed.ts';
import {
  answerUnreadable,
  encodeRequest,
  encodeResponse,
  isUnreadable,
  type NexoRequest,
  type NexoResponse,
  parseJson,
  readRequest,
  readResponse,
} from '#nexo/index.ts';
import { requests, responses } from './arbitrary-messages.ts';
import { facts } from './examples.ts';

const RUNS = 300;

describe('any message', () => {
  it('that is a request reads as what was written', () => {
    fc.assert(
      fc.property(requests(), (request) => {
        expect(readRequest(JSON.parse(encodeRequest(request)))).toEqual(request);
      }),
      { numRuns: RUNS },
    );
  });

  it('that is an answer reads as what was written', () => {
    fc.assert(
      fc.property(responses(), (response) => {
        expect(readResponse(JSON.parse(encodeResponse(response)))).toEqual(response);
      }),
      { numRuns: RUNS },
    );
  });

  it('that was damaged is taken as a whole one or answered by the schema', () => {
    fc.assert(
      fc.property(requests(), damages, (request, damage) => {
        const json: unknown = JSON.parse(encodeRequest(request));
        const damaged = damage(json);
        const read = readRequest(damaged);
        const received = new TextEncoder().encode(JSON.stringify(damaged) ?? '');
        if (isUnreadable(read)) encodeAny(answerUnreadable(read, received, facts));
        else encodeRequest(read);
      }),
      { numRuns: 3 * RUNS },
    );
  });

  it('that is no message at all is answered by the schema', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
        const json = parseJson(text);
        const read = isMalformed(json) ? { unreadable: json } : readRequest(json);
        if (!isUnreadable(read)) return;
        const answer = answerUnreadable(read, new TextEncoder().encode(text), facts);
        expect(answer).toMatchObject({ category: 'Event', body: { EventToNotify: 'Reject' } });
        encodeAny(answer);
      }),
      { numRuns: RUNS },
    );
  });
});

// Throws for what the schema doesn't allow.
const encodeAny = (message: NexoRequest | NexoResponse): string =>
  message.header.MessageType === 'Response'
    ? encodeResponse(message as NexoResponse)
    : encodeRequest(message as NexoRequest);

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1e21, true, [], {}, 'x', '\n', '__proto__', [[]]),
  fc.jsonValue(),
);

/** Takes one value out of a message, or puts something else in its place. */
const damages = fc
  .record({ at: fc.nat(), how: fc.constantFrom('remove', 'replace', 'wrap', 'add'), by: junk })
  .map(({ at, how, by }) => (json: unknown): unknown => {
    const places = placesIn(json);
    const place = places[at % Math.max(places.length, 1)];
    if (place === undefined) return by;
    const { holder, key } = place;
    if (how === 'remove') delete holder[key];
    else if (how === 'replace') holder[key] = by;
    else if (how === 'wrap') holder[key] = [holder[key]];
    else holder[`${key}2`] = by;
    return json;
  });

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

const placesIn = (json: unknown): Place[] => {
  if (typeof json !== 'object' || json === null) return [];
  const holder = json as Record<string, unknown>;
  return Object.entries(holder).flatMap(([key, value]) => [{ holder, key }, ...placesIn(value)]);
};
