import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fault } from '#ports/fault.ts';
import type { Receipt } from '#ports/receipt-printer.ts';
import {
  type Answer,
  abortOf,
  cardIsAwaited,
  detailsIn,
  message,
  openCounter,
  paid,
  payment,
  saleData,
  statusOf,
  type TestCounter,
  tap,
} from './counter.ts';

let counter: TestCounter;
beforeEach(async () => {
  counter = await openCounter();
});
afterEach(() => counter.harness.close());

const ready = () => counter.harness.seen('welcome', counter.harness.views.length - 1);

const reversalOf = (paidAnswer: Answer, more: object = {}, header = {}) =>
  message(
    'Reversal',
    {
      OriginalPOITransaction: { POITransactionID: paidAnswer.POIData.POITransactionID },
      ReversalReason: 'MerchantCancel',
      ...more,
    },
    header,
  );

describe('a reversal', () => {
  it('takes the whole payment back; asked again it says so again, after a restart too', async () => {
    const request = reversalOf(await paid(counter));
    const first = await counter.send(request);
    expect(first).toMatchObject({ Response: { Result: 'Success' }, ReversedAmount: 12.5 });
    expect(await counter.harness.takenBack()).toHaveLength(1);
    expect(await counter.send(request)).toEqual(first);
    const durable = counter.harness.journal.durable();
    counter.harness.close();
    counter = await openCounter({ durable });
    const again = await counter.send(request);
    expect(again).toMatchObject({ Response: { Result: 'Success' }, POIData: first.POIData });
    const status = await counter.send(statusOf(undefined, {}));
    expect(status.RepeatedMessageResponse.RepeatedResponseMessageBody).toHaveProperty(
      'ReversalResponse',
    );
  });

  it('of a part is a refund of it, without the card; and of what is left', async () => {
    const original = await paid(counter);
    const part = reversalOf(original, { ReversedAmount: 2.5 });
    const first = await counter.send(part);
    expect(first).toMatchObject({ Response: { Result: 'Success' }, ReversedAmount: 2.5 });
    expect(await counter.send(part)).toEqual(first);
    await ready();
    const rest = await counter.send(reversalOf(original));
    expect(rest).toMatchObject({ Response: { Result: 'Success' }, ReversedAmount: 10 });
    const more = await counter.send(reversalOf(original, { ReversedAmount: 1 }));
    expect(more.Response.ErrorCondition).toBe('MessageFormat');
  });

  it('of a payment that nobody knows is not found', async () => {
    const unknown = { POIData: { POITransactionID: { ...saleData.SaleTransactionID } } };
    expect((await counter.send(reversalOf(unknown))).Response.ErrorCondition).toBe('NotFound');
  });
});

describe('a card acquisition', () => {
  const request = (more: object = {}) =>
    message('CardAcquisition', {
      SaleData: { ...saleData, TokenRequestedType: 'Customer' },
      CardAcquisitionTransaction: { TotalAmount: 12.5, ...more },
    });
  const payBy = (TransactionID: string, header = {}) =>
    payment(12.5, header, {
      data: {
        CardAcquisitionReference: { TransactionID, TimeStamp: '2026-11-29T10:11:12+01:00' },
      },
    });

  it('tells the card, masked, and its token', async () => {
    const answer = await counter.send(request({ AllowedPaymentBrand: ['visa', 'mc'] }));
    expect(answer.Response.Result).toBe('Success');
    expect(answer.PaymentInstrumentData.CardData).toEqual({
      PaymentBrand: 'visa',
      MaskedPan: '476173 **** 0010',
      EntryMode: ['Contactless'],
      PaymentToken: { TokenRequestedType: 'Customer', TokenValue: 'token-of-the-card' },
    });
    expect(counter.acquired).toEqual([
      { amountMinor: 1250, currency: 840, brands: ['Mastercard', 'Visa'] },
    ]);
  });

  it('may be paid by once, by the same till; a reference that nobody gave is not found', async () => {
    const { POIData } = await counter.send(request());
    const { TransactionID } = POIData.POITransactionID;
    for (const asked of [payBy('NONE'), payBy(TransactionID, { SaleID: 'Till 2' })]) {
      expect((await counter.send(asked)).Response.ErrorCondition).toBe('NotFound');
    }
    expect((await paid(counter, payBy(TransactionID))).Response.Result).toBe('Success');
    const again = await counter.send(payBy(TransactionID));
    expect(again.Response.ErrorCondition).toBe('NotFound');
  });

  it('that the till breaks off is Aborted', async () => {
    counter.acquisition = (signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () =>
          resolve({ status: 'cancelled', transactionId: 'AC02', reason: 'broken off' }),
        ),
      );
    const asked = request();
    const answer = counter.send(asked);
    const { ServiceID } = asked.SaleToPOIRequest.MessageHeader;
    await vi.waitUntil(() => counter.acquired.length > 0);
    await counter.send(abortOf(ServiceID));
    expect((await answer).Response.ErrorCondition).toBe('Aborted');
  });
});

describe('an input', () => {
  const text = (...texts: string[]) => ({
    OutputFormat: 'Text',
    OutputText: texts.map((Text) => ({ Text })),
  });
  const inputOf = (InputCommand: string, content: object, more: object = {}, menu?: object[]) =>
    message('Input', {
      DisplayOutput: {
        Device: 'CustomerDisplay',
        InfoQualify: 'Display',
        OutputContent: content,
        ...(menu ? { MenuEntry: menu } : {}),
      },
      InputData: {
        Device: 'CustomerInput',
        InfoQualify: 'Input',
        InputCommand,
        MaxInputTime: 30,
        ...more,
      },
    });

  it('asks for a confirmation in the words of the till', async () => {
    counter.shopper = async () => ({ kind: 'confirmation', confirmed: true });
    const asked = inputOf('GetConfirmation', text('Club', 'Join us?', 'No', 'Yes'));
    const { InputResult } = await counter.send(asked);
    expect(InputResult.Input).toEqual({ InputCommand: 'GetConfirmation', ConfirmedFlag: true });
    expect(counter.asked[0]?.question).toEqual({
      title: 'Club',
      text: 'Join us?',
      ask: { kind: 'confirmation', yes: 'Yes', no: 'No' },
      withinMs: 30_000,
    });
  });

  it.each([
    ['DigitString', 'digits', '0123', { DigitInput: '0123' }],
    ['DecimalString', 'digits', '12.5', { DigitInput: '12.5' }],
    ['TextString', 'text', 'a@b.example', { TextInput: 'a@b.example' }],
  ] as const)('%s gives what was typed, and no log has it', async (command, kind, typed, input) => {
    counter.shopper = async () => ({ kind, typed });
    const { InputResult } = await counter.send(inputOf(command, text('Phone')));
    expect(InputResult.Input).toEqual({ InputCommand: command, ...input });
    expect(JSON.stringify(counter.lines)).not.toContain(typed);
  });

  it('of a menu has a one for each entry that was chosen', async () => {
    counter.shopper = async () => ({ kind: 'menu', chosen: [1] });
    const menu = [text('Small'), text('Large'), text('Huge')];
    const { InputResult } = await counter.send(inputOf('GetMenuEntry', text('Size?'), {}, menu));
    expect(InputResult.Input.MenuEntryNumber).toEqual([0, 1, 0]);
    expect(counter.asked[0]?.question.ask).toEqual({
      kind: 'menu',
      entries: ['Small', 'Large', 'Huge'],
      several: false,
      initial: [],
    });
  });

  it('of a signature gives its points, with the pen lifted between strokes', async () => {
    const strokes = [
      [
        [0, 1],
        [255, 16],
      ],
      [[3, 4]],
    ] as const;
    counter.shopper = async () => ({
      kind: 'signature',
      signature: { width: 300, height: 100, strokes },
    });
    const content = { ...text('Sign'), PredefinedContent: { ReferenceID: 'GetSignature' } };
    const { InputResult } = await counter.send(inputOf('GetConfirmation', content));
    expect(JSON.parse(detailsIn(InputResult.Response)['signature'] ?? '')).toEqual({
      AreaSize: { X: '12C', Y: '64' },
      SignaturePoint: [
        { X: '0', Y: '1' },
        { X: 'FF', Y: '10' },
        { X: 'FFFF', Y: 'FFFF' },
        { X: '3', Y: '4' },
        { X: 'FFFF', Y: 'FFFF' },
      ],
    });
  });

  it.each([
    ['cancelled', 'Cancel'],
    ['timedOut', 'Cancel'],
    ['busy', 'Busy'],
    ['noDisplay', 'UnavailableDevice'],
  ] as const)('that is %s is %s', async (kind, condition) => {
    counter.shopper = async () => ({ kind });
    const { InputResult } = await counter.send(inputOf('TextString', text('Name')));
    expect(InputResult.Response.ErrorCondition).toBe(condition);
  });

  it('is changed by the till while it is open, and broken off', async () => {
    counter.shopper = (signal) =>
      new Promise((resolve) =>
        signal.addEventListener('abort', () => resolve({ kind: 'aborted' })),
      );
    const asked = inputOf('TextString', text('Name'));
    const { ServiceID } = asked.SaleToPOIRequest.MessageHeader;
    const answer = counter.send(asked);
    await vi.waitUntil(() => counter.asked.length > 0);
    const update = (reference: object) =>
      message('InputUpdate', {
        MessageReference: { MessageCategory: 'Input', ServiceID, ...reference },
        OutputContent: text('Name', 'In full'),
      });
    expect(await counter.send(update({}))).toBeUndefined();
    expect(await counter.send(update({ ServiceID: 'NONE' }))).toBeUndefined();
    expect(counter.instead).toEqual([expect.objectContaining({ title: 'Name', text: 'In full' })]);
    expect((await counter.send(payment())).Response.ErrorCondition).toBe('Busy');
    await counter.send(abortOf(ServiceID));
    expect((await answer).InputResult.Response.ErrorCondition).toBe('Aborted');
  });

  it.each(['GetAnyKey', 'GetFunctionKey', 'Password', 'SiteManager'])(
    '%s is not done here',
    async (command) => {
      const { InputResult } = await counter.send(inputOf(command, text('Press')));
      expect(InputResult.Response.ErrorCondition).toBe('UnavailableDevice');
    },
  );
});

describe('a display request', () => {
  const displayOf = (Device: string, content: object) =>
    message('Display', {
      DisplayOutput: [{ Device, InfoQualify: 'Display', OutputContent: content }],
    });
  const hello = { OutputFormat: 'Text', OutputText: [{ Text: 'Hello' }, { Text: 'Sara' }] };

  it('shows a text to the shopper, and takes it away', async () => {
    const { OutputResult } = await counter.send(displayOf('CustomerDisplay', hello));
    expect(OutputResult[0].Response.Result).toBe('Success');
    const idle = { OutputFormat: 'MessageRef', PredefinedContent: { ReferenceID: 'Idle' } };
    await counter.send(displayOf('CustomerDisplay', idle));
    expect(counter.told).toEqual([{ title: 'Hello', text: 'Sara' }, undefined]);
  });

  it('finds no display for the cashier, and the other one busy with a payment', async () => {
    const cashier = await counter.send(displayOf('CashierDisplay', hello));
    expect(cashier.OutputResult[0].Response.ErrorCondition).toBe('UnavailableDevice');
    const answer = counter.send(payment());
    await cardIsAwaited(counter);
    const shopper = await counter.send(displayOf('CustomerDisplay', hello));
    expect(shopper.OutputResult[0].Response.ErrorCondition).toBe('Busy');
    await tap(counter);
    await answer;
  });
});

describe('a print request', () => {
  const printOf = (...texts: object[]) =>
    message('Print', {
      PrintOutput: {
        DocumentQualifier: 'Document',
        ResponseMode: 'PrintEnd',
        OutputContent: { OutputFormat: 'Text', OutputText: texts },
      },
    });

  it('without a printer finds no such device', async () => {
    const { Response } = await counter.send(printOf({ Text: 'Thanks' }));
    expect(Response.ErrorCondition).toBe('UnavailableDevice');
  });

  it('is printed once, line by line, and receipts in pairs', async () => {
    counter.harness.close();
    const printed: Receipt[] = [];
    let paper = true;
    counter = await openCounter({
      parts: {
        print: async (receipt) => {
          if (!paper) return fault('device', 'no paper');
          printed.push(receipt);
          return undefined;
        },
      },
    });
    const asked = printOf(
      { Text: 'Thank ', EndOfLineFlag: false },
      { Text: 'you', CharacterStyle: 'Bold' },
      { Text: 'name=Total&value=USD%2012.50&key=totalAmount' },
    );
    expect((await counter.send(asked)).Response.Result).toBe('Success');
    await counter.send(asked);
    expect(printed).toEqual([
      {
        language: 'en',
        parts: [
          { part: 'line', text: 'Thank you', strong: true },
          { part: 'pair', label: 'Total', value: 'USD 12.50' },
        ],
      },
    ]);
    paper = false;
    expect((await counter.send(printOf({ Text: 'x' }))).Response.ErrorCondition).toBe('DeviceOut');
  });
});

describe('sessions, diagnosis and totals', () => {
  it('log in and out without being needed', async () => {
    const login = await counter.send(
      message('Login', {
        DateTime: '2026-11-29T10:11:12Z',
        SaleSoftware: {
          ManufacturerID: 'Us',
          ApplicationName: 'Till',
          SoftwareVersion: '1',
          CertificationCode: 'x',
        },
        OperatorLanguage: 'en',
      }),
    );
    expect(login.POISystemData.POIStatus).toMatchObject({ GlobalStatus: 'OK' });
    expect((await counter.send(message('Logout', {}))).Response.Result).toBe('Success');
  });

  it('tell how reader and host are, and that a payment is being taken', async () => {
    const asked = () => message('Diagnosis', { HostDiagnosisFlag: true });
    const idle = await counter.send(asked());
    expect(idle.POIStatus).toMatchObject({ GlobalStatus: 'OK', CardReaderOKFlag: true });
    expect(idle.HostStatus).toEqual([{ AcquirerID: '1', IsReachableFlag: true }]);
    const answer = counter.send(payment());
    await cardIsAwaited(counter);
    expect((await counter.send(asked())).POIStatus.GlobalStatus).toBe('Busy');
    await tap(counter);
    await answer;
  });

  it('sum up what stands by brand, and by till where that is asked', async () => {
    await paid(counter);
    await ready();
    await paid(counter, payment(2, { SaleID: 'Till 2' }));
    const all = await counter.send(message('GetTotals', {}));
    expect(all.TransactionTotals).toEqual([
      expect.objectContaining({
        CardBrand: 'visa',
        PaymentCurrency: 'USD',
        PaymentTotals: [{ TransactionType: 'Debit', TransactionCount: 2, TransactionAmount: 14.5 }],
      }),
    ]);
    const one = await counter.send(
      message('GetTotals', { TotalDetails: ['SaleID'], TotalFilter: { SaleID: 'Till 2' } }),
    );
    expect(one.TransactionTotals).toEqual([
      expect.objectContaining({
        SaleID: 'Till 2',
        PaymentTotals: [{ TransactionType: 'Debit', TransactionCount: 1, TransactionAmount: 2 }],
      }),
    ]);
    const shift = await counter.send(message('GetTotals', { TotalFilter: { ShiftNumber: '1' } }));
    expect(shift.Response.ErrorCondition).toBe('UnavailableService');
  });

  it('close the period with the host', async () => {
    const asked = (ReconciliationType: string) => message('Reconciliation', { ReconciliationType });
    const closed = await counter.send(asked('SaleReconciliation'));
    expect(closed).toMatchObject({ Response: { Result: 'Success' }, POIReconciliationID: '1' });
    const earlier = await counter.send(asked('PreviousReconciliation'));
    expect(earlier.Response.ErrorCondition).toBe('UnavailableService');
  });

  it('show what a till says ahead of a payment, and take it away', async () => {
    const start = message('EnableService', {
      TransactionAction: 'StartTransaction',
      ServicesEnabled: ['Payment'],
      DisplayOutput: {
        Device: 'CustomerDisplay',
        InfoQualify: 'Display',
        OutputContent: { OutputFormat: 'Text', OutputText: [{ Text: 'Hello' }] },
      },
    });
    expect((await counter.send(start)).Response.Result).toBe('Success');
    await counter.send(message('EnableService', { TransactionAction: 'AbortTransaction' }));
    expect(counter.told).toEqual([{ title: '', text: 'Hello' }, undefined]);
  });
});

describe('what is not done here', () => {
  it.each([
    ['Admin', {}],
    ['BalanceInquiry', {}],
    [
      'StoredValue',
      { SaleData: saleData, StoredValueData: [{ StoredValueTransactionType: 'Activate' }] },
    ],
  ])('%s is refused', async (category, body) => {
    const { Response } = await counter.send(message(category, body));
    expect(Response.ErrorCondition).toBe('UnavailableService');
  });

  it('a bug of ours is logged and answered, and the terminal takes the next payment', async () => {
    counter.shopper = () => Promise.reject(new Error('a bug'));
    const { InputResult } = await counter.send(
      message('Input', {
        InputData: { Device: 'CustomerInput', InfoQualify: 'Input', InputCommand: 'TextString' },
      }),
    );
    expect(InputResult.Response.ErrorCondition).toBe('UnavailableService');
    expect(counter.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect((await paid(counter)).Response.Result).toBe('Success');
  });
});
