import type { TillDesk } from '#ports/till-line.ts';
import type { SaleResult } from '#terminal/types.ts';
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
  transaction,
} from '#test/support/till-words.ts';
import type { TillLine } from './till-line.ts';
import { isFinal, type Wish } from './watch.ts';
import type { Surroundings, World } from './world.ts';

/** The same wishes, under the ids that the books give to what a till asks for by nexo. */
export const inNexo = (wishes: readonly Wish[]): readonly Wish[] =>
  wishes.map((wish) => ({
    ...wish,
    tillId: tillIdOf(wish.tillId),
    ...(wish.original === undefined ? {} : { original: tillIdOf(wish.original) }),
  }));

/**
 * A till that speaks nexo and never knows whether it was heard: it asks again, asks for the status,
 * asks for another amount by mistake, breaks off its own payments and, once in a while, another
 * till's. Each answer goes through the judge.
 */
export const createNexoTill = (world: World, surroundings: Surroundings): TillLine => {
  const notes: Notes = {
    world,
    surroundings,
    told: new Map(),
    asked: new Set(),
    aborted: new Set(),
    mistaken: new Set(),
    sent: 0,
  };
  return {
    put: async (wish, { desk }, signal, random) => {
      if (desk === undefined) throw new Error('there is no desk');
      signal.addEventListener('abort', () => notes.aborted.add(wish.tillId), { once: true });
      const talk = { notes, desk, wish, signal };
      const again = notes.asked.has(wish.tillId) ? random.next() : 1;
      notes.asked.add(wish.tillId);
      if (again < 0.5) return askStatus(talk);
      if (random.chance(world.weather().till.mistakes) && isWritten(talk)) return askForMore(talk);
      if (again < 1) world.count('nexo: asked again');
      return pay(talk);
    },
    cancel: (wish, { desk }, random) => {
      if (desk !== undefined) abort(notes, desk, wish, random.chance(0.2));
    },
    takeBack: async (wish, { desk }) => {
      const original = notes.told.get(wish.tillId);
      if (desk === undefined || original === undefined) return 'not known';
      return reverse(notes, desk, original);
    },
  };
};

/** What the till has written down, and what the test has. */
interface Notes {
  readonly world: World;
  readonly surroundings: Surroundings;
  /** The terminal's ids of payments, by the till's. */
  readonly told: Map<string, string>;
  readonly asked: Set<string>;
  /** Payments that the till broke off, or hung up on. */
  readonly aborted: Set<string>;
  /** Payments that are written, and were asked for with another amount by mistake. */
  readonly mistaken: Set<string>;
  /** Requests beside payments, each under a ServiceID of its own. */
  sent: number;
}

interface Talk {
  readonly notes: Notes;
  readonly desk: TillDesk;
  readonly wish: Wish;
  readonly signal: AbortSignal;
}

type Json = Readonly<Record<string, unknown>>;

const pay = async ({ notes, desk, wish, signal }: Talk): Promise<SaleResult> => {
  const body = paymentOf(wish, wish.original && notes.told.get(wish.original));
  // A till can't name a payment that it was never told of.
  if (body === undefined) return nothing(wish, 'error', 'the original is not known');
  const answer = await send(notes, desk, message('Payment', serviceIdOf(wish), body), signal);
  return resultOf(notes, wish, answer?.['PaymentResponse']);
};

// The till's mistake: the same ServiceID, and another amount. Whatever is said, it isn't paid; and
// the till's own request is none the worse for it.
const askForMore = async (talk: Talk): Promise<SaleResult> => {
  const { notes, desk, wish, signal } = talk;
  const { world } = notes;
  world.count('nexo: another amount');
  const more = { ...wish, amountMinor: wish.amountMinor + 1 };
  const body = paymentOf(more, wish.original && notes.told.get(wish.original));
  if (body === undefined) return nothing(wish, 'error', 'the original is not known');
  const answer = await send(notes, desk, message('Payment', serviceIdOf(wish), body), signal);
  const { Response: said } = (answer?.['PaymentResponse'] ?? {}) as { Response?: Json };
  if (said?.['Result'] !== 'Failure') world.watch.say(`${wish.tillId}: paid as another amount`);
  notes.mistaken.add(wish.tillId);
  return pay(talk);
};

const askStatus = async ({ notes, desk, wish, signal }: Talk): Promise<SaleResult> => {
  const { world } = notes;
  const ServiceID = serviceIdOf(wish);
  const MessageReference = { MessageCategory: 'Payment', ServiceID, SaleID: SALE_ID };
  const request = message('TransactionStatus', newServiceId(notes), { MessageReference });
  const answer = await send(notes, desk, request, signal);
  const body = answer?.['TransactionStatusResponse'] as StatusBody | undefined;
  const condition = body?.Response.ErrorCondition;
  world.count(`nexo: status ${condition ?? body?.Response.Result}`);
  if (condition === 'NotFound' && wish.answers.some(({ status }) => status === 'approved')) {
    world.watch.say(`${wish.tillId}: an approved payment is not found`);
  }
  const again = body?.RepeatedMessageResponse;
  if (again === undefined) return nothing(wish, 'busy', condition ?? 'no answer');
  if (again.MessageHeader['ServiceID'] !== ServiceID) {
    world.watch.say(`${wish.tillId}: the status is that of another request`);
  }
  return resultOf(notes, wish, again.RepeatedResponseMessageBody['PaymentResponse']);
};

const abort = (notes: Notes, desk: TillDesk, wish: Wish, foreign: boolean): void => {
  const ServiceID = serviceIdOf(wish);
  notes.world.count(foreign ? "nexo: abort of another till's" : 'nexo: abort');
  if (!foreign) notes.aborted.add(wish.tillId);
  const SaleID = foreign ? 'POS 2' : SALE_ID;
  const MessageReference = { MessageCategory: 'Payment', ServiceID, SaleID };
  const body = { AbortReason: 'MerchantAbort', MessageReference };
  const request = message('Abort', newServiceId(notes), body, SaleID);
  void send(notes, desk, request, new AbortController().signal);
};

const reverse = async (notes: Notes, desk: TillDesk, original: string): Promise<string> => {
  const request = message('Reversal', newServiceId(notes), {
    OriginalPOITransaction: { POITransactionID: transaction(original) },
    ReversalReason: 'MerchantCancel',
  });
  const answer = await send(notes, desk, request, new AbortController().signal);
  const { Response: said } = (answer?.['ReversalResponse'] ?? {}) as { Response?: Json };
  return said?.['Result'] === 'Success' ? 'done' : 'refused';
};

/** Sends, and looks at what comes back. */
const send = async (
  { world }: Notes,
  desk: TillDesk,
  request: object,
  signal: AbortSignal,
): Promise<Json | undefined> => {
  const bytes = new TextEncoder().encode(JSON.stringify(request));
  const answer = await desk.receive(bytes, { name: SALE_ID, signal });
  if (answer === undefined) return undefined;
  const json = JSON.parse(new TextDecoder().decode(answer)) as { SaleToPOIResponse?: Json };
  for (const fault of judge(json)) world.watch.say(`by the schema: ${fault}`);
  return json.SaleToPOIResponse;
};

/** What the till makes of a payment's answer; it writes the terminal's id of it down. */
const resultOf = (notes: Notes, wish: Wish, answered: unknown): SaleResult => {
  const result = resultIn(wish, answered);
  if (conditionIn(answered) === 'Aborted' && !notes.aborted.has(wish.tillId)) {
    notes.world.watch.say(`${wish.tillId}: broken off by nobody`);
  }
  const known = wish.answers.some(isFinal) || notes.mistaken.has(wish.tillId);
  if (known && conditionIn(answered) === 'NotAllowed') {
    notes.world.watch.say(`${wish.tillId}: its own request is taken for another one`);
  }
  if (result.status === 'approved') notes.told.set(wish.tillId, result.transactionId);
  return result;
};

const isWritten = ({ notes, wish }: Talk): boolean =>
  [...notes.surroundings.disk.durable().rows.values()].some(({ tillId }) => tillId === wish.tillId);

const newServiceId = (notes: Notes): string => `s${++notes.sent}`;
