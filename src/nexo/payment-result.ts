import { formEncoded } from './additional-response.ts';
import { decimalOf } from './amounts.ts';
import { brandOf, instrumentOf } from './card-data.ts';
import { errorConditionOf } from './error-condition-of.ts';
import { answerHeader, type NexoRequest, type NexoResponse } from './messages.ts';
import type { PaymentResponse, PaymentResult } from './payment-messages.ts';
import { poiData, repeatedSaleData } from './refusals.ts';
import { oneLine } from './scalars.ts';
import type { Response } from './structures.ts';
import { timeStamp } from './times.ts';
import type { PaymentFacts, ToldPayment } from './told-payment.ts';

/** The answer to a payment, by the loop's result. */
export const paymentResponse = (
  request: NexoRequest<'Payment'>,
  told: ToldPayment,
  facts: PaymentFacts,
): NexoResponse<'Payment'> => {
  const { header, body } = request;
  const { receipts = [] } = facts;
  const answer: PaymentResponse = {
    Response: responseOf(told, facts, body.SaleData.SaleTransactionID.TransactionID),
    SaleData: repeatedSaleData(body.SaleData),
    // Busy has no payment, and the schema wants an id all the same.
    POIData: poiData(oneLine(told.transactionId) ?? 'none', facts.endedMs, facts.period),
    PaymentResult: resultOf(told, facts),
    ...(receipts.length === 0 ? {} : { PaymentReceipt: receipts }),
  };
  return { category: 'Payment', header: answerHeader(header), body: answer };
};

const isPartial = ({ amountMinor, approvedMinor }: ToldPayment): boolean =>
  approvedMinor !== undefined && approvedMinor < amountMinor;

const responseOf = (told: ToldPayment, facts: PaymentFacts, reference: string): Response => {
  const ErrorCondition = errorConditionOf(told, facts.abortedByTill);
  const AdditionalResponse = formEncoded(additional(told, facts, reference));
  if (ErrorCondition) return { Result: 'Failure', ErrorCondition, AdditionalResponse };
  // "If Result is Success, ErrorCondition is absent. In the other cases, it has to be present": of
  // the rest, which the host refused.
  return isPartial(told)
    ? { Result: 'Partial', ErrorCondition: 'Refusal', AdditionalResponse }
    : { Result: 'Success', AdditionalResponse };
};

/** Names that Adyen's terminals use where there is one; the shop's decision under names of ours. */
const additional = (told: ToldPayment, facts: PaymentFacts, merchantReference: string) => {
  const { status, reason, restriction, maskedPan: masked, kind, wallet } = told;
  const brand = brandOf(told);
  return {
    ...(status === 'approved' ? {} : { message: restriction?.cashier ?? reason }),
    ...(status === 'declined' ? { refusalReason: refusalReason(told) } : {}),
    ...(restriction ? restrictionOf(restriction) : {}),
    retry: status === 'approved' ? undefined : told.retry,
    cashierAction: told.cashier,
    state: told.repeated,
    transactionType: kind === 'refund' ? 'REFUND' : 'GOODS_SERVICES',
    tid: facts.terminalId,
    mid: facts.merchantId,
    merchantReference,
    ...(brand === undefined ? {} : { paymentMethod: brand, cardType: brand, cardScheme: brand }),
    cardSummary: masked?.slice(-4),
    AID: told.application,
    posEntryMode: told.application === undefined ? undefined : 'CLESS_CHIP',
    authCode: told.authorisationCode,
    transactionReferenceNumber: told.retrievalReference ?? wallet?.reference,
    posAuthAmountCurrency: status === 'approved' ? told.currency : undefined,
    posAuthAmountValue: status === 'approved' ? authorisedMinor(told) : undefined,
    offline: told.offline !== undefined,
    iso8601TxDate: timeStamp(facts.endedMs),
  };
};

const refusalReason = ({ responseCode, reason }: ToldPayment): string =>
  responseCode === undefined ? reason : `${responseCode} ${reason}`;

const restrictionOf = ({
  decision,
  cashier,
  alternatives,
}: NonNullable<ToldPayment['restriction']>) => ({
  restriction: cashier,
  decision,
  alternatives: alternatives.join(','),
});

// Tip, cashback and surcharge are in it.
const authorisedMinor = ({ approvedMinor, amountMinor }: ToldPayment): number =>
  approvedMinor ?? amountMinor;

const resultOf = (told: ToldPayment, facts: PaymentFacts): PaymentResult => {
  const known: PaymentResult = {
    PaymentType: TYPES[told.kind ?? 'purchase'],
    PaymentInstrumentData: instrumentOf(told, facts.token),
    PaymentAcquirerData: acquirerOf(told, facts),
  };
  if (told.status !== 'approved') return { ...known, OnlineFlag: told.responseCode !== undefined };
  const { language } = facts;
  const method = told.cvm === undefined ? undefined : AUTHENTICATION.get(told.cvm);
  return {
    ...known,
    AmountsResp: amountsOf(told, facts),
    CustomerLanguage: language !== undefined && /^[a-z]{2}$/.test(language) ? language : undefined,
    OnlineFlag: told.offline === undefined,
    AuthenticationMethod: method && [method],
  };
};

const TYPES = {
  purchase: 'Normal',
  refund: 'Refund',
  preAuthorisation: 'FirstReservation',
  completion: 'Completion',
} as const;

// nexo has no word for a verification by the phone itself (CDCVM), and none for "not needed".
const AUTHENTICATION: ReadonlyMap<string, 'PaperSignature' | 'OnlinePIN' | 'UnknownMethod'> =
  new Map([
    ['obtainSignature', 'PaperSignature'],
    ['onlinePin', 'OnlinePIN'],
    ['confirmationCodeVerified', 'UnknownMethod'],
  ]);

const amountsOf = (told: ToldPayment, facts: PaymentFacts): PaymentResult['AmountsResp'] => {
  const part = (minor = 0): number | undefined =>
    minor === 0 ? undefined : decimalOf(minor, told.currency);
  return {
    Currency: told.currency,
    AuthorizedAmount: decimalOf(authorisedMinor(told), told.currency),
    TotalRebatesAmount: part(told.discountMinor),
    TotalFeesAmount: part(facts.surchargeMinor),
    CashBackAmount: part(facts.cashBackMinor),
    TipAmount: part(facts.tipMinor),
  };
};

const acquirerOf = (
  told: ToldPayment,
  facts: PaymentFacts,
): PaymentResult['PaymentAcquirerData'] => {
  const reference = oneLine(told.retrievalReference ?? told.wallet?.reference);
  return {
    MerchantID: oneLine(facts.merchantId) ?? 'none',
    AcquirerPOIID: oneLine(facts.terminalId) ?? 'none',
    AcquirerTransactionID:
      reference === undefined
        ? undefined
        : { TransactionID: reference, TimeStamp: timeStamp(facts.endedMs) },
    ApprovalCode: oneLine(told.authorisationCode),
  };
};
