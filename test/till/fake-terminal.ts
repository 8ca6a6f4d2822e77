import {
  answerHeader,
  encodeResponse,
  isUnreadable,
  type NexoRequest,
  type NexoResponse,
  noAnswerYet,
  parseJson,
  paymentReceipt,
  paymentResponse,
  poiData,
  type RepeatableCategory,
  readRequest,
  refusal,
  repeatedAnswer,
  repeatedSaleData,
  reversalResponse,
} from '#nexo/index.ts';

type Payment = NexoRequest<'Payment'>;
type Told = Parameters<typeof paymentResponse>[1];
type Facts = Parameters<typeof paymentResponse>[2];

/** A terminal of plain values: it reads as ours does, and answers what a test told it to. */
export interface FakeTerminal {
  /** All it was sent, in order, as our reader understood it. */
  readonly requests: NexoRequest[];
  /** What comes of a payment; it is approved unless a test says otherwise. */
  payment: (request: Payment, aborted: Promise<void>) => Promise<Partial<Told>> | Partial<Told>;
  /** JSON of the answer; undefined where nexo has none. */
  receive(text: string): Promise<string | undefined>;
}

export const openFakeTerminal = (): FakeTerminal => {
  const kept = new Map<string, NexoResponse<RepeatableCategory>>();
  const aborts = new Map<string, () => void>();
  const terminal: FakeTerminal = {
    requests: [],
    payment: () => ({}),
    receive: async (text) => {
      const request = readRequest(parseJson(text));
      if (isUnreadable(request)) throw new Error(JSON.stringify(request.unreadable));
      terminal.requests.push(request);
      const answer = await answerTo(terminal, request, kept, aborts);
      if (answer === undefined) return undefined;
      if (isKept(answer)) kept.set(request.header.ServiceID ?? '', answer);
      return encodeResponse(answer);
    },
  };
  return terminal;
};

/** Of this many of a kind. */
export const requestsOf = <C extends NexoRequest['category']>(
  { requests }: FakeTerminal,
  category: C,
): readonly NexoRequest<C>[] =>
  requests.filter((request) => request.category === category) as unknown as NexoRequest<C>[];

const NOW_MS = Date.UTC(2026, 0, 31, 12);

const FACTS = { nowMs: NOW_MS, poiId: 'POI-1', saleId: 'till-1', newId: 'N1', period: 7 };

const isKept = (answer: NexoResponse): answer is NexoResponse<RepeatableCategory> =>
  ['Payment', 'Reversal', 'CardAcquisition'].includes(answer.category);

const answerTo = async (
  terminal: FakeTerminal,
  request: NexoRequest,
  kept: ReadonlyMap<string, NexoResponse<RepeatableCategory>>,
  aborts: Map<string, () => void>,
): Promise<NexoResponse | undefined> => {
  const { header } = request;
  switch (request.category) {
    case 'Abort':
      aborts.get(request.body.MessageReference.ServiceID ?? '')?.();
      return undefined;
    case 'Payment': {
      const aborted = new Promise<void>((resolve) => {
        aborts.set(header.ServiceID ?? '', resolve);
      });
      return paid(request, await terminal.payment(request, aborted));
    }
    case 'Reversal':
      return reversalResponse(request, {
        transactionId: 'reversal-1',
        endedMs: NOW_MS,
        period: 7,
        reversedMinor: 1250,
        currency: 'EUR',
      });
    case 'CardAcquisition':
      return {
        category: 'CardAcquisition',
        header: answerHeader(header),
        body: {
          Response: { Result: 'Success' },
          SaleData: repeatedSaleData(request.body.SaleData),
          POIData: poiData('acquired-1', NOW_MS, 7),
          PaymentBrand: ['visa'],
        },
      };
    case 'TransactionStatus': {
      const id = request.body.MessageReference?.ServiceID ?? '';
      const answer = kept.get(id);
      if (answer) return repeatedAnswer(request, answer);
      return noAnswerYet(request, aborts.has(id) ? 'InProgress' : 'NotFound');
    }
    case 'Diagnosis':
      return {
        category: 'Diagnosis',
        header: answerHeader(header),
        body: {
          Response: { Result: 'Success' },
          POIStatus: { GlobalStatus: 'OK', CardReaderOKFlag: true, CommunicationOKFlag: true },
        },
      };
    case 'Input':
      return {
        category: 'Input',
        header: answerHeader(header),
        body: {
          InputResult: {
            Device: 'CustomerInput',
            InfoQualify: 'Input',
            Response: { Result: 'Success' },
            Input: inputFor(request),
          },
        },
      };
    default:
      return refusal(request, { Result: 'Success' }, FACTS);
  }
};

const inputFor = ({ body }: NexoRequest<'Input'>) => {
  const { InputCommand } = body.InputData;
  return {
    InputCommand,
    ...(InputCommand === 'GetConfirmation' ? { ConfirmedFlag: true } : {}),
    ...(InputCommand === 'DigitString' ? { DigitInput: '0042' } : {}),
    ...(InputCommand === 'DecimalString' ? { DigitInput: '4.20' } : {}),
    ...(InputCommand === 'TextString' ? { TextInput: 'Ann' } : {}),
    ...(InputCommand === 'GetMenuEntry' ? { MenuEntryNumber: [0, 1] } : {}),
  };
};

const CARD = {
  scheme: 'Visa',
  maskedPan: '476173******0119',
  authorisationCode: '123456',
};

let payments = 0;

const paid = (request: Payment, told: Partial<Told>): NexoResponse<'Payment'> => {
  payments += 1;
  const approved = (told.status ?? 'approved') === 'approved';
  const { RequestedAmount, Currency } = request.body.PaymentTransaction.AmountsReq;
  const whole: Told = {
    status: 'approved',
    transactionId: `payment-${payments}`,
    amountMinor: Math.round(RequestedAmount * 100),
    currency: Currency,
    reason: 'approved by the host',
    ...(approved ? CARD : {}),
    ...told,
  };
  const lines = [
    { key: 'header1', name: 'Corner Bakery', bold: true },
    { key: 'filler' },
    {
      key: 'totalAmount',
      name: 'TOTAL',
      value: `${Currency} ${RequestedAmount.toFixed(2)}`,
      bold: true,
    },
    { key: 'authCode', name: 'Auth. code', value: '123456' },
  ];
  const facts: Facts = {
    endedMs: NOW_MS,
    period: 7,
    merchantId: 'MERCHANT-1',
    terminalId: 'TERM0001',
    abortedByTill: told.status === 'cancelled',
    receipts: approved
      ? [paymentReceipt('customer', lines), paymentReceipt('merchant', lines)]
      : [],
  };
  return paymentResponse(request, whole, facts);
};
