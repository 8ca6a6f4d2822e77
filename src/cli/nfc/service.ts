import { type DecisionProblem, type Facts, isDecisionProblem } from '#acceptance/index.ts';
import type { DecisionBook } from '#decisions/types.ts';
import { decisionView, previewOf, registerFile, summaryOf } from '#decisions/view.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import { isPersonProblem, type People, type PersonProblem } from '#ports/people.ts';
import type { Audit } from '#staff/index.ts';
import { changeDecisions } from './change.ts';
import type {
  Decided,
  History,
  NfcAnswer,
  NfcChange,
  NfcRequest,
  NfcStatus,
  Refused,
  ShopValues,
} from './requests.ts';

export interface NfcParts {
  readonly book: DecisionBook;
  readonly people: Pick<People, 'list' | 'signIn'>;
  /** Absent where nothing can be changed. */
  readonly audit?: Audit;
  readonly shop: Pick<ShopValues, 'currency' | 'language' | 'lane'>;
}

/**
 * What console and terminal do about decisions, for the command line: the same in a running
 * terminal and in a process of its own.
 */
export const nfcService =
  (parts: NfcParts) =>
  async (asked: NfcRequest): Promise<ControlLine> => ({ ...(await answer(parts, asked)) });

const answer = async (parts: NfcParts, asked: NfcRequest): Promise<NfcAnswer<unknown>> => {
  const { book } = parts;
  switch (asked.do) {
    case 'status':
      return { result: await statusOf(parts) };
    case 'why':
      return { result: book.why({ ...laneOf(parts), ...(asked.facts as Facts) }) };
    case 'history':
      return { result: historyOf(book, asked.last) };
    case 'verify': {
      const check = await book.verify();
      return isFault(check) ? { error: check.detail } : { result: check };
    }
    case 'export': {
      const file = registerFile(book, asked.format);
      return 'text' in file ? { result: file.text } : { error: file.unreadable };
    }
    case 'preview': {
      const preview = previewOf(book, asked.request, {
        person: asked.by ?? 'you',
        role: 'manager',
      });
      return isDecisionProblem(preview) ? { refused: refusedOf(preview) } : { result: preview };
    }
    case 'decide':
    case 'begin':
    case 'approve':
      return change(parts, asked);
  }
};

const change = async (parts: NfcParts, asked: NfcChange): Promise<NfcAnswer<Decided>> => {
  const { book, people, audit } = parts;
  if (audit === undefined) return { error: 'nothing can be decided here' };
  const known = await people.list();
  if (isFault(known)) return { error: known.detail };
  if (known.length === 0) return { refused: { field: 'by', problem: NOBODY } };
  const result = await changeDecisions({ book, people, audit }, asked);
  if (isFault(result)) return { error: result.detail };
  if (isDecisionProblem(result) || isPersonProblem(result)) return { refused: refusedOf(result) };
  const contactless = summaryOf(book, { method: 'contactless', ...laneOf(parts) });
  return { result: { decision: decisionView(book, result), contactless } };
};

/** For whoever wants to decide before the first person is there. */
export const NOBODY =
  'nobody is known here who could decide: `countertap people add NAME --role manager` makes ' +
  'the first manager';

const statusOf = async (parts: NfcParts): Promise<NfcStatus> => {
  const { book, people } = parts;
  const shop = shopOf(parts);
  const known = await people.list();
  const waiting = book
    .all()
    .map((decision) => decisionView(book, decision))
    .filter(({ state }) => WAITING.has(state));
  return {
    contactless: summaryOf(book, { method: 'contactless', ...laneOf(parts) }),
    ...(shop.wallets?.length ? { qr: summaryOf(book, { method: 'qr', ...laneOf(parts) }) } : {}),
    waiting,
    shop,
    ...(isFault(known) ? {} : { setUp: known.length > 0 }),
  };
};

const WAITING: ReadonlySet<string> = new Set(['proposed', 'planned', 'outside its hours']);

const shopOf = ({ book, shop }: NfcParts): ShopValues => {
  const { applications, wallets, lanes } = book.known();
  const { wallMs, zone } = book.now();
  const each = (of: 'scheme' | 'kernel') => [...new Set(applications.map((one) => one[of]))].sort();
  return {
    ...shop,
    atMs: wallMs,
    timeZone: zone.name,
    schemes: each('scheme'),
    kernels: each('kernel'),
    wallets,
    lanes,
  };
};

const historyOf = (book: DecisionBook, last: number | undefined): History => {
  const { unreadable } = book.standing();
  const newest = book.all().toReversed().slice(0, last);
  return {
    decisions: newest.map((decision) => decisionView(book, decision)),
    ...(unreadable === undefined ? {} : { unreadable }),
  };
};

const laneOf = ({ shop: { lane } }: NfcParts) => (lane === undefined ? {} : { lane });

const refusedOf = (why: DecisionProblem | PersonProblem): Refused => {
  const { field, problem } = why;
  const wait = 'retryAfterMs' in why ? why.retryAfterMs : undefined;
  return { field, problem, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
};
