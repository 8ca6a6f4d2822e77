import { createRequire } from 'node:module';
import {
  Client,
  EnvironmentEnum,
  HttpURLConnectionClient,
  NexoCrypto,
  TerminalLocalAPI,
} from '@adyen/api-library';
import { judge } from './nexo-schema.ts';

// The library's index leaves it out, and what a default is depends on who loads CommonJS.
const { default: TerminalLocalAPIUnencrypted } = createRequire(import.meta.url)(
  '@adyen/api-library/lib/src/services/terminalLocalAPIUnencrypted.js',
) as typeof import('@adyen/api-library/lib/src/services/terminalLocalAPIUnencrypted.js');

type Key = Parameters<TerminalLocalAPI['request']>[1];
type LibraryRequest = Parameters<TerminalLocalAPI['request']>[0];
type LibraryAnswer = Awaited<ReturnType<TerminalLocalAPI['request']>>;

export interface AdyenTillOptions {
  /** A loopback address: the library itself appends ":8443/nexo/". */
  readonly host: string;
  /** With it messages are encrypted, and the terminal's certificate is looked at. */
  readonly secured?: { readonly key: Key; readonly rootFile: string };
  readonly saleId?: string;
  readonly poiId?: string;
}

export interface Answer {
  /** The response as it came, decrypted: the library itself drops what it doesn't know. */
  readonly raw: Readonly<Record<string, unknown>> | undefined;
  /** The same as the library gives it. */
  readonly read: LibraryAnswer;
}

export interface AskOptions {
  readonly serviceId?: string;
  /** The till hangs up after so long without an answer: the promise is rejected. */
  readonly hangUpAfterMs?: number;
}

export interface AdyenTill {
  readonly saleId: string;
  /** A ServiceID that was not used before. */
  newServiceId(): string;
  /**
   * Asks by Adyen's own library. Rejects with its error, or when the answer is not by the schema.
   * @param category "Payment"; the body is what stands under "PaymentRequest"
   */
  ask(category: string, body: object, options?: AskOptions): Promise<Answer>;
}

/** A till on Adyen's real library, all of whose answers are judged by the schema. */
export const adyenTill = (options: AdyenTillOptions): AdyenTill => {
  const { saleId = 'till-1', poiId = 'V400m-123456789' } = options;
  let asked = 0;
  const newServiceId = () => `${++asked}`.padStart(10, '0');
  return {
    saleId,
    newServiceId,
    ask: async (category, body, { serviceId = newServiceId(), hangUpAfterMs = 150_000 } = {}) => {
      const header = { SaleID: saleId, POIID: poiId, ServiceID: serviceId };
      const request = {
        SaleToPOIRequest: {
          MessageHeader: {
            ProtocolVersion: '3.0',
            MessageClass: DEVICE.has(category) ? 'Device' : 'Service',
            MessageCategory: category,
            MessageType: 'Request',
            ...header,
          },
          [`${category}Request`]: body,
        },
      } as unknown as LibraryRequest;
      const line = lineTo(options, hangUpAfterMs);
      const read = await line.send(request);
      const answer = rawAnswer(line.received(), options.secured?.key);
      const faults = answer === undefined ? [] : judge(answer);
      if (faults.length > 0) throw new Error(`not by the schema: ${faults.join('; ')}`);
      return { raw: answer?.['SaleToPOIResponse'] as Answer['raw'], read };
    },
  };
};

const DEVICE: ReadonlySet<string> = new Set(['Display', 'Input', 'Print']);

/** What a till asks for with a payment. @param more fields of the request, beside the amount */
export const paymentBody = (amount: number, currency = 'USD', more: object = {}) => ({
  SaleData: { SaleTransactionID: saleTransaction() },
  PaymentTransaction: { AmountsReq: { Currency: currency, RequestedAmount: amount } },
  ...more,
});

/** A till's own id of a transaction, never again. */
export const saleTransaction = () => ({
  TransactionID: `sale-${++sales}`,
  TimeStamp: new Date().toISOString(),
});

let sales = 0;

const lineTo = ({ host, secured }: AdyenTillOptions, hangUpAfterMs: number) => {
  const http = new HttpURLConnectionClient();
  let received = '';
  const client = new Client(
    {
      environment: EnvironmentEnum.TEST,
      apiKey: 'none',
      connectionTimeoutMillis: hangUpAfterMs,
      terminalApiLocalEndpoint: `https://${host}`,
      ...(secured ? { certificatePath: secured.rootFile } : {}),
    },
    {
      request: async (...sent) => {
        received = await http.request(...sent);
        return received;
      },
    },
  );
  const send = (request: LibraryRequest): Promise<LibraryAnswer> =>
    secured
      ? new TerminalLocalAPI(client).request(request, secured.key)
      : new TerminalLocalAPIUnencrypted(client).request(request);
  return { send, received: () => received };
};

const rawAnswer = (
  received: string,
  key: Key | undefined,
): Readonly<Record<string, unknown>> | undefined => {
  if (received === '') return undefined;
  const json = JSON.parse(received);
  return key === undefined
    ? json
    : JSON.parse(new NexoCrypto().decrypt(json.SaleToPOIResponse, key));
};
