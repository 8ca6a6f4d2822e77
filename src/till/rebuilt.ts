import { minorOf, type NexoRequest, type NexoResponse } from '#nexo/index.ts';
import { amountOf, type PaymentRecord, states } from '#payment/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import { codeOf } from '#terminal/format.ts';
import { answerFrom } from '#terminal/known-payment.ts';
import { type KeptRequest, requestOf } from './kept-requests.ts';
import type { TillParts } from './parts.ts';
import { paymentAnswer } from './payment-answers.ts';
import { refundAnswer, voidAnswer } from './reversal-answers.ts';

/** What the books say of a request that this run has no answer of. */
export type Rebuilt =
  | { readonly rebuilt: 'answer'; readonly answer: NexoResponse<'Payment' | 'Reversal'> }
  /** What came of it is being found out. */
  | { readonly rebuilt: 'inProgress' }
  /** Nothing came of it: nothing was paid, and nothing will be. */
  | { readonly rebuilt: 'nothing' }
  | { readonly rebuilt: 'unreadable'; readonly why: Fault };

/** Makes the answer to a request once more, of what was written down. */
export const rebuilt = async (parts: TillParts, kept: KeptRequest): Promise<Rebuilt> => {
  const request = requestOf(kept);
  const record = await parts.books.findByTillId(kept.tillId);
  if (isFault(record)) return { rebuilt: 'unreadable', why: record };
  if (request.category === 'Reversal') return reversal(parts, request, kept, record);
  if (record === undefined) return { rebuilt: 'nothing' };
  if (states[record.state].owes === 'answer') return { rebuilt: 'inProgress' };
  const result = answerFrom(record, codeOf(record.currency));
  const about = { aborted: kept.aborted === true, language: kept.language };
  return { rebuilt: 'answer', answer: await paymentAnswer(parts, request, result, about) };
};

const reversal = async (
  parts: TillParts,
  request: NexoRequest<'Reversal'>,
  kept: KeptRequest,
  refund: PaymentRecord | undefined,
): Promise<Rebuilt> => {
  if (refund !== undefined) {
    if (states[refund.state].owes === 'answer') return { rebuilt: 'inProgress' };
    const result = answerFrom(refund, codeOf(refund.currency));
    return { rebuilt: 'answer', answer: await refundAnswer(parts, request, result) };
  }
  const id = request.body.OriginalPOITransaction.POITransactionID?.TransactionID ?? '';
  const original = await parts.books.find(id);
  if (isFault(original)) return { rebuilt: 'unreadable', why: original };
  // It was voided: by this request, for another one would have been told that it was voided before.
  const voided = original?.reversal?.reason === 'voided' && UNDONE.has(original.state);
  if (original === undefined || !voided || !isWhole(request, original)) {
    return { rebuilt: 'nothing' };
  }
  const told = { reason: states[original.state].meaning, endedMs: kept.atMs };
  const minor = amountOf(original);
  return { rebuilt: 'answer', answer: await voidAnswer(parts, request, original, minor, told) };
};

// A part of it would have been a refund.
const isWhole = (
  { body: { ReversedAmount: asked } }: NexoRequest<'Reversal'>,
  original: PaymentRecord,
): boolean =>
  asked === undefined || minorOf(asked, codeOf(original.currency)) === amountOf(original);

const UNDONE: ReadonlySet<string> = new Set(['reversing', 'reversed']);
