import { isMalformed } from '#bytes/malformed.ts';
import {
  createKeyRing,
  isUnreadable,
  type KeyRing,
  looksSecured,
  openSecured,
  readRequest,
  readResponse,
} from '#nexo/index.ts';
import type { ShopperAnswer, ShopperNotice, ShopperQuestion } from '#ports/shopper-question.ts';
import type { TillDesk, TillNotification } from '#ports/till-line.ts';
import type { AcquisitionRequest, AcquisitionResult, WholeTerminal } from '#terminal/desks.ts';
import {
  cardNamed,
  type Harness,
  type HarnessOptions,
  type LoggedLine,
  startHarness,
} from '#test/support/terminal-harness.ts';
import { createTillDesk, type TillParts } from '#till/index.ts';
import { clock, entropy } from '../../src/cli/world.ts';

export const POI = 'V400m-123456789';

/** A till's side of a terminal whose loop is the real one, and whose shopper is the test. */
export interface TestCounter {
  readonly harness: Harness;
  readonly desk: TillDesk;
  readonly parts: TillParts;
  readonly lines: LoggedLine[];
  readonly notifications: TillNotification[];
  readonly asked: { readonly question: ShopperQuestion; readonly signal: AbortSignal }[];
  readonly instead: ShopperQuestion[];
  readonly told: (ShopperNotice | undefined)[];
  readonly acquired: AcquisitionRequest[];
  /** What the shopper does with the next question. */
  shopper: (signal: AbortSignal) => Promise<ShopperAnswer>;
  acquisition: (signal: AbortSignal) => Promise<AcquisitionResult>;
  /** Sends a message in plain JSON. */
  send(message: object): Promise<Answer>;
  sendBytes(bytes: Uint8Array): Promise<Uint8Array | undefined>;
}

/** What an answer holds is what tests are about. */
export type Answer = ReturnType<typeof JSON.parse>;

export interface CounterOptions extends HarnessOptions {
  readonly parts?: Partial<TillParts>;
}

export const openCounter = async (options: CounterOptions = {}): Promise<TestCounter> => {
  const harness = await startHarness(options);
  const { lines } = harness;
  const asked: { question: ShopperQuestion; signal: AbortSignal }[] = [];
  const instead: ShopperQuestion[] = [];
  const told: (ShopperNotice | undefined)[] = [];
  const acquired: AcquisitionRequest[] = [];
  const terminal: WholeTerminal = {
    ...harness.terminal,
    ask: (question, signal) => {
      asked.push({ question, signal });
      return counter.shopper(signal);
    },
    askInstead: (question) => {
      instead.push(question);
      return true;
    },
    tell: (notice) => {
      told.push(notice);
      return harness.terminal.status().state === 'idle';
    },
    acquire: (request, signal) => {
      acquired.push(request);
      return counter.acquisition(signal);
    },
  };
  const parts: TillParts = {
    ...{ terminal, clock, entropy, journal: harness.journal, books: harness.books },
    log: logInto(lines),
    keys: () => undefined,
    plain: true,
    ...{ poiId: POI, merchantId: 'SHOP00000000001', terminalId: 'TERM0001', currency: 840 },
    wallets: [],
    softwareVersion: '1.0',
    language: () => 'en',
    ...options.parts,
  };
  const desk = createTillDesk(parts);
  const notifications: TillNotification[] = [];
  desk.notifications$.subscribe((one) => notifications.push(one));
  const caller = { name: 'a till', signal: new AbortController().signal };
  const counter: TestCounter = {
    ...{ harness, desk, parts, lines, notifications, asked, instead, told, acquired },
    shopper: async () => ({ kind: 'cancelled' }),
    acquisition: async () => ({
      status: 'acquired',
      transactionId: 'AC01',
      reason: 'read',
      scheme: 'Visa',
      maskedPan: '476173******0010',
      cardToken: 'token-of-the-card',
    }),
    send: async (message) => {
      const bytes = await desk.receive(bytesOf(message), caller);
      return bytes === undefined ? undefined : bodyOf(bytes);
    },
    sendBytes: (bytes) => desk.receive(bytes, caller),
  };
  return counter;
};

export const bytesOf = (message: object): Uint8Array =>
  new TextEncoder().encode(JSON.stringify(message));

export const jsonOf = (bytes: Uint8Array): Answer => JSON.parse(new TextDecoder().decode(bytes));

/** The body of an answer, which is by the schema; or the event that stands in its place. */
export const bodyOf = (bytes: Uint8Array): Answer => {
  const json = jsonOf(bytes);
  const { MessageHeader: _, ...inner } = json.SaleToPOIResponse ?? json.SaleToPOIRequest;
  const read = json.SaleToPOIResponse ? readResponse(json) : readRequest(json);
  if (isUnreadable(read)) throw new Error(`not by the schema: ${JSON.stringify(read.unreadable)}`);
  return Object.values(inner)[0];
};

let last = 0;

/** A request, with a ServiceID of its own unless one is given. */
export const message = (
  category: string,
  body: object,
  header: Readonly<Record<string, unknown>> = {},
) => {
  last += 1;
  const device = ['Display', 'Input', 'InputUpdate', 'Print'].includes(category);
  const name = category === 'InputUpdate' ? category : `${category}Request`;
  return {
    SaleToPOIRequest: {
      MessageHeader: {
        ProtocolVersion: '3.0',
        MessageClass: device ? 'Device' : 'Service',
        MessageCategory: category,
        MessageType: 'Request',
        ServiceID: `S${last}`,
        SaleID: 'Till 1',
        POIID: POI,
        ...header,
      },
      [name]: body,
    },
  };
};

export const saleData = {
  SaleTransactionID: { TransactionID: '27908', TimeStamp: '2026-11-29T10:11:12+01:00' },
};

export const payment = (
  amount = 12.5,
  header: Readonly<Record<string, unknown>> = {},
  more: { readonly sale?: object; readonly transaction?: object; readonly data?: object } = {},
) =>
  message(
    'Payment',
    {
      SaleData: { ...saleData, ...more.sale },
      PaymentTransaction: {
        AmountsReq: { Currency: 'USD', RequestedAmount: amount },
        ...more.transaction,
      },
      ...(more.data ? { PaymentData: more.data } : {}),
    },
    header,
  );

export const statusOf = (ServiceID?: string, header = {}) =>
  message(
    'TransactionStatus',
    ServiceID === undefined ? {} : { MessageReference: { ServiceID, MessageCategory: 'Payment' } },
    header,
  );

export const abortOf = (ServiceID: string, header = {}, reference = {}) =>
  message(
    'Abort',
    {
      AbortReason: 'MerchantAbort',
      MessageReference: { MessageCategory: 'Payment', ServiceID, ...reference },
    },
    header,
  );

/** Pays what is asked for with a card, as soon as the terminal asks for one. */
export const tap = async ({ harness }: TestCounter, card = 'visa-phone'): Promise<void> => {
  while (harness.views.at(-1)?.lights !== 'ready') await new Promise(setImmediate);
  await harness.reader.present(cardNamed(card), { holdMs: 200 });
};

export const cardIsAwaited = async ({ harness }: TestCounter): Promise<void> => {
  while (harness.views.at(-1)?.lights !== 'ready') await new Promise(setImmediate);
};

/** Takes a payment of 12.50 to its end; the terminal is ready for it. */
export const paid = async (counter: TestCounter, request = payment()): Promise<Answer> => {
  const [answer] = await Promise.all([counter.send(request), tap(counter)]);
  return answer;
};

/** The details that an answer's response has beside its result. */
export const detailsIn = (response: Answer): Readonly<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(response.AdditionalResponse));

export const key = { identifier: 'shop', version: 1, cryptoVersion: 1, passphrase: 'open sesame' };

export const ringOf = (...keys: (typeof key)[]): KeyRing => {
  const ring = createKeyRing(keys);
  if (isMalformed(ring)) throw new Error(ring.problem);
  return ring;
};

/** What is in a sealed message. */
export const opened = (bytes: Uint8Array, ring: KeyRing): Answer => {
  const json = jsonOf(bytes);
  if (!looksSecured(json)) throw new Error('not sealed');
  const envelope = 'SaleToPOIResponse' in json ? 'SaleToPOIResponse' : 'SaleToPOIRequest';
  const found = openSecured(json, ring, envelope);
  if (isMalformed(found)) throw new Error(found.problem);
  return jsonOf(found.plaintext);
};

const logInto = (lines: LoggedLine[]): TillParts['log'] => {
  const at = (level: string) => (fields: object, text: string) => {
    const { err, ...rest } = fields as { err?: unknown };
    const written = err === undefined ? rest : { ...rest, err: String(err) };
    lines.push({ level, message: text, fields: JSON.parse(JSON.stringify(written)) });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};
