import type { MessageCategory, PoiStatus, RequestBody, ResponseBody } from '#nexo/index.ts';
import {
  abortable,
  askStatus,
  followed,
  followedLater,
  type KeptCategory,
  sendAbort,
} from './follow.ts';
import { newServiceId, now } from './ids.ts';
import { createInput, displayBody, type Question, type TillInput } from './input.ts';
import { type AnswerOf, createLine, type Line } from './line.ts';
import { type Listener, type Listening, listen } from './listen.ts';
import {
  type AcquireOrder,
  acquireBody,
  type PayOrder,
  payBody,
  type RefundOrder,
  type ReverseOrder,
  refundBody,
  reverseBody,
} from './payment-body.ts';
import {
  type AcquisitionOutcome,
  acquisitionOutcome,
  type PaymentOutcome,
  paymentOutcome,
  reversalOutcome,
  type Told,
  toldOf,
} from './results.ts';
import {
  isTillFault,
  type RequestOptions,
  type TillClientOptions,
  type TillFault,
} from './types.ts';

type Totals = NonNullable<ResponseBody<'GetTotals'>['TransactionTotals']>;

/** What came of asking for a request's end. */
export type StatusOutcome =
  | {
      readonly state: 'ended';
      readonly category: KeptCategory;
      readonly outcome: PaymentOutcome | AcquisitionOutcome;
    }
  | { readonly state: 'inProgress' | 'notFound' | 'failed'; readonly reason: string };

/** Categories that end with a PaymentOutcome. */
export type FollowedCategory = Exclude<KeptCategory, 'CardAcquisition'>;

export interface LoginOrder {
  readonly operatorId?: string;
  /** Two letters; "en" unless said. */
  readonly language?: string;
  readonly software?: { readonly name: string; readonly version: string };
}

/**
 * A till's end of the line to one terminal. Faults are values: `isTillFault` tells them apart. A
 * payment, refund, reversal or card acquisition whose connection is lost is asked for until its end
 * is known, and never sent a second time.
 */
export interface TillClient {
  pay(order: PayOrder, options?: RequestOptions): Promise<PaymentOutcome | TillFault>;
  refund(order: RefundOrder, options?: RequestOptions): Promise<PaymentOutcome | TillFault>;
  /** Takes back a payment, or a part of it, without a card. */
  reverse(order: ReverseOrder, options?: RequestOptions): Promise<PaymentOutcome | TillFault>;
  /** Breaks off a request. Its own promise says what came of it; undefined: the word was taken. */
  abort(serviceId: string, category?: MessageCategory): Promise<TillFault | undefined>;
  /** What a request came to, by its ServiceID. */
  status(serviceId: string, category?: KeptCategory): Promise<StatusOutcome | TillFault>;
  /**
   * The end of a request that was sent before this client was there: asked for until it is known,
   * by its ServiceID, and never sent.
   */
  follow(
    serviceId: string,
    category?: FollowedCategory,
    options?: Pick<RequestOptions, 'signal'>,
  ): Promise<PaymentOutcome | TillFault>;
  /** Reads a card to be known; it pays nothing. */
  acquireCard(
    order?: AcquireOrder,
    options?: RequestOptions,
  ): Promise<AcquisitionOutcome | TillFault>;
  display(words: Pick<Question, 'title' | 'text'>): Promise<Told | TillFault>;
  readonly input: TillInput;
  /** Prints lines of text at the terminal's printer. */
  print(lines: readonly string[]): Promise<Told | TillFault>;
  diagnose(): Promise<(Told & { readonly poi?: PoiStatus }) | TillFault>;
  login(order?: LoginOrder): Promise<Told | TillFault>;
  logout(): Promise<Told | TillFault>;
  totals(): Promise<(Told & { readonly totals: Totals }) | TillFault>;
  /** Closes the period with the acquirer. */
  reconcile(): Promise<(Told & { readonly totals: Totals }) | TillFault>;
  /** Any message, its body as the schema has it. Undefined where nexo has no answer. */
  request<C extends MessageCategory>(
    category: C,
    body: RequestBody<C>,
    options?: RequestOptions,
  ): Promise<AnswerOf<C> | TillFault>;
  /** Hears what the terminal tells unasked, such as how far a payment is. */
  listen(listener: Listener): Listening;
}

export const createTillClient = (options: TillClientOptions): TillClient => {
  const line = createLine(options);
  const pay = async (body: RequestBody<'Payment'>, how: RequestOptions) =>
    orFault(await followed(line, options, 'Payment', body, how), paymentOutcome);
  return {
    pay: (order, how = {}) => pay(payBody(order), how),
    refund: (order, how = {}) => pay(refundBody(order), how),
    reverse: async (order, how = {}) =>
      orFault(await followed(line, options, 'Reversal', reverseBody(order), how), reversalOutcome),
    abort: (serviceId, category) => sendAbort(line, serviceId, category),
    status: (serviceId, category) => statusOf(line, serviceId, category),
    follow: (serviceId, category = 'Payment', { signal } = {}) =>
      followUp(line, options, category, { signal, serviceId }),
    acquireCard: async (order = {}, how = {}) =>
      orFault(
        await followed(line, options, 'CardAcquisition', acquireBody(order), how),
        acquisitionOutcome,
      ),
    input: createInput(line),
    ...services(line),
    request: (category, body, how = {}) => abortable(line, category, body, how),
    listen: (listener) => listen(line, options, listener),
  };
};

const followUp = async (
  line: Line,
  options: TillClientOptions,
  category: FollowedCategory,
  how: RequestOptions & { readonly serviceId: string },
): Promise<PaymentOutcome | TillFault> =>
  category === 'Payment'
    ? orFault(await followedLater(line, options, category, how), paymentOutcome)
    : orFault(await followedLater(line, options, category, how), reversalOutcome);

const orFault = <Value extends object, Read>(
  value: Value | TillFault,
  read: (value: Value) => Read,
): Read | TillFault => (isTillFault(value) ? value : read(value));

const services = (
  line: Line,
): Pick<
  TillClient,
  'display' | 'print' | 'diagnose' | 'login' | 'logout' | 'totals' | 'reconcile'
> => ({
  display: async (words) =>
    orFault(await line.send('Display', displayBody(words)), ({ OutputResult: [result] }) =>
      toldOf(result?.Response ?? { Result: 'Success' }),
    ),
  print: async (lines) =>
    orFault(await line.send('Print', printBody(lines)), (body) => toldOf(body.Response)),
  diagnose: async () =>
    orFault(await line.send('Diagnosis', { HostDiagnosisFlag: true }), (body) => ({
      ...toldOf(body.Response),
      ...(body.POIStatus && { poi: body.POIStatus }),
    })),
  login: async (order = {}) =>
    orFault(await line.send('Login', loginBody(order)), (body) => toldOf(body.Response)),
  logout: async () => orFault(await line.send('Logout', {}), (body) => toldOf(body.Response)),
  totals: async () => orFault(await line.send('GetTotals', {}), withTotals),
  reconcile: async () =>
    orFault(
      await line.send('Reconciliation', { ReconciliationType: 'AcquirerReconciliation' }),
      withTotals,
    ),
});

const withTotals = (body: ResponseBody<'GetTotals'> | ResponseBody<'Reconciliation'>) => ({
  ...toldOf(body.Response),
  totals: body.TransactionTotals ?? [],
});

const statusOf = async (
  line: Line,
  serviceId: string,
  category: KeptCategory = 'Payment',
): Promise<StatusOutcome | TillFault> => {
  const answer = await askStatus(line, serviceId, category);
  if (isTillFault(answer)) return answer;
  const { Response: response, RepeatedMessageResponse: repeated } = answer;
  const kept = repeated?.RepeatedResponseMessageBody;
  const asked = true;
  const outcome =
    (kept?.PaymentResponse && paymentOutcome({ serviceId, asked, body: kept.PaymentResponse })) ??
    (kept?.ReversalResponse &&
      reversalOutcome({ serviceId, asked, body: kept.ReversalResponse })) ??
    (kept?.CardAcquisitionResponse &&
      acquisitionOutcome({ serviceId, asked, body: kept.CardAcquisitionResponse }));
  if (outcome) return { state: 'ended', category, outcome };
  const { reason, errorCondition } = toldOf(response);
  const states = { InProgress: 'inProgress', NotFound: 'notFound' } as const;
  const state = states[errorCondition as keyof typeof states] ?? 'failed';
  return { state, reason };
};

const printBody = (lines: readonly string[]): RequestBody<'Print'> => ({
  PrintOutput: {
    DocumentQualifier: 'Document',
    ResponseMode: 'PrintEnd',
    OutputContent: {
      OutputFormat: 'Text',
      OutputText: lines.map((Text) => ({ Text, EndOfLineFlag: true })),
    },
  },
});

const loginBody = ({ operatorId, language, software }: LoginOrder): RequestBody<'Login'> => ({
  DateTime: now(),
  SaleSoftware: {
    ManufacturerID: 'Countertap',
    ApplicationName: software?.name ?? 'till-client',
    SoftwareVersion: software?.version ?? '1',
    CertificationCode: newServiceId(),
  },
  OperatorLanguage: language ?? 'en',
  ...(operatorId && { OperatorID: operatorId }),
});
