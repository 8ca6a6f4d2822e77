import { newServiceId } from '../client/index.ts';
import type { SaleKind } from './sale.ts';

/** A request under way, as far as it takes to follow it: nothing of a card, and no key. */
export interface KeptRequest {
  readonly serviceId: string;
  readonly kind: SaleKind;
  readonly amountMinor: number;
  readonly what: string;
  /** Milliseconds since 1970 UTC. */
  readonly startedMs: number;
}

/** This window's name as a till: the same after it is loaded anew. Two windows are two tills. */
export const saleId = (): string => {
  const kept = read(SALE_ID);
  if (typeof kept === 'string' && /^till-page-[0-9A-Z]{4}$/.test(kept)) return kept;
  const made = `till-page-${newServiceId().slice(-4)}`;
  write(SALE_ID, made);
  return made;
};

/** What this window's terminal was at work with when it was left. */
export const keptRequest = (): KeptRequest | undefined => {
  const kept = read(RUNNING);
  return isKept(kept) ? kept : undefined;
};

/** Keeps it, or forgets the one that was kept. */
export const keepRequest = (request: KeptRequest | undefined): void => write(RUNNING, request);

const SALE_ID = 'saleId';
const RUNNING = 'running';

const read = (name: string): unknown => {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? 'null');
  } catch {
    return undefined;
  }
};

// A browser that keeps nothing follows nothing: the sale itself goes on.
const write = (name: string, value: unknown): void => {
  try {
    if (value === undefined) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify(value));
  } catch {}
};

const isKept = (value: unknown): value is KeptRequest =>
  typeof value === 'object' &&
  value !== null &&
  'serviceId' in value &&
  typeof value.serviceId === 'string' &&
  'amountMinor' in value &&
  typeof value.amountMinor === 'number';
