import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  createTillClient,
  type PaymentOutcome,
  type RequestOptions,
  type TillClient,
  type TillFault,
  type TillKey,
  type TillMessage,
} from '../client/index.ts';
import type { TillFacts } from './facts.ts';
import type { Sale, SaleKind } from './sale.ts';

/** What the terminal is at work with for this till. */
export interface Running {
  readonly kind: SaleKind;
  readonly amountMinor: number;
  readonly startedMs: number;
  /** The last word of its progress: "CARD_PRESENTED". */
  readonly step: string;
  readonly aborting: boolean;
}

export interface Order {
  readonly kind: SaleKind;
  readonly amountMinor: number;
  readonly what: string;
  readonly send: (
    client: TillClient,
    options: RequestOptions,
  ) => Promise<PaymentOutcome | TillFault>;
}

export interface Till {
  readonly client: TillClient;
  readonly key: TillKey | undefined;
  readonly messages: readonly TillMessage[];
  readonly sales: readonly Sale[];
  readonly running: Running | undefined;
  /** The last end, until something new is begun. */
  readonly ended: Sale | undefined;
  /** Whether the terminal's notifications come. */
  readonly connected: boolean;
  useKey(key: TillKey | undefined): void;
  run(order: Order): Promise<void>;
  abort(): void;
  /** Away with what is told of the last end. */
  clear(): void;
}

// As many messages as a long day's watching needs; the oldest go.
const MESSAGES_KEPT = 200;

/** One till at one terminal: its client, what runs, what came of it. Nothing is kept outside. */
export const useTill = (facts: TillFacts): Till => {
  const [key, useKey] = useState<TillKey>();
  const [messages, setMessages] = useState<readonly TillMessage[]>([]);
  const [sales, setSales] = useState<readonly Sale[]>([]);
  const [running, setRunning] = useState<Running>();
  const [ended, setEnded] = useState<Sale>();
  const [connected, setConnected] = useState(false);
  const abortion = useRef<AbortController | undefined>(undefined);
  const client = useMemo(
    () =>
      createTillClient({
        url: new URL('/nexo/', location.href).href,
        saleId: SALE_ID,
        poiId: facts.poiId,
        key,
        onMessage: (message) => setMessages((all) => [message, ...all].slice(0, MESSAGES_KEPT)),
      }),
    [facts.poiId, key],
  );
  useEffect(() => {
    if (facts.needsKey && key === undefined) return;
    const listening = client.listen({
      onConnection: setConnected,
      onNotification: (told) => {
        if (told.kind !== 'progress') return;
        setRunning((now) => now && { ...now, step: told.event });
      },
    });
    return () => listening.close();
  }, [client, facts.needsKey, key]);
  const run = async ({ kind, amountMinor, what, send }: Order) => {
    const controller = new AbortController();
    abortion.current = controller;
    setEnded(undefined);
    setRunning({ kind, amountMinor, startedMs: performance.now(), step: '', aborting: false });
    const outcome = await send(client, { signal: controller.signal });
    const sale: Sale = { kind, amountMinor, what, outcome, endedMs: Date.now() };
    setRunning(undefined);
    setEnded(sale);
    setSales((all) => [sale, ...all]);
  };
  const abort = () => {
    abortion.current?.abort();
    setRunning((now) => now && { ...now, aborting: true });
  };
  const clear = () => setEnded(undefined);
  return { client, key, messages, sales, running, ended, connected, useKey, run, abort, clear };
};

// Two windows are two tills: answers and progress of one don't go to the other.
const SALE_ID = `till-page-${crypto.getRandomValues(new Uint16Array(1))[0]?.toString(36)}`;
