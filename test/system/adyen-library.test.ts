import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AdyenTill,
  type Answer,
  adyenTill,
  paymentBody,
  saleTransaction,
} from '#test/support/adyen-till.ts';
import { type SerialPrinter, serialPrinter } from '#test/support/serial-printer.ts';
import { runTillTerminal, type TillTerminal } from '#test/support/till-terminal.ts';

const typedQuestions = [
  {
    what: 'digits',
    command: 'DigitString',
    more: { MinLength: 4, MaxLength: 8 },
    answer: { kind: 'digits', typed: '004711' },
    input: { InputCommand: 'DigitString', DigitInput: '004711' },
  },
  {
    what: 'a number with decimals',
    command: 'DecimalString',
    more: { MaxLength: 6, MaxDecimalLength: 2 },
    answer: { kind: 'digits', typed: '12.50' },
    input: { InputCommand: 'DecimalString', DigitInput: '12.50' },
  },
  {
    what: 'a text',
    command: 'TextString',
    more: { MaxLength: 40 },
    answer: { kind: 'text', typed: 'Zoë & Søn, 東京' },
    input: { InputCommand: 'TextString', TextInput: 'Zoë & Søn, 東京' },
  },
] as const;

// Each answer in here has gone through the judge: see adyen-till.ts.
describe.each([
  ['encrypted', false],
  ['plain', true],
] as const)("Adyen's own library and the terminal, %s:", (_, plain) => {
  let printer: SerialPrinter;
  let counter: TillTerminal;
  let till: AdyenTill;

  beforeAll(async () => {
    printer = await serialPrinter();
    counter = await runTillTerminal({ plain, printer: printer.path });
    till = adyenTill(counter.till);
  });

  afterAll(async () => {
    await counter?.close();
    await printer?.close();
  });

  const paid = async (amount: number, more: object = {}): Promise<Answer> => {
    const asking = till.ask('Payment', paymentBody(amount, 'USD', more));
    await counter.present('visa-phone');
    return asking;
  };

  it('a payment is approved', async () => {
    const { read } = await paid(10);
    const payment = read.SaleToPOIResponse?.PaymentResponse;
    expect(payment?.Response.Result).toBe('Success');
    expect(payment?.PaymentResult?.AmountsResp).toMatchObject({
      AuthorizedAmount: 10,
      Currency: 'USD',
    });
    const { CardData } = payment?.PaymentResult?.PaymentInstrumentData ?? {};
    expect(CardData?.PaymentBrand).toBe('visa');
    expect(CardData?.MaskedPan).toMatch(/^[0-9]{6} \*{4} [0-9]{4}$/);
  });

  it('a payment is declined by the host', async () => {
    const { read } = await paid(10.05);
    expect(read.SaleToPOIResponse?.PaymentResponse?.Response).toMatchObject({
      Result: 'Failure',
      ErrorCondition: 'Refusal',
    });
  });

  it('a payment is broken off, and another one meanwhile finds it busy', async () => {
    const ServiceID = till.newServiceId();
    const asking = till.ask('Payment', paymentBody(11), { serviceId: ServiceID });
    await counter.shows('presentCard');
    const other = await till.ask('Payment', paymentBody(12));
    expect(conditionOf(other)).toBe('Busy');
    const MessageReference = { MessageCategory: 'Payment', ServiceID, SaleID: till.saleId };
    const abort = await till.ask('Abort', { AbortReason: 'MerchantAbort', MessageReference });
    expect(abort.raw).toBeUndefined();
    expect(conditionOf(await asking)).toBe('Aborted');
  });

  it('a payment goes on without its till, and tells the same whoever asks later', async () => {
    const serviceId = till.newServiceId();
    const body = paymentBody(13);
    const asking = till.ask('Payment', body, { serviceId, hangUpAfterMs: 1_500 });
    const end = asking.then(
      () => 'it was answered',
      () => 'the till hung up',
    );
    await counter.shows('presentCard');
    expect(conditionOf(await statusOf(serviceId))).toBe('InProgress');
    expect(await end).toBe('the till hung up');
    await counter.present('visa-phone');
    await counter.shows('approved');
    const first = await statusOf(serviceId);
    const repeated = bodyOf(first)['RepeatedMessageResponse'] as {
      readonly RepeatedResponseMessageBody: { readonly PaymentResponse: object };
    };
    const told = repeated.RepeatedResponseMessageBody.PaymentResponse;
    expect(told).toMatchObject({
      Response: { Result: 'Success' },
      PaymentResult: { AmountsResp: { AuthorizedAmount: 13 } },
    });
    // The request itself, once more: nobody pays twice.
    const again = bodyOf(await till.ask('Payment', body, { serviceId }));
    expect(again['POIData']).toEqual((told as { readonly POIData: object }).POIData);
    const more = await till.ask('Payment', paymentBody(14), { serviceId });
    expect(bodyOf(more)).toMatchObject({ Response: { Result: 'Failure' } });
  });

  it('of a payment that nobody asked for nothing is known', async () => {
    expect(conditionOf(await statusOf('never'))).toBe('NotFound');
  });

  it('a payment is given back, in part and by its reference', async () => {
    const { POIData } = bodyOf(await paid(20)) as { readonly POIData: object };
    const reversal = { OriginalPOITransaction: POIData, ReversalReason: 'MerchantCancel' };
    const { POIReconciliationID: _, ...OriginalPOITransaction } = POIData as Record<
      string,
      unknown
    >;
    const part = { ...reversal, OriginalPOITransaction, ReversedAmount: 5 };
    const given = await till.ask('Reversal', {
      ...part,
      SaleData: { SaleTransactionID: saleTransaction() },
    });
    expect(bodyOf(given)).toMatchObject({ Response: { Result: 'Success' }, ReversedAmount: 5 });
    const tooMuch = await till.ask('Reversal', { ...part, ReversedAmount: 20 });
    expect(bodyOf(tooMuch)).toMatchObject({ Response: { Result: 'Failure' } });
  });

  it('a payment is given back whole', async () => {
    const { POIData } = bodyOf(await paid(21)) as {
      readonly POIData: { readonly POITransactionID: object };
    };
    const { POITransactionID } = POIData;
    const OriginalPOITransaction = { POITransactionID };
    const reversal = { OriginalPOITransaction, ReversalReason: 'MerchantCancel' };
    expect(bodyOf(await till.ask('Reversal', reversal))).toMatchObject({
      Response: { Result: 'Success' },
      ReversedAmount: 21,
    });
  });

  it('money is given back to a card, without a reference', async () => {
    const answer = await paid(7, { PaymentData: { PaymentType: 'Refund' } });
    expect(bodyOf(answer)).toMatchObject({
      Response: { Result: 'Success' },
      PaymentResult: { PaymentType: 'Refund', AmountsResp: { AuthorizedAmount: 7 } },
    });
  });

  it('a text is shown to the shopper', async () => {
    const answer = await till.ask('Display', { DisplayOutput: [output([{ Text: 'Welcome' }])] });
    expect(bodyOf(answer)['OutputResult']).toMatchObject([{ Response: { Result: 'Success' } }]);
  });

  it.each([true, false])('the shopper confirms: %s', async (confirmed) => {
    const asking = till.ask('Input', confirmation());
    await counter.touch({ kind: 'confirmation', confirmed });
    const { read } = await asking;
    const { InputResult } = read.SaleToPOIResponse?.InputResponse ?? {};
    expect(InputResult?.Response.Result).toBe('Success');
    expect(InputResult?.Input?.ConfirmedFlag).toBe(confirmed);
  });

  it('the shopper turns a question down', async () => {
    const asking = till.ask('Input', confirmation());
    await counter.touch({ kind: 'cancelled' });
    expect(bodyOf(await asking)['InputResult']).toMatchObject({
      Response: { Result: 'Failure', ErrorCondition: 'Cancel' },
    });
  });

  it.each(typedQuestions)('the shopper types: $what', async ({ command, more, answer, input }) => {
    const asking = till.ask('Input', question(command, more));
    await counter.touch(answer);
    const InputResult = bodyOf(await asking)['InputResult'];
    expect(InputResult).toMatchObject({ Response: { Result: 'Success' }, Input: input });
  });

  it('the shopper touches entries of a menu', async () => {
    const asking = till.ask('Input', menu('Small', 'Medium', 'Large'));
    await counter.touch({ kind: 'menu', chosen: [1] });
    expect(bodyOf(await asking)['InputResult']).toMatchObject({
      Response: { Result: 'Success' },
      Input: { MenuEntryNumber: [0, 1, 0] },
    });
  });

  it('the shopper signs', async () => {
    const asking = till.ask('Input', confirmation('GetSignature'));
    const stroke = [
      [1, 2],
      [300, 255],
    ] as const;
    await counter.touch({
      kind: 'signature',
      signature: { width: 400, height: 300, strokes: [stroke] },
    });
    const { Response } = bodyOf(await asking)['InputResult'] as {
      readonly Response: { readonly Result: string; readonly AdditionalResponse: string };
    };
    expect(Response.Result).toBe('Success');
    const told = new URLSearchParams(Response.AdditionalResponse).get('signature') ?? '';
    expect(JSON.parse(told)).toEqual({
      AreaSize: { X: '190', Y: '12C' },
      SignaturePoint: [
        { X: '1', Y: '2' },
        { X: '12C', Y: 'FF' },
        { X: 'FFFF', Y: 'FFFF' },
      ],
    });
  });

  it('a question is broken off by the till', async () => {
    const serviceId = till.newServiceId();
    const asking = till.ask('Input', confirmation(), { serviceId });
    await counter.asked();
    const MessageReference = {
      MessageCategory: 'Input',
      ServiceID: serviceId,
      SaleID: till.saleId,
    };
    await till.ask('Abort', { AbortReason: 'MerchantAbort', MessageReference });
    expect(bodyOf(await asking)['InputResult']).toMatchObject({
      Response: { Result: 'Failure', ErrorCondition: 'Aborted' },
    });
  });

  it('a text is printed', async () => {
    const before = printer.jobs.length;
    const { read } = await till.ask('Print', { PrintOutput: document('Parking ticket') });
    expect(read.SaleToPOIResponse?.PrintResponse?.Response.Result).toBe('Success');
    const job = printer.jobs.slice(before).map((bytes) => Buffer.from(bytes).toString('latin1'));
    expect(job.join('')).toContain('Parking ticket');
  });

  it('the terminal tells how it is', async () => {
    const { read } = await till.ask('Diagnosis', { HostDiagnosisFlag: true });
    const diagnosis = read.SaleToPOIResponse?.DiagnosisResponse;
    expect(diagnosis?.Response.Result).toBe('Success');
    expect(diagnosis?.POIStatus?.GlobalStatus).toBe('OK');
    expect(diagnosis?.HostStatus?.[0]?.IsReachableFlag).toBe(true);
  });

  const balanceOf = async (card: string): Promise<Answer> => {
    const asking = till.ask('BalanceInquiry', inquiry);
    await counter.present(card);
    return asking;
  };

  it('a balance is told, less by what was paid since, and stands nowhere else', async () => {
    const first = await balanceOf('mastercard-phone');
    expect(bodyOf(first)).toMatchObject({
      Response: { Result: 'Success' },
      PaymentAccountStatus: { CurrentBalance: 1000, Currency: 'USD' },
    });
    const { PaymentAccountStatus: status } =
      first.read.SaleToPOIResponse?.BalanceInquiryResponse ?? {};
    expect(status?.PaymentInstrumentData?.CardData?.PaymentBrand).toBe('mc');
    const paying = till.ask('Payment', paymentBody(10.37));
    await counter.present('mastercard-phone');
    await paying;
    expect(bodyOf(await balanceOf('mastercard-phone'))).toMatchObject({
      PaymentAccountStatus: { CurrentBalance: 989.63 },
    });
    expect(await counter.terminal.writings()).not.toMatch(/989\.63|000098963|:98963\b/);
  });

  it('no balance is told of a card that declines, nor of a gift card', async () => {
    expect(conditionOf(await balanceOf('visa-declines'))).toBe('Refusal');
    const PaymentInstrumentData = { PaymentInstrumentType: 'StoredValue' };
    const gift = { PaymentAccountReq: { PaymentInstrumentData } };
    expect(conditionOf(await till.ask('BalanceInquiry', gift))).toBe('UnavailableService');
  });

  it('a balance inquiry is broken off', async () => {
    const serviceId = till.newServiceId();
    const asking = till.ask('BalanceInquiry', inquiry, { serviceId });
    await counter.shows('presentCard');
    const MessageReference = {
      ...{ MessageCategory: 'BalanceInquiry', ServiceID: serviceId, SaleID: till.saleId },
    };
    await till.ask('Abort', { AbortReason: 'MerchantAbort', MessageReference });
    expect(conditionOf(await asking)).toBe('Aborted');
  });

  it('the terminal is administered as far as it lets itself be', async () => {
    const asked = (ServiceIdentification: string) => till.ask('Admin', { ServiceIdentification });
    const { Response } = bodyOf(await asked('TerminalStatus')) as {
      readonly Response: { readonly AdditionalResponse: string };
    };
    expect(new URLSearchParams(Response.AdditionalResponse).get('contactless')).toBe('on');
    expect(conditionOf(await asked('Reboot'))).toBe('UnavailableService');
    expect(conditionOf(await asked(scanOnce))).toBe('UnavailableDevice');
  });

  // The last one: the host is away after it.
  it('no balance is told while the host is away', async () => {
    await counter.terminal.countertap('acquirer', 'absent');
    expect(conditionOf(await balanceOf('visa-phone'))).toBe('UnreachableHost');
  });

  const statusOf = (ServiceID: string): Promise<Answer> =>
    till.ask('TransactionStatus', {
      MessageReference: { MessageCategory: 'Payment', ServiceID, SaleID: till.saleId },
    });
});

describe("Adyen's own library and a terminal without a printer:", () => {
  let counter: TillTerminal;

  beforeAll(async () => {
    counter = await runTillTerminal({ plain: true });
  });
  afterAll(async () => counter?.close());

  it('a text can not be printed', async () => {
    const asked = { PrintOutput: document('Parking ticket') };
    const answer = await adyenTill(counter.till).ask('Print', asked);
    expect(bodyOf(answer)['Response']).toMatchObject({
      Result: 'Failure',
      ErrorCondition: 'UnavailableDevice',
    });
  });
});

/** The body of an answer, whatever its category. */
const bodyOf = ({ raw = {} }: Answer): Readonly<Record<string, unknown>> => {
  const { MessageHeader: _, ...bodies } = raw;
  const [body] = Object.values(bodies);
  if (body === undefined) throw new Error('there is no answer');
  return body as Readonly<Record<string, unknown>>;
};

const conditionOf = (answer: Answer): unknown =>
  (bodyOf(answer)['Response'] as { readonly ErrorCondition?: string }).ErrorCondition;

const inquiry = { PaymentAccountReq: { AccountType: 'Default' } };

/** What Adyen's tills ask the barcode scanner for. */
const scanOnce = Buffer.from(
  JSON.stringify({
    Session: { Id: 'scan-1', Type: 'Once' },
    Operation: [{ Type: 'ScanBarcode', TimeoutMs: 5_000 }],
  }),
).toString('base64');

const output = (OutputText: readonly object[]) => ({
  Device: 'CustomerDisplay',
  InfoQualify: 'Display',
  OutputContent: { OutputFormat: 'Text', OutputText },
});

const document = (Text: string) => ({
  DocumentQualifier: 'Document',
  ResponseMode: 'PrintEnd',
  OutputContent: { OutputFormat: 'Text', OutputText: [{ Text }] },
});

/** What the shopper is asked. @param more fields of InputData */
const question = (InputCommand: string, more: object = {}) => ({
  DisplayOutput: output([{ Text: 'Corner Shop' }, { Text: 'What would you like?' }]),
  InputData: {
    ...{ Device: 'CustomerInput', InfoQualify: 'Input', InputCommand, MaxInputTime: 30 },
    ...more,
  },
});

const confirmation = (ReferenceID = 'GetConfirmation') => {
  const lines = ['Terms', 'Do you accept our terms?', 'Decline', 'Agree'];
  const { OutputContent, ...shown } = output(lines.map((Text) => ({ Text })));
  return {
    ...question('GetConfirmation'),
    DisplayOutput: {
      ...shown,
      OutputContent: { ...OutputContent, PredefinedContent: { ReferenceID } },
    },
  };
};

const menu = (...entries: readonly string[]) => {
  const { DisplayOutput, InputData } = question('GetMenuEntry');
  const MenuEntry = entries.map((Text) => ({ OutputFormat: 'Text', OutputText: [{ Text }] }));
  return { DisplayOutput: { ...DisplayOutput, MenuEntry }, InputData };
};
