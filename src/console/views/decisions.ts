import {
  type Decision,
  decisionText,
  FACTS,
  type FactName,
  type Facts,
  type Moment,
  REASON_CATEGORIES,
  scopeText,
  stateOf,
  supersededBy,
} from '#acceptance/index.ts';
import { localText } from '#acceptance/zone.ts';
import type { DecisionBook } from '#decisions/types.ts';
import type { ContactlessSummary, DecisionOptions, DecisionView } from '../api.ts';

/** What is known of a payment before its card: where it is made. */
export const laneFacts = (lane: string | undefined): Facts => ({
  method: 'contactless',
  ...(lane === undefined ? {} : { lane }),
});

export const summaryOf = (book: DecisionBook, lane: string | undefined): ContactlessSummary => {
  const { inForce, unreadable, changesAtMs } = book.standing();
  const verdict = book.judge(laneFacts(lane));
  return {
    accepted: verdict.accepted,
    sentence:
      unreadable === undefined
        ? sentenceOf(verdict.accepted, verdict.by, inForce, book.now())
        : `Off: the decision register can't be read. ${unreadable}`,
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(changesAtMs === undefined ? {} : { changesAtMs }),
    inForce: inForce.map((decision) => decisionView(decision, book)),
  };
};

export const decisionView = (decision: Decision, book: DecisionBook): DecisionView => {
  const now = book.now();
  const all = book.all();
  const proof = book.proofs().get(decision.id);
  return {
    decision,
    state: stateOf(decision, all, now),
    scope: scopeText(decision.scope),
    says: decisionText(decision, now),
    supersededBy: supersededBy(decision, all),
    ...(proof === undefined ? {} : { proof: { sequence: proof.sequence, hash: proof.hash } }),
  };
};

/** What there is to choose from. */
export const optionsOf = (book: DecisionBook): DecisionOptions => {
  const { applications, wallets, lanes, currencies, languages, alternatives, approval } =
    book.known();
  const different = (values: readonly string[]) => [...new Set(values)].sort();
  return {
    reasonCategories: REASON_CATEGORIES,
    schemes: different(applications.map(({ scheme }) => scheme)),
    aids: different(applications.map(({ aid }) => aid)),
    kernels: different(applications.map(({ kernel }) => kernel)),
    wallets,
    lanes,
    currencies,
    languages: Object.fromEntries(languages.map((code) => [code, ownName(code)])),
    alternatives,
    needs: Object.fromEntries(
      Object.entries(FACTS).map(([name, { title }]) => [name, title]),
    ) as Record<FactName, string>,
    approval: { off: approval.off, on: approval.on },
  };
};

const sentenceOf = (
  accepted: ContactlessSummary['accepted'],
  by: Decision | undefined,
  inForce: readonly Decision[],
  now: Moment,
): string => {
  if (accepted === 'no') return `Off${by === undefined ? '' : wordsOf(by, now)}`;
  if (accepted === 'yes') return by === undefined ? 'On' : `On${wordsOf(by, now)}`;
  const parts = inForce.map(
    (one) => `${one.action} for ${scopeText(one.scope)}${wordsOf(one, now)}`,
  );
  return `On, but not for everything: ${parts.join('; ')}`;
};

/** " until 18:00 by Ann: fees" */
const wordsOf = ({ untilMs, by, reason }: Decision, { wallMs, zone }: Moment): string => {
  const [today, until] = [localText(wallMs, zone), localText(untilMs ?? wallMs, zone)];
  const [day = ''] = today.split(' ');
  const when = until.startsWith(day) ? until.slice(day.length + 1) : until;
  return `${untilMs === undefined ? '' : ` until ${when}`} by ${by.person}: ${reason.text}`;
};

const ownName = (code: string): string =>
  new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
