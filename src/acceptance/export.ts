import type { Beginning, Decision } from './decision.ts';
import { hoursText } from './hours.ts';
import { stateOf } from './in-force.ts';
import { amountText, rangeText } from './scope.ts';
import type { Moment } from './zone.ts';

/** Where the journal holds an entry: an export can be held against it. */
export interface Proof {
  readonly sequence: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/**
 * The register as a table for a spreadsheet: a line a decision, RFC 4180 with CRLF, all cells
 * quoted. Cells that a spreadsheet would take for a formula get an apostrophe in front.
 * @param proofs by decision id
 */
export const registerCsv = (
  decisions: readonly Decision[],
  now: Moment,
  proofs: ReadonlyMap<string, Proof> = new Map(),
): string => {
  const heads = COLUMNS.map(([head]) => head);
  const lines = decisions.map((decision) => {
    const line = { decision, decisions, now, proof: proofs.get(decision.id) };
    return COLUMNS.map(([, cell]) => cell(line) ?? '');
  });
  return [heads, ...lines].map((cells) => `${cells.map(quoted).join(',')}\r\n`).join('');
};

/** The same as JSON, with times as milliseconds and everything as the register has it. */
export const registerJson = (
  decisions: readonly Decision[],
  now: Moment,
  proofs: ReadonlyMap<string, Proof> = new Map(),
): string => {
  const lines = decisions.map((decision) => ({
    ...decision,
    state: stateOf(decision, decisions, now),
    supersededBy: supersededBy(decision, decisions),
    ...(proofs.has(decision.id) ? { proof: proofs.get(decision.id) } : {}),
  }));
  const [exportedMs, timeZone] = [now.wallMs, now.zone.name];
  return `${JSON.stringify({ exportedMs, timeZone, decisions: lines }, null, 2)}\n`;
};

/** Ids of what was decided instead; proposals supersede nothing yet and are left out. */
export const supersededBy = ({ id }: Decision, decisions: readonly Decision[]): string[] =>
  decisions
    .filter(({ supersedes, approval, approved }) => {
      return supersedes.includes(id) && (approval === 'notNeeded' || approved !== undefined);
    })
    .map((one) => one.id);

interface Line {
  readonly decision: Decision;
  readonly decisions: readonly Decision[];
  readonly now: Moment;
  readonly proof: Proof | undefined;
}

const utc = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

const texts = ({ decision }: Line, whom: 'shopper' | 'cashier'): string =>
  Object.entries(decision.texts)
    .flatMap(([language, words]) =>
      words[whom] === undefined ? [] : `${language}: ${words[whom]}`,
    )
    .join(' | ');

const beginningText = (one: Beginning | undefined): string | undefined =>
  one &&
  `${one.by.person}, ${one.by.role}, ${utc(one.atMs)}: ${one.reason} ` +
    `(unreadable: ${one.unreadable})`;

type Column = readonly [head: string, cell: (line: Line) => string | undefined];

const COLUMNS: readonly Column[] = [
  ['number', ({ decision }) => `${decision.number}`],
  ['id', ({ decision }) => decision.id],
  ['action', ({ decision }) => decision.action],
  ['state', ({ decision, decisions, now }) => stateOf(decision, decisions, now)],
  ['made by', ({ decision }) => decision.by.person],
  ['role', ({ decision }) => decision.by.role],
  ['made at (UTC)', ({ decision }) => utc(decision.madeMs)],
  ['approval', ({ decision }) => (decision.approval === 'needed' ? 'needed' : 'not needed')],
  ['approved by', ({ decision }) => decision.approved?.by.person],
  ["approver's role", ({ decision }) => decision.approved?.by.role],
  ['approved at (UTC)', ({ decision }) => utc(decision.approved?.atMs)],
  ['method', ({ decision }) => decision.scope.method ?? 'contactless'],
  ['devices', ({ decision }) => decision.scope.devices],
  ['scheme', ({ decision }) => decision.scope.scheme],
  ['application', ({ decision }) => decision.scope.aid],
  ['kernel', ({ decision }) => decision.scope.kernel],
  ['account range', ({ decision: { scope } }) => scope.range && rangeText(scope.range)],
  ['above', ({ decision: { scope } }) => scope.above && amountText(scope.above)],
  ['lanes', ({ decision }) => decision.scope.lanes?.join(' | ')],
  ['from (UTC)', ({ decision }) => utc(decision.fromMs) ?? 'at once'],
  ['until (UTC)', ({ decision }) => utc(decision.untilMs) ?? 'until superseded'],
  ['hours (local)', ({ decision }) => decision.hours && hoursText(decision.hours)],
  ['time zone', ({ now }) => now.zone.name],
  ['reason category', ({ decision }) => decision.reason.category],
  ['reason', ({ decision }) => decision.reason.text],
  ['texts for shoppers', (line) => texts(line, 'shopper')],
  ['texts for cashiers', (line) => texts(line, 'cashier')],
  ['alternatives', ({ decision }) => decision.alternatives.join(' | ')],
  ['supersedes', ({ decision }) => decision.supersedes.join(' | ')],
  ['set aside', ({ decision }) => beginningText(decision.setAside)],
  ['begins the register anew', ({ decision }) => beginningText(decision.beginning)],
  ['superseded by', ({ decision, decisions }) => supersededBy(decision, decisions).join(' | ')],
  ['journal entry', ({ proof }) => proof && `${proof.sequence}`],
  ['hash', ({ proof }) => proof?.hash],
];

// What a spreadsheet begins a formula with, in ASCII and full width, also behind blanks.
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u;

const quoted = (cell: string): string => {
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return `"${safe.replaceAll('"', '""')}"`;
};
