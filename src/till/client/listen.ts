import type { Line } from './line.ts';
import { fieldOf } from './secured.ts';
import type { TillClientOptions } from './types.ts';

/** What a terminal tells a till unasked. */
export type TillNotification =
  /** How far a payment is: "TENDER_CREATED", "CARD_PRESENTED", "TENDER_FINAL". */
  | {
      readonly kind: 'progress';
      readonly event: string;
      readonly transactionId: string;
      readonly serviceId: string;
    }
  /** EventToNotify: "CardInserted", "Shutdown"; and its details, by name. */
  | {
      readonly kind: 'event';
      readonly event: string;
      readonly details: Readonly<Record<string, string>>;
    };

export interface Listening {
  /** Ends it. */
  close(): void;
}

export interface Listener {
  onNotification(notification: TillNotification): void;
  /** Whether there is a connection now. */
  onConnection?(connected: boolean): void;
}

/** Listens at /nexo/events, and connects again whenever the connection ends. */
export const listen = (line: Line, options: TillClientOptions, listener: Listener): Listening => {
  const Socket = options.WebSocket ?? WebSocket;
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waitMs = FIRST_WAIT_MS;
  let closed = false;
  let told = Promise.resolve();
  const connect = (): void => {
    socket = new Socket(eventsUrl(options));
    socket.addEventListener('open', () => {
      waitMs = FIRST_WAIT_MS;
      listener.onConnection?.(true);
    });
    socket.addEventListener('message', ({ data }) => {
      // One after another: opening takes its time, and what came first is told first.
      told = told.then(() => take(line, options, data, listener));
    });
    socket.addEventListener('close', () => {
      listener.onConnection?.(false);
      if (closed) return;
      timer = setTimeout(connect, waitMs);
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    });
  };
  connect();
  return {
    close: () => {
      closed = true;
      clearTimeout(timer);
      socket?.close();
    },
  };
};

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;

const eventsUrl = ({ url, saleId }: TillClientOptions): string => {
  const events = new URL('events', url);
  events.protocol = events.protocol === 'https:' ? 'wss:' : 'ws:';
  events.searchParams.set('saleId', saleId);
  return events.href;
};

const take = async (
  line: Line,
  { key }: TillClientOptions,
  data: unknown,
  listener: Listener,
): Promise<void> => {
  const text = data instanceof Blob ? await data.text() : data;
  if (typeof text !== 'string') return;
  const json = await line.read(text);
  const inner = fieldOf(json, 'SaleToPOIRequest');
  const header = fieldOf(inner, 'MessageHeader');
  const category = fieldOf(header, 'MessageCategory');
  if (category !== 'Display' && category !== 'Event') return;
  const serviceId = String(fieldOf(header, 'ServiceID') ?? '');
  const secured = key !== undefined;
  line.tell({ way: 'notified', category, serviceId, atMs: Date.now(), secured, json });
  const notification =
    category === 'Event' ? eventIn(inner) : progressIn(fieldOf(inner, 'DisplayRequest'), serviceId);
  if (notification) listener.onNotification(notification);
};

const eventIn = (inner: unknown): TillNotification => {
  const event = fieldOf(inner, 'EventNotification');
  const details = new URLSearchParams(String(fieldOf(event, 'EventDetails') ?? ''));
  const name = String(fieldOf(event, 'EventToNotify') ?? '');
  return { kind: 'event', event: name, details: Object.fromEntries(details) };
};

// "TransactionID=…&TimeStamp=…&event=TENDER_CREATED": Adyen, "Display notifications".
const progressIn = (request: unknown, serviceId: string): TillNotification | undefined => {
  const outputs = fieldOf(request, 'DisplayOutput');
  const content = fieldOf(Array.isArray(outputs) ? outputs[0] : outputs, 'OutputContent');
  const reference = fieldOf(fieldOf(content, 'PredefinedContent'), 'ReferenceID');
  if (typeof reference !== 'string') return undefined;
  const pairs = new URLSearchParams(reference);
  const event = pairs.get('event');
  if (event === null) return undefined;
  return { kind: 'progress', event, transactionId: pairs.get('TransactionID') ?? '', serviceId };
};
