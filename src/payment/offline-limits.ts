import { amountOf, type PaymentRecord } from './record.ts';

/** Amounts in minor units of the shop's currency; a limit that is absent does not limit. */
export interface OfflineLimits {
  /** The greatest single payment. */
  readonly paymentMinor?: number | undefined;
  /** How many may wait to be forwarded, and what they may come to together. */
  readonly count?: number | undefined;
  readonly totalMinor?: number | undefined;
}

/** What the shop takes without the host, at its own risk. */
export interface OfflineRules extends OfflineLimits {
  /** Approvals by a kernel: the card said yes. */
  readonly kernel: boolean;
  /** Deferred authorisation: the card wants the host, and the host can't be reached. */
  readonly deferred: boolean;
  /** ISO 4217 numeric: other currencies are not taken without the host. */
  readonly currency: number;
  /** Tighter limits by the scheme's name. */
  readonly schemes: Readonly<Record<string, OfflineLimits>>;
}

/** A payment that the host has not been asked about. */
export type Offer = Pick<PaymentRecord, 'kind' | 'amountMinor' | 'currency' | 'card'>;

/** Why the shop does not take this payment without its host; undefined when it does. */
export const offlineRefusal = (
  rules: OfflineRules,
  why: 'kernel' | 'deferred',
  offer: Offer,
  open: readonly PaymentRecord[],
): string | undefined => {
  if (!rules[why]) return WORDS[why];
  if (offer.kind !== 'purchase') return 'only purchases are taken without the host';
  if (offer.currency !== rules.currency) return 'another currency is not taken without the host';
  const queued = open.filter(({ state }) => state === 'queued');
  const scheme = offer.card?.scheme ?? '';
  const ofScheme = queued.filter(({ card }) => card?.scheme === scheme);
  return (
    overLimit(rules, offer, queued, 'without the host') ??
    overLimit(rules.schemes[scheme] ?? {}, offer, ofScheme, `without the host with ${scheme}`)
  );
};

const WORDS = {
  kernel: 'this shop takes no approval without its host',
  deferred: 'this shop takes no payment while its host is away',
} as const;

const overLimit = (
  { paymentMinor, count, totalMinor }: OfflineLimits,
  { amountMinor }: Offer,
  queued: readonly PaymentRecord[],
  words: string,
): string | undefined => {
  if (amountMinor > (paymentMinor ?? Infinity)) return `over the limit of a payment ${words}`;
  if (queued.length >= (count ?? Infinity)) return `over the number of payments ${words}`;
  const total = queued.reduce((sum, record) => sum + amountOf(record), amountMinor);
  return total > (totalMinor ?? Infinity) ? `over the total of payments ${words}` : undefined;
};
