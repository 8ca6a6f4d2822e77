import { currencyByCode } from '#data/currencies.ts';
import type { AccountRange, Amount, Scope } from './decision.ts';
import { type FactName, type Facts, LONGEST_RANGE } from './facts.ts';

/** `untold`: it is known that it can't be known. */
export type Truth = 'yes' | 'no' | 'open' | 'untold';

/** One part of a scope: the order of the rows is the order of narrowness. */
export interface Part {
  readonly title: string;
  readonly fact: FactName;
  /** 0: the scope says nothing about it. Else greater is narrower. */
  narrowness(scope: Scope): number;
  /** Whether a payment is in it; asked only of scopes that have the part. */
  holds(scope: Scope, facts: Facts): Truth;
}

/** Narrowest first. The first row in which two scopes differ says which is the narrower. */
export const PARTS: readonly Part[] = [
  {
    title: 'account range',
    fact: 'account',
    narrowness: ({ range }) =>
      range === undefined ? 0 : 10 ** LONGEST_RANGE + 1 - accountsIn(range),
    holds: ({ range }, { account }) =>
      range === undefined ? 'yes' : known(account, (digits) => inRange(range, digits)),
  },
  {
    title: 'application',
    fact: 'aid',
    narrowness: ({ aid }) => aid?.length ?? 0,
    holds: ({ aid = '' }, facts) => known(facts.aid, (whole) => truth(whole.startsWith(aid))),
  },
  {
    title: 'kernel',
    fact: 'kernel',
    narrowness: ({ kernel }) => (kernel === undefined ? 0 : 1),
    holds: ({ kernel }, facts) => known(facts.kernel, (one) => truth(one === kernel)),
  },
  {
    title: 'scheme',
    fact: 'scheme',
    narrowness: ({ scheme }) => (scheme === undefined ? 0 : 1),
    holds: ({ scheme }, facts) => known(facts.scheme, (one) => truth(one === scheme)),
  },
  {
    title: 'devices',
    fact: 'device',
    narrowness: ({ devices }) => (devices === undefined ? 0 : 1),
    holds: (_, { device }) => known(device, (one) => truth(one === 'phone')),
  },
  {
    title: 'wallet',
    fact: 'wallet',
    narrowness: (scope) => (walletOf(scope) === undefined ? 0 : 1),
    holds: (scope, { wallet }) => known(wallet, (one) => truth(one === walletOf(scope))),
  },
  {
    title: 'amount',
    fact: 'amount',
    narrowness: ({ above }) => (above === undefined ? 0 : above.minor + 1),
    holds: ({ above }, { amount }) => known(amount, (one) => truth(isAbove(above, one))),
  },
  {
    title: 'lanes',
    fact: 'lane',
    narrowness: ({ lanes }) => (lanes === undefined ? 0 : 1 / lanes.length),
    holds: ({ lanes }, { lane }) => known(lane, (one) => truth(lanes?.includes(one) === true)),
  },
];

/**
 * Whether a scope holds for what is known so far, and what it would need to say more. One part
 * that fails is enough for "no", whatever else is unknown.
 */
export const scopeHolds = (
  scope: Scope,
  facts: Facts,
): { readonly truth: Truth; readonly needs: readonly FactName[] } => {
  const { method, parts } = profileOf(scope);
  if (method !== facts.method) return NO;
  let needs: FactName[] | undefined;
  let untold = false;
  for (const part of parts) {
    const one = part.holds(scope, facts);
    if (one === 'no') return NO;
    if (one === 'untold') untold = true;
    if (one !== 'open') continue;
    needs ??= [];
    needs.push(part.fact);
  }
  if (needs !== undefined) return { truth: 'open', needs };
  return untold ? UNTOLD : YES;
};

/** Greater than 0 when `a` is narrower, 0 when neither is. */
export const compareScopes = (a: Scope, b: Scope): number => {
  const [ours, theirs] = [profileOf(a).narrowness, profileOf(b).narrowness];
  for (let row = 0; row < PARTS.length; row++) {
    const difference = (ours[row] ?? 0) - (theirs[row] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
};

/** The first row in which two scopes differ. */
export const firstDifference = (a: Scope, b: Scope): Part | undefined =>
  PARTS.find(({ narrowness }) => narrowness(a) !== narrowness(b));

export const sameScope = (a: Scope, b: Scope): boolean => keyOf(a) === keyOf(b);

/** Whether there may be a payment that is in both. */
export const scopesMayMeet = (a: Scope, b: Scope): boolean =>
  methodOf(a) === methodOf(b) &&
  agree(walletOf(a), walletOf(b), Object.is) &&
  agree(a.scheme, b.scheme, Object.is) &&
  agree(a.kernel, b.kernel, Object.is) &&
  agree(a.aid, b.aid, (one, other) => one.startsWith(other) || other.startsWith(one)) &&
  agree(
    a.range,
    b.range,
    (one, other) => startOf(one) <= endOf(other) && startOf(other) <= endOf(one),
  ) &&
  agree(a.above?.currency, b.above?.currency, Object.is) &&
  agree(a.lanes, b.lanes, (one, other) => one.some((lane) => other.includes(lane)));

const agree = <Value>(
  a: Value | undefined,
  b: Value | undefined,
  both: (a: Value, b: Value) => boolean,
): boolean => a === undefined || b === undefined || both(a, b);

const startOf = ({ from }: AccountRange): string => from.padEnd(LONGEST_RANGE, '0');
const endOf = ({ to }: AccountRange): string => to.padEnd(LONGEST_RANGE, '9');

export const methodOf = ({ method }: Scope): Facts['method'] =>
  method?.startsWith('qr') === true ? 'qr' : 'contactless';

/** "contactless, phones and watches, Visa, above 50.00 EUR, lane 3" */
export const scopeText = (scope: Scope): string => {
  const { devices, scheme, aid, kernel, range, above, lanes } = scope;
  const wallet = walletOf(scope);
  const texts: (string | undefined)[] = [
    methodOf(scope) === 'qr'
      ? `QR codes${wallet === undefined ? '' : ` of ${wallet}`}`
      : 'contactless',
    devices === undefined ? undefined : 'phones and watches',
    scheme,
    aid === undefined ? undefined : `application ${aid}`,
    kernel === undefined ? undefined : `kernel ${kernel}`,
    range === undefined ? undefined : `account numbers ${rangeText(range)}`,
    above === undefined ? undefined : `above ${amountText(above)}`,
    lanes === undefined ? undefined : `lane${lanes.length > 1 ? 's' : ''} ${lanes.join(', ')}`,
  ];
  return texts.filter((text) => text !== undefined).join(', ');
};

export const rangeText = ({ from, to }: AccountRange): string =>
  from === to ? from : `${from}–${to}`;

/** "50.00 EUR" */
export const amountText = ({ minor, currency }: Amount): string => {
  const exponent = currencyByCode(currency)?.exponent ?? 0;
  return `${(minor / 10 ** exponent).toFixed(exponent)} ${currency}`;
};

/** What follows from a scope alone. */
interface Profile {
  readonly method: Facts['method'];
  readonly parts: readonly Part[];
  /** A figure for each row of `PARTS`. */
  readonly narrowness: readonly number[];
}

// A tap asks about the same scopes again and again.
const profiles = new WeakMap<Scope, Profile>();

const profileOf = (scope: Scope): Profile => {
  const kept = profiles.get(scope);
  if (kept !== undefined) return kept;
  const narrowness = PARTS.map((part) => part.narrowness(scope));
  const parts = PARTS.filter((_, row) => narrowness[row] !== 0);
  const profile = { method: methodOf(scope), parts, narrowness };
  profiles.set(scope, profile);
  return profile;
};

const YES = { truth: 'yes', needs: [] } as const;
const NO = { truth: 'no', needs: [] } as const;
const UNTOLD = { truth: 'untold', needs: [] } as const;

const truth = (value: boolean): Truth => (value ? 'yes' : 'no');

const known = <Value>(value: Value | null | undefined, holds: (value: Value) => Truth): Truth => {
  if (value === undefined) return 'open';
  return value === null ? 'untold' : holds(value);
};

const walletOf = ({ method }: Scope): string | undefined =>
  method?.startsWith('qr:') === true ? method.slice(3) : undefined;

// An amount in another currency is not above: a second decision speaks of that currency.
const isAbove = (above: Amount | undefined, { minor, currency }: Amount): boolean =>
  above !== undefined && currency === above.currency && minor > above.minor;

const accountsIn = ({ from, to }: AccountRange): number =>
  (Number(to) - Number(from) + 1) * 10 ** (LONGEST_RANGE - from.length);

// Fewer digits than the range has stand for all account numbers that begin with them.
const inRange = ({ from, to }: AccountRange, digits: string): Truth => {
  const least = digits.slice(0, from.length).padEnd(from.length, '0');
  const most = digits.slice(0, from.length).padEnd(from.length, '9');
  if (most < from || least > to) return 'no';
  return from <= least && most <= to ? 'yes' : 'open';
};

const keyOf = (scope: Scope): string =>
  JSON.stringify(
    [scope.method, scope.devices, scope.scheme, scope.aid, scope.kernel].concat(
      scope.range === undefined ? undefined : `${scope.range.from}-${scope.range.to}`,
      scope.above === undefined ? undefined : `${scope.above.minor} ${scope.above.currency}`,
      ...(scope.lanes ?? []),
    ),
  );
