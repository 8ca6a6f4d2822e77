import {
  type Decision,
  type DecisionProblem,
  decisionText,
  type Facts,
  isDecisionProblem,
  type Person,
  registerCsv,
  registerJson,
  scopeText,
  stateOf,
  supersededBy,
} from '#acceptance/index.ts';
import { localText } from '#acceptance/zone.ts';
import type { DecisionBook } from './types.ts';

/** What is taken now, as console and command line show it. */
export interface ContactlessSummary {
  /** As of now, for the lane alone: "no" means the reader is silent. */
  readonly accepted: 'yes' | 'no' | 'open';
  /** One sentence: "Off until 18:00 by Ann: fees". */
  readonly sentence: string;
  readonly unreadable?: string;
  readonly changesAtMs?: number;
  readonly inForce: readonly DecisionView[];
}

export interface DecisionView {
  readonly decision: Decision;
  readonly state:
    | 'set aside'
    | 'proposed'
    | 'superseded'
    | 'over'
    | 'planned'
    | 'in force'
    | 'outside its hours';
  /** "contactless, phones and watches, above 50.00 EUR" */
  readonly scope: string;
  /** The whole of it in one sentence. */
  readonly says: string;
  readonly supersededBy: readonly string[];
  readonly proof?: { readonly sequence: number; readonly hash: string };
}

/** A decision as console and command line show it. */
export const decisionView = (book: DecisionBook, decision: Decision): DecisionView => {
  const [now, all] = [book.now(), book.all()];
  const proof = book.proofs().get(decision.id);
  return {
    decision,
    state: stateOf(decision, all, now),
    scope: scopeText(decision.scope),
    says: decisionText(decision, now),
    supersededBy: supersededBy(decision, all),
    ...(proof === undefined ? {} : { proof }),
  };
};

/** What a decision would do, as console and command line show it. */
export interface PreviewSummary {
  readonly says: readonly string[];
  readonly warnings: readonly string[];
  readonly needsApproval: boolean;
}

/** Nothing is written. */
export const previewOf = (
  book: DecisionBook,
  request: unknown,
  by: Person,
): PreviewSummary | DecisionProblem => {
  const found = book.preview(request, by);
  if (isDecisionProblem(found)) return found;
  const { decision, says, warnings } = found;
  return { says, warnings, needsApproval: decision.approval === 'needed' };
};

/** The whole register as a file, or why not: half of one would pass for a whole one. */
export const registerFile = (
  book: DecisionBook,
  format: 'csv' | 'json',
): { readonly text: string } | { readonly unreadable: string } => {
  const { unreadable } = book.standing();
  if (unreadable !== undefined) return { unreadable };
  const written = format === 'csv' ? registerCsv : registerJson;
  return { text: written(book.all(), book.now(), book.proofs()) };
};

/** What is taken now, before anything is known of a card or code. */
export const summaryOf = (
  book: DecisionBook,
  facts: Pick<Facts, 'method' | 'lane'>,
): ContactlessSummary => {
  const { inForce, unreadable, changesAtMs } = book.standing();
  const { accepted } = book.judge(facts);
  const about = inForce.filter(
    ({ scope }) => (scope.method ?? '').startsWith('qr') === isQr(facts),
  );
  return {
    accepted,
    sentence: sentenceOf(book, facts, about),
    ...(unreadable === undefined ? {} : { unreadable }),
    ...(changesAtMs === undefined ? {} : { changesAtMs }),
    inForce: about.map((decision) => decisionView(book, decision)),
  };
};

const isQr = ({ method }: Pick<Facts, 'method'>): boolean => method === 'qr';

const sentenceOf = (
  book: DecisionBook,
  facts: Pick<Facts, 'method' | 'lane'>,
  about: readonly Decision[],
): string => {
  const { unreadable } = book.standing();
  if (unreadable !== undefined) return `Off: the decisions can't be read (${unreadable})`;
  const { accepted, by } = book.judge(facts);
  if (accepted === 'yes')
    return by === undefined ? 'On: no decision is against it' : said(book, by);
  if (accepted === 'no') return by === undefined ? 'Off' : said(book, by);
  const off = about.filter(({ action }) => action === 'off');
  const parts = off.map((decision) => `off for ${narrower(decision)}${when(book, decision)}`);
  return `On in part: ${parts.join('; ')}`;
};

// "Off until 2026-11-23 18:00 by Ann: fees"
const said = (book: DecisionBook, decision: Decision): string => {
  const { action, by, reason } = decision;
  const where = Object.keys(decision.scope).length === 0 ? '' : ` for ${narrower(decision)}`;
  const what = `${action === 'off' ? 'Off' : 'On'}${where}${when(book, decision)}`;
  return `${what} by ${by.person}: ${reason.text}`;
};

const narrower = ({ scope }: Decision): string => scopeText(scope).replace(/^contactless, /, '');

const when = (book: DecisionBook, { untilMs }: Decision): string =>
  untilMs === undefined ? '' : ` until ${localText(untilMs, book.now().zone)}`;
