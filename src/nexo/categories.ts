// table: one row a category: its class, and the structures of request and response.
import type { MessageCategory } from './enumerations.ts';
import * as money from './payment-messages.ts';
import type { Structure, ValueOf } from './rules.ts';
import * as session from './session-messages.ts';

interface Lone<Request> {
  /** Service: what a terminal does for a till. Device: one of its parts, lent to the till. */
  readonly messageClass: 'Service' | 'Device' | 'Event';
  readonly request: Structure<Request>;
  /** The name of the request's body. */
  readonly requestBody: string;
  /** Null for what is taken without an answer: HTTP 200 and no body. */
  readonly response: null;
  readonly responseBody: null;
}

interface Pair<Request, Answer> extends Omit<Lone<Request>, 'response' | 'responseBody'> {
  readonly response: Structure<Answer>;
  readonly responseBody: string;
}

const category = <Request, Answer>(
  name: string,
  messageClass: 'Service' | 'Device',
  request: Structure<Request>,
  response: Structure<Answer>,
): Pair<Request, Answer> => ({
  messageClass,
  request,
  requestBody: `${name}Request`,
  response,
  responseBody: `${name}Response`,
});

const unanswered = <Request>(
  requestBody: string,
  messageClass: Lone<Request>['messageClass'],
  request: Structure<Request>,
): Lone<Request> => ({ messageClass, request, requestBody, response: null, responseBody: null });

// biome-ignore format: a row stays on its line
export const categories = {
  Abort: unanswered('AbortRequest', 'Service', session.abortRequest),
  Admin: category('Admin', 'Service', session.adminRequest, session.responseOnly),
  BalanceInquiry: category('BalanceInquiry', 'Service', money.balanceInquiryRequest, money.balanceInquiryResponse),
  CardAcquisition: category('CardAcquisition', 'Service', money.cardAcquisitionRequest, money.cardAcquisitionResponse),
  Diagnosis: category('Diagnosis', 'Service', session.diagnosisRequest, session.diagnosisResponse),
  Display: category('Display', 'Device', session.displayRequest, session.displayResponse),
  EnableService: category('EnableService', 'Service', session.enableServiceRequest, session.responseOnly),
  Event: unanswered('EventNotification', 'Event', session.eventNotification),
  GetTotals: category('GetTotals', 'Service', money.getTotalsRequest, money.getTotalsResponse),
  Input: category('Input', 'Device', session.inputRequest, session.inputResponse),
  InputUpdate: unanswered('InputUpdate', 'Device', session.inputUpdate),
  Login: category('Login', 'Service', session.loginRequest, session.loginResponse),
  Logout: category('Logout', 'Service', session.logoutRequest, session.responseOnly),
  Payment: category('Payment', 'Service', money.paymentRequest, money.paymentResponse),
  Print: category('Print', 'Device', session.printRequest, session.printResponse),
  Reconciliation: category('Reconciliation', 'Service', money.reconciliationRequest, money.reconciliationResponse),
  Reversal: category('Reversal', 'Service', money.reversalRequest, money.reversalResponse),
  StoredValue: category('StoredValue', 'Service', money.storedValueRequest, money.storedValueResponse),
  TransactionStatus: category('TransactionStatus', 'Service', money.transactionStatusRequest, money.transactionStatusResponse),
} satisfies Record<MessageCategory, Lone<unknown> | Pair<unknown, unknown>>;

/** The body of a request of this category. */
export type RequestBody<C extends MessageCategory> = ValueOf<(typeof categories)[C]['request']>;

/** Categories that are answered. */
export type AnsweredCategory = {
  [C in MessageCategory]: (typeof categories)[C]['response'] extends null ? never : C;
}[MessageCategory];

/** The body of a response of this category. */
export type ResponseBody<C extends AnsweredCategory> = ValueOf<
  NonNullable<(typeof categories)[C]['response']>
>;
