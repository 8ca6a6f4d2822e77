import type { IncomingMessage } from 'node:http';
import type { Refusal } from './guard.ts';

/** What a display may post at one address. */
export interface Posted {
  /** At the beginning of a sentence: "A choice". */
  readonly what: string;
  /** What it has, for who posts something else: "a sequence and an id". */
  readonly has: string;
  readonly mostBytes: number;
  /** On all displays together. */
  readonly mostASecond: number;
}

/** Reads what is posted as an object, or gives the refusal when it is none, or too much. */
export type ReadPosted = (
  request: IncomingMessage,
) => Promise<{ readonly value: Record<string, unknown> } | { readonly refusal: Refusal }>;

export function readerOf({ what, has, mostBytes, mostASecond }: Posted): ReadPosted {
  const mayPost = limit(mostASecond);
  const refuse = (status: number, sentence: string, headers: Refusal['headers'] = {}) => ({
    refusal: { status, sentence, headers },
  });
  return async (request) => {
    if (!mayPost()) return refuse(429, `${what} too soon.`, { 'Retry-After': '1' });
    if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      return refuse(415, `${what} comes as application/json.`);
    }
    const body = await bodyOf(request, mostBytes);
    if (body === undefined) {
      return refuse(413, `${what} has at most ${mostBytes} bytes.`, { Connection: 'close' });
    }
    const value = objectIn(body);
    return value === undefined ? malformed(what, has) : { value };
  };
}

/** For an object that has not what it should have. */
export const malformed = (what: string, has: string): { readonly refusal: Refusal } => ({
  refusal: { status: 400, sentence: `${what} has ${has}.` },
});

/** The whole body, or undefined when it is longer than it can be; then it is not read on. */
async function bodyOf(request: IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    // Left alone when it is too long: destroyed, its connection couldn't carry the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      length += chunk.length;
      if (length > most) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return ''; // Whoever posted it went away: there is nobody left to answer.
  }
  return Buffer.concat(chunks).toString();
}

function objectIn(body: string): Record<string, unknown> | undefined {
  try {
    return Object(JSON.parse(body));
  } catch {
    return undefined;
  }
}

/** Answers whether there may be one more, so many a second. */
function limit(aSecond: number): () => boolean {
  let left = aSecond;
  let atMs = performance.now();
  return () => {
    const nowMs = performance.now();
    left = Math.min(aSecond, left + ((nowMs - atMs) / 1000) * aSecond);
    atMs = nowMs;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
