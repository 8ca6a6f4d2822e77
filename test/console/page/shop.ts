import {
  type Decision,
  decisionText,
  explain,
  inForce,
  isDecisionProblem,
  isProposed,
  judge,
  type Known,
  parseDecision,
  REASON_CATEGORIES,
  scopeText,
  stateOf,
  supersededBy,
  type Zone,
  zoneOf,
} from '#acceptance/index.ts';
import type {
  ContactlessSummary,
  ContactlessView,
  DecisionOptions,
  DecisionView,
  PreviewView,
} from '#console/api.ts';

const berlin = zoneOf('Europe/Berlin');
if (berlin === undefined) throw new Error('this machine has no time zones');
const ZONE: Zone = berlin;

const ANN = { person: 'Ann', role: 'manager' };
const ALTERNATIVES = ['insert', 'swipe', 'card', 'phone', 'qr', 'cash'];

/** The decisions of a shop, by the real rules: what the page asks for must pass them. */
export interface Shop {
  decisions: Decision[];
  approval: { off: boolean; on: boolean };
  unreadable: string | undefined;
  readonly preview: (request: unknown, person: string) => PreviewView;
  readonly decide: (request: unknown, person: string) => DecisionView | PreviewView;
  readonly approve: (id: string, person: string) => DecisionView | undefined;
  readonly beginAnew: (request: unknown, person: string) => DecisionView | PreviewView;
  readonly view: () => ContactlessView;
  readonly summary: () => ContactlessSummary;
}

export const openShop = (): Shop => {
  const shop: Shop = {
    decisions: [],
    approval: { off: false, on: false },
    unreadable: undefined,
    preview: (request, person) => {
      const decision = parse(shop, request, person);
      if (isDecisionProblem(decision)) return { problem: decision };
      const ends = decision.supersedes.map((id) => `It ends ${id}.`);
      return {
        says: [`${decisionText(decision, now())}.`, ...ends],
        warnings: decision.scope.range
          ? ['Cards that don’t tell their number in time are refused as well.']
          : [],
        needsApproval: decision.approval === 'needed',
      };
    },
    decide: (request, person) => {
      const decision = parse(shop, request, person);
      if (isDecisionProblem(decision)) return { problem: decision };
      shop.decisions = [...shop.decisions, decision];
      return viewOf(shop, decision);
    },
    approve: (id, person) => {
      const found = shop.decisions.find((one) => one.id === id);
      if (found === undefined || found.by.person === person) return undefined;
      const by = { person, role: 'manager' };
      const approved = { ...found, approved: { by, atMs: Date.now(), number: nextOf(shop) } };
      shop.decisions = shop.decisions.map((one) => (one.id === id ? approved : one));
      return viewOf(shop, approved);
    },
    beginAnew: (request, person) => {
      shop.decisions = [];
      shop.unreadable = undefined;
      return shop.decide(request, person);
    },
    summary: () => summaryOf(shop),
    view: () => ({
      summary: summaryOf(shop),
      history: shop.decisions.map((one) => viewOf(shop, one)).reverse(),
      why: explain(shop.decisions, { method: 'contactless', lane: '1' }, now()),
      options: { ...OPTIONS, approval: shop.approval },
    }),
  };
  return shop;
};

/** What a manager decided some days ago, so that there is a history. */
export const PAST: readonly unknown[] = [
  {
    action: 'off',
    scope: { scheme: 'Mastercard', lanes: ['2'] },
    reason: { category: 'technical', text: 'Lane 2 answers too late; service is coming' },
  },
  {
    action: 'on',
    scope: { scheme: 'Mastercard', lanes: ['2'] },
    reason: { category: 'technical', text: 'Repaired' },
    supersedes: ['D1'],
  },
];

const now = () => ({ wallMs: Date.now(), zone: ZONE });

const nextOf = ({ decisions }: Shop): number =>
  1 + Math.max(0, ...decisions.map(({ number, approved }) => approved?.number ?? number));

const parse = (shop: Shop, request: unknown, person: string) => {
  const number = nextOf(shop);
  return parseDecision(request, knownOf(shop), {
    id: `D${number}`,
    number,
    by: { ...ANN, person },
  });
};

const APPLICATIONS = [
  { aid: 'A000000003', kernel: '03', scheme: 'Visa' },
  { aid: 'A000000004', kernel: '02', scheme: 'Mastercard' },
];

const OPTIONS: Omit<DecisionOptions, 'approval'> = {
  reasonCategories: REASON_CATEGORIES,
  schemes: ['Mastercard', 'Visa'],
  aids: APPLICATIONS.map(({ aid }) => aid),
  kernels: ['02', '03'],
  wallets: ['alipay', 'wechat'],
  lanes: ['1', '2', '3'],
  currencies: ['EUR'],
  languages: { en: 'English', de: 'Deutsch', ar: 'العربية' },
  alternatives: ALTERNATIVES,
  needs: {
    lane: 'the lane',
    amount: 'the amount',
    aid: 'the application',
    scheme: 'the scheme',
    kernel: 'the kernel',
    wallet: 'the wallet',
    device: 'whether it is a phone',
    account: 'the account number’s first digits',
  },
};

const knownOf = ({ decisions, approval }: Shop): Known => ({
  now: now(),
  decisions,
  approval: { ...approval, urgent: ['security'], roles: ['manager'] },
  applications: APPLICATIONS,
  wallets: OPTIONS.wallets,
  lanes: OPTIONS.lanes,
  currencies: OPTIONS.currencies,
  languages: Object.keys(OPTIONS.languages),
  alternatives: OPTIONS.alternatives,
});

const viewOf = ({ decisions }: Shop, decision: Decision): DecisionView => ({
  decision,
  state: isProposed(decision) ? 'proposed' : stateOf(decision, decisions, now()),
  scope: scopeText(decision.scope),
  says: `${decisionText(decision, now())}.`,
  supersededBy: supersededBy(decision, decisions),
  proof: { sequence: 300 + decision.number, hash: 'c0ffee42'.repeat(8) },
});

const summaryOf = (shop: Shop): ContactlessSummary => {
  if (shop.unreadable !== undefined) {
    return {
      accepted: 'no',
      sentence: 'Off: the register can’t be read.',
      unreadable: shop.unreadable,
      inForce: [],
    };
  }
  const standing = inForce(shop.decisions, now());
  const { accepted, by } = judge(standing, { method: 'contactless', lane: '1' });
  const last = by ?? standing.at(-1);
  const sentence =
    accepted === 'yes' || last === undefined
      ? 'All contactless cards, phones and watches are taken.'
      : `Off for ${scopeText(last.scope)}, by ${last.by.person}: ${last.reason.text}`;
  return { accepted, sentence, inForce: standing.map((one) => viewOf(shop, one)) };
};
