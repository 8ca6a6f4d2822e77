import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import {
  createTillClient,
  newServiceId,
  type PaymentOutcome,
  type RequestOptions,
  type TillClient,
  type TillFault,
  type TillKey,
  type TillMessage,
} from '../client/index.ts';
import type { TillFacts } from './facts.ts';
import { type KeptRequest, keepRequest, keptRequest, saleId } from './kept.ts';
import type { Sale } from './sale.ts';

/** What the terminal is at work with for this till. */
export interface Running extends KeptRequest {
  /** The page was loaded anew meanwhile: the terminal is asked for the end. */
  readonly followed: boolean;
  /** The last word of its progress: "CARD_PRESENTED". */
  readonly step: string;
  readonly aborting: boolean;
}

export interface Order extends Pick<KeptRequest, 'kind' | 'amountMinor' | 'what'> {
  /** The basket that it pays. */
  readonly basket?: number;
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

/** One till at one terminal: its client, what runs, what came of it. */
export const useTill = (facts: TillFacts): Till => {
  const [key, useKey] = useState<TillKey>();
  const [messages, setMessages] = useState<readonly TillMessage[]>([]);
  const [sales, setSales] = useState<readonly Sale[]>([]);
  const [running, setRunning] = useState<Running | undefined>(leftRunning);
  const [ended, setEnded] = useState<Sale>();
  const abortion = useRef<AbortController | undefined>(undefined);
  const client = useMemo(
    () =>
      createTillClient({
        url: new URL('/nexo/', location.href).href,
        saleId: saleId(),
        poiId: facts.poiId,
        key,
        onMessage: (message) => setMessages((all) => [message, ...all].slice(0, MESSAGES_KEPT)),
      }),
    [facts.poiId, key],
  );
  const locked = facts.needsKey && key === undefined;
  const connected = useProgress(client, locked, (serviceId, step) =>
    setRunning((now) => (now?.serviceId === serviceId ? { ...now, step } : now)),
  );
  const attend = async (
    { kind, amountMinor, what, basket }: Omit<Order, 'send'>,
    work: (signal: AbortSignal) => ReturnType<Order['send']>,
  ) => {
    const controller = new AbortController();
    abortion.current = controller;
    const outcome = await work(controller.signal);
    keepRequest(undefined);
    const of = basket === undefined ? {} : { basket };
    const sale: Sale = { kind, amountMinor, what, outcome, endedMs: Date.now(), ...of };
    setRunning(undefined);
    setEnded(sale);
    setSales((all) => [sale, ...all]);
  };
  const run = async (order: Order) => {
    const { kind, amountMinor, what, send } = order;
    const serviceId = newServiceId();
    const request = { serviceId, kind, amountMinor, what, startedMs: Date.now() };
    // Before it is sent: from then on this page may go at any moment.
    keepRequest(request);
    setEnded(undefined);
    setRunning({ ...request, followed: false, step: '', aborting: false });
    await attend(order, (signal) => send(client, { signal, serviceId }));
  };
  useEffect(() => {
    const left = keptRequest();
    if (left === undefined || locked || abortion.current) return;
    const category = left.kind === 'reversal' ? 'Reversal' : 'Payment';
    void attend(left, (signal) => client.follow(left.serviceId, category, { signal }));
  }, [client, locked]);
  const abort = () => {
    abortion.current?.abort();
    setRunning((now) => now && { ...now, aborting: true });
  };
  const clear = () => setEnded(undefined);
  return { client, key, messages, sales, running, ended, connected, useKey, run, abort, clear };
};

const leftRunning = (): Running | undefined => {
  const left = keptRequest();
  return left && { ...left, followed: true, step: '', aborting: false };
};

/** Hears how far payments are; whether it hears at all now. */
const useProgress = (
  client: TillClient,
  locked: boolean,
  onStep: (serviceId: string, step: string) => void,
): boolean => {
  const [connected, setConnected] = useState(false);
  useEffect(() => {
    if (locked) return;
    const listening = client.listen({
      onConnection: setConnected,
      onNotification: (told) => {
        if (told.kind === 'progress') onStep(told.serviceId, told.event);
      },
    });
    return () => listening.close();
  }, [client, locked]);
  return connected;
};
