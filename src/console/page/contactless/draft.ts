import type { Day, Decision, Scope } from '#acceptance/index.ts';
import type { DecisionOptions, DecisionView } from '../../api.ts';
import type { Format } from '../format.ts';

/** A part of a scope that a person can choose. */
export type PartName =
  | 'phones'
  | 'scheme'
  | 'aid'
  | 'range'
  | 'kernel'
  | 'above'
  | 'lanes'
  | 'wallet';

export const PARTS: readonly PartName[] = [
  'phones',
  'scheme',
  'aid',
  'range',
  'kernel',
  'above',
  'lanes',
  'wallet',
];

/** A payment by QR code has no card, a card no wallet. */
export const CARD_PARTS: readonly PartName[] = ['phones', 'scheme', 'aid', 'range', 'kernel'];

export interface HoursDraft {
  readonly days: readonly Day[];
  readonly from: string;
  readonly to: string;
}

/** The form as it stands: everything a person typed, fit or not. */
export interface Draft {
  readonly action: Decision['action'];
  readonly what: 'everything' | PartName;
  readonly also: readonly PartName[];
  readonly scheme: string;
  readonly aid: string;
  readonly kernel: string;
  readonly rangeFrom: string;
  readonly rangeTo: string;
  readonly aboveAmount: string;
  readonly aboveCurrency: string;
  readonly lanes: readonly string[];
  /** '': all of them. */
  readonly wallet: string;
  readonly category: string;
  readonly why: string;
  readonly from: 'now' | 'at';
  readonly fromAt: string;
  readonly until: 'hour' | 'today' | 'open' | 'at';
  readonly untilAt: string;
  readonly hours: readonly HoursDraft[];
  readonly texts: Readonly<Record<string, { readonly shopper: string; readonly cashier: string }>>;
  readonly alternatives: readonly string[];
  /** Absent: those that the page would choose. */
  readonly supersedes: readonly string[] | undefined;
}

/** The parts that the decision is about. */
export const partsOf = ({ what, also }: Pick<Draft, 'what' | 'also'>): readonly PartName[] =>
  PARTS.filter((part) => part === what || (also.includes(part) && fits(part, what)));

/** Whether a part can stand beside what was chosen first. */
export const fits = (part: PartName, what: Draft['what']): boolean => {
  if (part === what) return false;
  if (what === 'wallet') return !CARD_PARTS.includes(part);
  return part !== 'wallet' || !(CARD_PARTS as readonly string[]).includes(what);
};

/** A new form. To switch on again begins with the scope of the one "off" that is in force. */
export const newDraft = (
  action: Decision['action'],
  options: DecisionOptions,
  inForce: readonly DecisionView[],
  format: Pick<Format, 'plainAmount'>,
  currency: string,
): Draft => {
  const offs = inForce.filter(({ decision }) => decision.action === 'off');
  const [only] = offs;
  const scope = action === 'on' && offs.length === 1 ? only?.decision.scope : undefined;
  return {
    ...EMPTY,
    action,
    aboveCurrency: options.currencies[0] ?? currency,
    ...(scope === undefined ? {} : fromScope(scope, format)),
  };
};

const EMPTY: Omit<Draft, 'action' | 'aboveCurrency'> = {
  what: 'everything',
  also: [],
  scheme: '',
  aid: '',
  kernel: '',
  rangeFrom: '',
  rangeTo: '',
  aboveAmount: '',
  lanes: [],
  wallet: '',
  category: '',
  why: '',
  from: 'now',
  fromAt: '',
  until: 'open',
  untilAt: '',
  hours: [],
  texts: {},
  alternatives: [],
  supersedes: undefined,
};

const fromScope = (scope: Scope, format: Pick<Format, 'plainAmount'>): Partial<Draft> => {
  const there: Readonly<Record<PartName, boolean>> = {
    phones: scope.devices !== undefined,
    scheme: scope.scheme !== undefined,
    aid: scope.aid !== undefined,
    range: scope.range !== undefined,
    kernel: scope.kernel !== undefined,
    above: scope.above !== undefined,
    lanes: scope.lanes !== undefined,
    wallet: scope.method?.startsWith('qr') === true,
  };
  const parts = PARTS.filter((part) => there[part]);
  const first = there.wallet ? 'wallet' : parts[0];
  return {
    what: first ?? 'everything',
    also: parts.filter((part) => part !== first),
    scheme: scope.scheme ?? '',
    aid: scope.aid ?? '',
    kernel: scope.kernel ?? '',
    rangeFrom: scope.range?.from ?? '',
    rangeTo: scope.range?.to ?? '',
    lanes: scope.lanes ?? [],
    ...(scope.above === undefined
      ? {}
      : {
          aboveAmount: format.plainAmount(scope.above.minor, scope.above.currency),
          aboveCurrency: scope.above.currency,
        }),
    wallet: scope.method?.startsWith('qr:') ? scope.method.slice(3) : '',
  };
};
