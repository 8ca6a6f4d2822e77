import type { MessageHeader, NexoRequest } from '#nexo/index.ts';
import { repeatedSaleData } from '#nexo/index.ts';
import { isFault } from '#ports/fault.ts';
import type { JsonObject, NewEntry } from '#ports/journal.ts';
import { digestOf, KEPT_MS, requestKey } from './known-requests.ts';
import type { TillParts } from './parts.ts';

/** Requests that move money: after a restart a till may ask what came of them. */
export type MoneyRequest = NexoRequest<'Payment'> | NexoRequest<'Reversal'>;

/** What is written of such a request: the books have the rest. */
export interface KeptRequest {
  readonly key: string;
  readonly digest: string;
  /** The id that the books know it by, where it is a payment. */
  readonly tillId: string;
  readonly atMs: number;
  readonly header: MessageHeader;
  readonly category: MoneyRequest['category'];
  /** What an answer repeats of it. */
  readonly body: JsonObject;
  /** Two letters. */
  readonly language?: string;
  /** The till broke it off. */
  readonly aborted?: boolean;
}

/** What tills asked for in the last 48 hours, by this run of the terminal and those before. */
export interface KeptRequests {
  find(key: string): Promise<KeptRequest | undefined>;
  /** The latest of a till. */
  last(saleId: string, category: string | undefined): Promise<KeptRequest | undefined>;
  /**
   * Keeps one, and has it written with what comes of it, by the payment's own first write: without
   * that there is nothing to answer. A journal that can't be written refuses the payment itself.
   */
  keep(request: KeptRequest): Promise<void>;
  /** Writes one at once: what came of it stands in the journal already. */
  keepNow(request: KeptRequest): Promise<void>;
}

export const createKeptRequests = (parts: TillParts): KeptRequests => {
  const { journal, clock, log } = parts;
  let read: Promise<Map<string, KeptRequest>> | undefined;
  const load = async (): Promise<Map<string, KeptRequest>> => {
    const entries = await journal.latestOwnEntries([EVENT], MOST);
    if (isFault(entries)) {
      log.error({ problem: entries }, 'what tills asked for before can not be read');
      read = undefined;
      return new Map();
    }
    const requests = entries.map(({ data }) => data as unknown as KeptRequest).reverse();
    return new Map(requests.map((one) => [one.key, one]));
  };
  const all = () => {
    read ??= load();
    return read;
  };
  const remember = async (request: KeptRequest): Promise<NewEntry> => {
    const kept = await all();
    kept.delete(request.key);
    kept.set(request.key, request);
    const [oldest] = kept.keys();
    if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    return { payment: null, event: EVENT, atMs: request.atMs, data: plain(request) };
  };
  const write = async (entry: NewEntry): Promise<void> => {
    const problem = await journal.append({ entries: [entry] });
    if (problem) log.error({ problem }, "a till's request could not be written down");
  };
  const isYoung = ({ atMs }: KeptRequest) => clock.wallMs() - atMs <= KEPT_MS;
  return {
    find: async (key) => {
      const found = (await all()).get(key);
      return found && isYoung(found) ? found : undefined;
    },
    last: async (saleId, category) =>
      [...(await all()).values()].findLast(
        (one) =>
          one.header.SaleID === saleId &&
          (category === undefined || one.category === category) &&
          isYoung(one),
      ),
    keep: async (request) => {
      const entry = await remember(request);
      if (journal.ride) journal.ride(entry);
      else await write(entry);
    },
    keepNow: async (request) => write(await remember(request)),
  };
};

/** What is to be kept of a request. */
export const keptOf = (
  request: MoneyRequest,
  about: { readonly tillId: string; readonly atMs: number; readonly language?: string },
): KeptRequest => {
  const { category, header } = request;
  const { digest } = digestOf(request);
  return { key: requestKey(header), digest, header, category, body: bodyOf(request), ...about };
};

/** The request again, as far as answers depend on it. */
export const requestOf = ({ category, header, body }: KeptRequest): MoneyRequest =>
  ({ category, header, body }) as unknown as MoneyRequest;

const EVENT = 'tillAsked';

// More than two busy days have; with their till's data some 500 kB.
const MOST = 1000;

// A till may send whatever it likes to get back: not all of it belongs into the journal.
const LONGEST = 2000;

const bodyOf = (request: MoneyRequest): JsonObject => {
  if (request.category === 'Reversal') {
    const { OriginalPOITransaction, ReversalReason, ReversedAmount } = request.body;
    return plain({ OriginalPOITransaction, ReversalReason, ReversedAmount });
  }
  const { SaleData } = request.body;
  const { SaleTransactionID, TokenRequestedType } = SaleData;
  const whole = plain({ SaleData: repeatedSaleData(SaleData) });
  return JSON.stringify(whole).length <= LONGEST
    ? whole
    : plain({ SaleData: { SaleTransactionID, TokenRequestedType } });
};

const plain = (value: object): JsonObject => JSON.parse(JSON.stringify(value)) as JsonObject;
