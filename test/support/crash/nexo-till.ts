import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SaleResult } from '#terminal/types.ts';
import { type DisplayWatch, watchViews } from '#test/support/display-watch.ts';
import { judge } from '#test/support/nexo-schema.ts';
import {
  conditionIn,
  message,
  nothing,
  paymentOf,
  resultIn,
  SALE_ID,
  type StatusBody,
  serviceIdOf,
  tillIdOf,
} from '#test/support/till-words.ts';
import { isFinal, type Till, tapUntil, toldOf, type Watch, type Wish } from './till.ts';

export interface NexoTillSetup {
  readonly socket: string;
  readonly port: number;
  /** What may not be, and what was done how often. */
  readonly say: (what: string) => void;
  readonly count: (what: string) => void;
}

export interface NexoTill extends Till {
  /** The terminal was started: its display is at this address. Resolves when it takes messages. */
  begins(displayUrl: string): Promise<void>;
  close(): void;
}

/**
 * A till that asks by nexo over HTTPS. What it has no answer to it asks for again, by the status of
 * its request or by the request itself; each answer goes through the judge.
 */
export const createNexoTill = (setup: NexoTillSetup): NexoTill => {
  const notes: Notes = {
    ...setup,
    asked: new Map(),
    repeats: 0,
    sent: 0,
    latest: undefined,
    views: undefined,
  };
  return {
    idOf: (number) => tillIdOf(`till-${number}`),
    ask: (wish, watch = {}) => ask(notes, wish, watch),
    cancel: async () => {
      const { latest } = notes;
      if (latest === undefined) return;
      setup.count('nexo: abort');
      const body = { AbortReason: 'MerchantAbort', MessageReference: referenceTo(latest) };
      await send(notes, 'Abort', newServiceId(notes), body);
    },
    begins: async (displayUrl) => {
      notes.views ??= watchViews(displayUrl);
      for (let tries = 0; tries < 200; tries++) {
        if ((await send(notes, 'Diagnosis', newServiceId(notes), {})) !== undefined) return;
        await sleep(25);
      }
      setup.say('no till can reach the terminal');
    },
    close: () => notes.views?.close(),
  };
};

interface Notes extends NexoTillSetup {
  /** All that was asked for, by the till's ids. */
  readonly asked: Map<string, Wish>;
  /** How often something was asked for again. */
  repeats: number;
  /** Requests beside payments, each under a ServiceID of its own. */
  sent: number;
  latest: Wish | undefined;
  views: DisplayWatch | undefined;
}

const ask = async (notes: Notes, wish: Wish, watch: Watch): Promise<void> => {
  wish.lost = true;
  const again = notes.asked.has(wish.tillId);
  notes.asked.set(wish.tillId, wish);
  notes.latest = wish;
  // Every other time, so that a campaign repeats itself from its seed.
  const known = again && ++notes.repeats % 2 === 0 ? await askStatus(notes, wish) : undefined;
  const result = known ?? (await pay(notes, wish, watch));
  if (result === undefined) return;
  wish.answers.push(result);
  notes.count(`nexo: told ${result.status}${again ? ', asked again' : ''}`);
  if (isFinal(result)) wish.lost = false;
};

/** Undefined when nothing is known of it yet. */
const askStatus = async (notes: Notes, wish: Wish): Promise<SaleResult | undefined> => {
  const body = { MessageReference: referenceTo(wish) };
  const answer = await send(notes, 'TransactionStatus', newServiceId(notes), body);
  const status = answer?.['TransactionStatusResponse'] as StatusBody | undefined;
  if (status === undefined) return undefined;
  const { Result, ErrorCondition } = status.Response;
  notes.count(`nexo: status ${ErrorCondition ?? Result}`);
  const told = toldOf(wish);
  if (ErrorCondition === 'NotFound' && told !== undefined) {
    notes.say(`${wish.tillId}: told ${told.status}, and its status is not found`);
  }
  const repeated = status.RepeatedMessageResponse?.RepeatedResponseMessageBody['PaymentResponse'];
  return repeated === undefined ? undefined : resultIn(wish, repeated);
};

const pay = async (notes: Notes, wish: Wish, watch: Watch): Promise<SaleResult | undefined> => {
  const original = wish.original && toldOf(notes.asked.get(wish.original) ?? wish)?.transactionId;
  const body = paymentOf(wish, original);
  if (body === undefined) return nothing(wish, 'error', 'the original is not known');
  const over = new AbortController();
  look(notes, wish, watch, over.signal);
  const answer = await send(notes, 'Payment', serviceIdOf(wish), body, watch.signal);
  over.abort();
  const answered = answer?.['PaymentResponse'];
  if (answered === undefined) return undefined;
  if (toldOf(wish) !== undefined && conditionIn(answered) === 'NotAllowed') {
    notes.say(`${wish.tillId}: its own request is taken for another one`);
  }
  return resultIn(wish, answered);
};

/** What is seen on the display stands for the events of the loop: the till sees none. */
const look = (notes: Notes, wish: Wish, watch: Watch, over: AbortSignal): void => {
  const seen = new Set<string>();
  let first = true;
  void notes.views?.until(({ run, view }) => {
    const key = `${run} ${view?.sequence}`;
    // The first is what was shown before.
    if (first) seen.add(key);
    first = false;
    if (over.aborted || seen.has(key)) return over.aborted;
    seen.add(key);
    if (view?.screen === 'presentCard' && !seen.has('tapped')) {
      seen.add('tapped');
      watch.onEvent?.('saleStarted');
      watch.onTap?.();
      void tapUntil(notes.socket, wish.card, over);
    }
    if (view?.screen === 'authorising') watch.onEvent?.('authorising');
    return false;
  });
};

type Json = Readonly<Record<string, unknown>>;

/** Undefined when nobody answers, or nothing is to be answered. */
const send = async (
  { port, say }: Notes,
  category: string,
  serviceId: string,
  body: object,
  signal?: AbortSignal,
): Promise<Json | undefined> => {
  const text = await post(port, JSON.stringify(message(category, serviceId, body)), signal);
  if (text === undefined || text === '') return undefined;
  const json = JSON.parse(text) as { readonly SaleToPOIResponse?: Json };
  for (const fault of judge(json)) say(`by the schema: ${fault}`);
  return json.SaleToPOIResponse;
};

const post = async (
  port: number,
  text: string,
  signal: AbortSignal | undefined,
): Promise<string | undefined> => {
  try {
    // Whose certificate it is is not what is tried here.
    const sent = httpsRequest({
      ...{ host: '127.0.0.1', port, path: '/nexo/', method: 'POST', agent: false },
      ...{ rejectUnauthorized: false, headers: { 'content-type': 'application/json' } },
      ...(signal === undefined ? {} : { signal }),
    });
    sent.end(text);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  } catch {
    return undefined;
  }
};

const referenceTo = (wish: Wish) => ({
  MessageCategory: 'Payment',
  ServiceID: serviceIdOf(wish),
  SaleID: SALE_ID,
});

const newServiceId = (notes: Notes): string => `s${++notes.sent}`;
