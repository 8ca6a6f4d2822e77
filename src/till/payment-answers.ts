import type { NexoRequest, NexoResponse, PaymentFacts, PaymentReceipt } from '#nexo/index.ts';
import { paymentReceipt, paymentResponse } from '#nexo/index.ts';
import type { PaymentRecord } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { SaleResult } from '#terminal/types.ts';
import type { TillParts } from './parts.ts';

export interface ToldTo {
  /** The till has broken it off. */
  readonly aborted: boolean;
  readonly language?: string | undefined;
}

/**
 * The answer to a payment, made of its result and of the books: when the books have it, it is the
 * same answer whenever it is made.
 */
export const paymentAnswer = async (
  parts: TillParts,
  request: NexoRequest<'Payment'>,
  result: SaleResult,
  { aborted, language = parts.language() }: ToldTo,
): Promise<NexoResponse<'Payment'>> => {
  const record = await recordOf(parts, result.transactionId);
  const type = request.body.SaleData.TokenRequestedType;
  const { cardToken = record?.card?.token, tipMinor, cashBackMinor, surchargeMinor } = result;
  const facts: PaymentFacts = {
    endedMs: record?.startedMs ?? parts.clock.wallMs(),
    period: record?.period ?? parts.books.period,
    merchantId: parts.merchantId,
    terminalId: parts.terminalId,
    abortedByTill: aborted,
    ...(tipMinor === undefined ? {} : { tipMinor }),
    ...(cashBackMinor === undefined ? {} : { cashBackMinor }),
    ...(surchargeMinor === undefined ? {} : { surchargeMinor }),
    ...(type && cardToken ? { token: { type, value: cardToken } } : {}),
    receipts: record ? await receiptsOf(parts, record.id, result.cvm) : [],
    language,
  };
  return paymentResponse(request, asFirstTold(result), facts);
};

/** Both copies of a payment's receipt; none when it can't be had, for the answer is not to wait. */
export const receiptsOf = async (
  { receipts, log }: TillParts,
  payment: string,
  cvm?: SaleResult['cvm'],
): Promise<readonly PaymentReceipt[]> => {
  try {
    const made = await receipts?.(payment);
    if (made === undefined) return [];
    const toBeSigned = cvm === 'obtainSignature';
    return [
      paymentReceipt('merchant', made.merchant, toBeSigned),
      paymentReceipt('customer', made.customer),
    ];
  } catch (error) {
    log.error({ payment, err: error }, "a till's receipt could not be made");
    return [];
  }
};

const recordOf = async ({ books }: TillParts, id: string): Promise<PaymentRecord | undefined> => {
  const found = await books.find(id);
  return found === undefined || isFault(found) ? undefined : found;
};

// A till that asks again gets the answer that it would have got, and its state only where that is
// another one by now.
const asFirstTold = (result: SaleResult): SaleResult => {
  const { repeated, ...told } = result;
  const asTold = repeated === undefined || result.status !== 'approved' || ENDS.has(repeated);
  return asTold ? told : result;
};

const ENDS: ReadonlySet<string> = new Set(['approved', 'queued', 'preAuthorised', 'reconciled']);
