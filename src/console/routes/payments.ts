import * as v from 'valibot';
import type { PaymentRecord } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { PaymentQuery } from '#ports/journal.ts';
import { may } from '#staff/rights.ts';
import { findPayment } from '#terminal/known-payment.ts';
import type { OrderResult, SaleResult } from '#terminal/types.ts';
import { type Answer, type AskedByPerson, faulty, parsed, problem, type Route } from '../answer.ts';
import type { PaymentsView, PaymentView } from '../api.ts';
import { amountMinor, paymentId, requestId } from '../fields.ts';
import type { ConsoleParts } from '../parts.ts';
import { entryViews } from '../views/entries.ts';
import { exchangesIn, exchangeViews } from '../views/exchanges.ts';
import { lineOf, lineOfRow, possible, reasonsFor, resultIn } from '../views/payments.ts';
import { receiptOf } from '../views/receipt.ts';

const MOST_ON_A_PAGE = 100;
const ON_A_PAGE = 25;
const COUNT = `how many, 1 to ${MOST_ON_A_PAGE}`;
const BEFORE = 'what `next` of the page before said';

const search = v.strictObject({
  search: v.exactOptional(v.pipe(v.string('a text'), v.maxLength(64, 'at most 64 characters'))),
  state: v.exactOptional(v.pipe(v.string('a state'), v.regex(/^[A-Za-z]{0,20}$/, 'a state'))),
  before: v.exactOptional(
    v.pipe(v.string(BEFORE), v.regex(/^\d{1,16}-[\x21-\x7e]{1,64}$/, BEFORE)),
  ),
  count: v.exactOptional(
    v.pipe(
      v.string(COUNT),
      v.regex(/^\d{1,3}$/, COUNT),
      v.transform(Number),
      v.minValue(1, COUNT),
      v.maxValue(MOST_ON_A_PAGE, COUNT),
    ),
  ),
});

const refund = v.strictObject({ amountMinor, requestId });

/** What was paid, and what can still be done about it. */
export const paymentRoutes = (parts: ConsoleParts): readonly Route[] => [
  {
    method: 'GET',
    url: '/api/payments',
    needs: 'seePayments',
    handle: (asked) => list(parts, asked),
  },
  {
    method: 'GET',
    url: '/api/payments/:id',
    needs: 'seePayments',
    handle: (asked) => withPayment(parts, asked, (record) => detail(parts, record, asked)),
  },
  {
    method: 'GET',
    url: '/api/payments/:id/receipt',
    needs: 'reprint',
    action: 'reprint receipt',
    handle: (asked) => withPayment(parts, asked, (record) => receipt(parts, record)),
  },
  {
    method: 'POST',
    url: '/api/payments/:id/void',
    needs: 'void',
    action: 'void',
    handle: (asked) =>
      withPayment(parts, asked, async ({ id }) => {
        const result = await parts.terminal.void(id);
        const done = result.status === 'done' || result.status === 'underWay';
        return told(result, id, done, result.reason);
      }),
  },
  {
    method: 'POST',
    url: '/api/payments/:id/refund',
    needs: 'refund',
    action: 'refund',
    handle: (asked) => withPayment(parts, asked, (record) => giveBack(parts, record, asked)),
  },
];

const list = async ({ journal }: ConsoleParts, { query }: AskedByPerson): Promise<Answer> => {
  const asked = parsed(search, query);
  if ('refused' in asked) return asked.refused;
  const { count = ON_A_PAGE } = asked.value;
  // One more than is shown tells whether there is a next page.
  const rows = await journal.findPayments(queryOf(asked.value, count + 1));
  if (isFault(rows)) return faulty(rows);
  const shown = rows.slice(0, count);
  const last = rows.length > count ? shown.at(-1) : undefined;
  const view: PaymentsView = {
    payments: shown.map(lineOfRow),
    ...(last === undefined ? {} : { next: `${last.startedMs}-${last.id}` }),
  };
  return { status: 200, body: view };
};

const queryOf = (
  { search: text = '', state = '', before }: v.InferOutput<typeof search>,
  count: number,
): PaymentQuery => {
  const [, startedMs = '0', id = ''] = /^(\d+)-(.+)$/.exec(before ?? '') ?? [];
  return {
    count,
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(state === '' ? {} : { state }),
    ...(before === undefined ? {} : { before: { startedMs: Number(startedMs), id } }),
  };
};

const withPayment = async (
  { books }: ConsoleParts,
  { params: { id = '' } }: AskedByPerson,
  answer: (record: PaymentRecord) => Promise<Answer>,
): Promise<Answer> => {
  const asked = parsed(paymentId, id);
  if ('refused' in asked) return asked.refused;
  const record = await findPayment(books, id);
  if (isFault(record)) return faulty(record, id);
  return record === undefined
    ? problem(404, { error: `There is no payment ${id}.` })
    : answer(record);
};

const detail = async (
  { books, journal, shop, taps }: ConsoleParts,
  record: PaymentRecord,
  { session: { role } }: AskedByPerson,
): Promise<Answer> => {
  const { id, refundedMinor = 0, card } = record;
  const [entries, transcript] = await Promise.all([journal.entriesOf(id), journal.transcript(id)]);
  if (isFault(entries)) return faulty(entries);
  if (isFault(transcript)) return faulty(transcript);
  const can = possible(record, books.period);
  const result = resultIn(record);
  const view: PaymentView = {
    line: lineOf(record),
    ...(result === undefined ? {} : { result }),
    refundedMinor,
    can: {
      refund: can.refund && may(role, 'refund'),
      void: can.void && may(role, 'void'),
      reprint: can.reprint && may(role, 'reprint'),
    },
    entries: entryViews(entries, { record, language: shop.language }),
    exchanges: exchangeViews(exchangesIn(transcript), card?.application),
    reasons: reasonsFor(record, taps.reasonsOf(id)),
  };
  return { status: 200, body: view };
};

const receipt = async (
  { books, journal, shop, decisions }: ConsoleParts,
  record: PaymentRecord,
): Promise<Answer> => {
  const { id } = record;
  if (!possible(record, books.period).reprint) {
    return problem(409, { error: 'There is no receipt: it is not known how it ended.' }, id);
  }
  const transcript = await journal.transcript(id);
  if (isFault(transcript)) return faulty(transcript, id);
  const { zone } = decisions.now();
  const view = receiptOf(record, { shop, zone, exchanges: exchangesIn(transcript) });
  return { status: 200, body: view, audit: { subject: id, says: 'a copy' } };
};

// The page's request id is the till's id: asked again, nothing is given back twice.
const giveBack = async (
  { terminal }: ConsoleParts,
  { id: original, currency }: PaymentRecord,
  { body }: AskedByPerson,
): Promise<Answer> => {
  const asked = parsed(refund, body);
  if ('refused' in asked) return asked.refused;
  const { amountMinor, requestId } = asked.value;
  const request = { amountMinor, currency, kind: 'refund', original } as const;
  // Nobody hangs up on it: who lost the line asks again, and gets what happened.
  const { signal } = new AbortController();
  const result = await terminal.sale({ ...request, tillId: `console-${requestId}` }, signal);
  const again = result.repeated === undefined ? '' : ', asked again: nothing was given twice';
  const says = `${amountMinor} ${result.currency}: ${result.reason}${again}`;
  return told(result, original, result.status === 'approved', says);
};

const told = (
  body: OrderResult | SaleResult,
  subject: string,
  done: boolean,
  says: string,
): Answer => ({
  status: 200,
  body,
  audit: { subject, says, ...(done ? {} : { outcome: 'refused' }) },
});
