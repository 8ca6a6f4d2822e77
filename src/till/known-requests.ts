import { toHex } from '#bytes/hex.ts';
import { sha256 } from '#crypto/sha2.ts';
import {
  type InputRequest,
  type MessageCategory,
  type MessageHeader,
  type NexoRequest,
  type NexoResponse,
  serviceKey,
} from '#nexo/index.ts';

/** A till gives a ServiceID once in 48 hours: nexo Retailer, MessageHeader. */
export const KEPT_MS = 48 * 60 * 60 * 1000;

/** A request that was made, and what came of it. */
export interface KnownRequest {
  readonly key: string;
  readonly saleId: string;
  readonly serviceId: string | undefined;
  readonly category: MessageCategory;
  readonly digest: string;
  /** Of the request, in characters: about what it takes to keep its answer. */
  readonly size: number;
  readonly atMs: number;
  /** Aborted when the till breaks it off. */
  readonly abort: AbortController;
  /** For whoever asks again while it goes on. */
  answer: Promise<NexoResponse>;
  /** Absent while it goes on. */
  done?: NexoResponse;
  /** The question that is open. */
  input?: InputRequest;
}

/** Requests of the last 48 hours by their key, as far as there is room; the oldest go first. */
export interface KnownRequests {
  find(key: string): KnownRequest | undefined;
  /** The latest of a till, of one category or of any that can be asked about. */
  last(saleId: string, category: MessageCategory | undefined): KnownRequest | undefined;
  keep(request: KnownRequest): void;
  /** Nothing came of it: asked again, it is done. */
  forget(request: KnownRequest): void;
}

export const createKnownRequests = (wallMs: () => number): KnownRequests => {
  const known = new Map<string, KnownRequest>();
  let size = 0;
  const remove = (one: KnownRequest) => {
    if (known.get(one.key) !== one) return;
    known.delete(one.key);
    size -= one.size;
  };
  const makeRoom = () => {
    for (const one of known.values()) {
      if (one.done === undefined) continue;
      // A clock that was set back makes nothing older.
      const old = wallMs() - one.atMs > KEPT_MS;
      if (!old && known.size <= MOST && size <= LARGEST) return;
      remove(one);
    }
  };
  return {
    find: (key) => {
      makeRoom();
      return known.get(key);
    },
    last: (saleId, category) =>
      [...known.values()].findLast(
        (one) =>
          one.saleId === saleId &&
          (category === undefined ? REPEATABLE.has(one.category) : one.category === category),
      ),
    keep: (request) => {
      known.set(request.key, request);
      size += request.size;
      makeRoom();
    },
    forget: remove,
  };
};

/** Categories whose answers can be asked for again. */
export const REPEATABLE: ReadonlySet<MessageCategory> = new Set([
  'CardAcquisition',
  'Payment',
  'Reversal',
]);

/**
 * What a request is known by. A device request is told from others of its service by its DeviceID:
 * nexo Retailer, MessageHeader.
 */
export const requestKey = (header: Pick<MessageHeader, 'SaleID' | 'ServiceID' | 'DeviceID'>) => {
  const key = serviceKey(header);
  return header.DeviceID === undefined
    ? key
    : `${key}:${encodeURIComponent(header.DeviceID.toWellFormed())}`;
};

/**
 * Whether two requests ask for the same. Of the message as it was understood, not of its bytes: a
 * repeat is sealed anew, and what we don't know doesn't count.
 */
export const digestOf = ({
  category,
  body,
}: NexoRequest): { readonly digest: string; readonly size: number } => {
  const written = JSON.stringify([category, body]);
  return { digest: toHex(sha256(new TextEncoder().encode(written))), size: written.length };
};

// With their receipts some 2 MB, and no more when somebody sends requests of a megabyte.
const MOST = 500;
const LARGEST = 2_000_000;
