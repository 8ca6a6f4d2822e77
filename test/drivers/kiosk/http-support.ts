import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import type { KioskMessage } from '#drivers/kiosk/message.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Asking {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string;
}

/** One request, its path sent exactly as given (a URL class would tidy "..", and so hide it). */
export async function ask(url: string, path: string, asking: Asking = {}): Promise<Answer> {
  const response = await open(url, path, asking);
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

export interface Watching {
  readonly headers: IncomingMessage['headers'];
  /** The next event of the stream, beats left out; undefined when the stream has ended. */
  next(): Promise<SentEvent | undefined>;
  leave(): void;
}

export interface SentEvent {
  readonly id: string | undefined;
  readonly message: KioskMessage;
}

/** Watches the event stream as a display does. */
export async function watch(url: string): Promise<Watching> {
  const response = await open(url, '/events');
  const events = eventsIn(response);
  return {
    headers: response.headers,
    next: async () => (await events.next()).value,
    leave: () => response.destroy(),
  };
}

function open(url: string, path: string, asking: Asking = {}): Promise<IncomingMessage> {
  const { body, ...options } = asking;
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    request({ host, port, path, agent: false, ...options }, resolve)
      .on('error', reject)
      .end(body);
  });
}

async function* eventsIn(response: IncomingMessage): AsyncGenerator<SentEvent, undefined> {
  let unread = '';
  try {
    for await (const chunk of response) {
      unread += chunk;
      const blocks = unread.split('\n\n');
      unread = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
        const data = field('data');
        if (field('event') === 'view' && data) yield { id: field('id'), message: JSON.parse(data) };
      }
    }
  } catch {
    // The server ended the connection; there is nothing more to come.
  }
  return undefined;
}
