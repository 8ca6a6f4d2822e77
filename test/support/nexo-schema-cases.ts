// table: messages that are by the schema, and what may be wrong with one, a row each

const header = {
  ProtocolVersion: '3.0',
  MessageClass: 'Service',
  MessageCategory: 'Payment',
  MessageType: 'Response',
  ServiceID: '0207111104',
  SaleID: 'till-1',
  POIID: 'V400m-324688179',
};

export const moment = { TransactionID: 'tx-1', TimeStamp: '2026-01-31T12:00:00.000Z' };

export const approved = {
  Response: { Result: 'Success', AdditionalResponse: 'tid=1' },
  SaleData: { SaleTransactionID: moment },
  POIData: { POITransactionID: moment, POIReconciliationID: '1000' },
  PaymentResult: {
    AmountsResp: { AuthorizedAmount: 10.99, Currency: 'EUR' },
    OnlineFlag: true,
    PaymentInstrumentData: {
      PaymentInstrumentType: 'Card',
      CardData: { EntryMode: ['Tapped'], MaskedPan: '411111 **** 1111', PaymentBrand: 'mc' },
    },
  },
  PaymentReceipt: [
    {
      DocumentQualifier: 'CashierReceipt',
      OutputContent: { OutputFormat: 'Text', OutputText: [{ Text: 'key=header1' }] },
    },
  ],
};

export const response = (body: object, ofHeader: object = {}) => ({
  SaleToPOIResponse: { MessageHeader: { ...header, ...ofHeader }, PaymentResponse: body },
});

export const event = (body: object, ofHeader: object = {}) => ({
  SaleToPOIRequest: {
    MessageHeader: {
      ...header,
      MessageClass: 'Event',
      MessageCategory: 'Event',
      MessageType: 'Notification',
      ...ofHeader,
    },
    EventNotification: body,
  },
});

export const display = (ofHeader: object) => ({
  SaleToPOIRequest: {
    MessageHeader: {
      ...header,
      MessageClass: 'Device',
      MessageCategory: 'Display',
      MessageType: 'Request',
      ...ofHeader,
    },
    DisplayRequest: {
      DisplayOutput: [
        {
          ResponseRequiredFlag: false,
          Device: 'CashierDisplay',
          InfoQualify: 'Status',
          OutputContent: {
            OutputFormat: 'MessageRef',
            PredefinedContent: { ReferenceID: 'event=TENDER_CREATED' },
          },
        },
      ],
    },
  },
});

const body = 'SaleToPOIResponse.PaymentResponse';
const head = 'SaleToPOIResponse.MessageHeader';
const { SaleData, ...withoutSale } = approved;
const shutdown = { TimeStamp: moment.TimeStamp, EventToNotify: 'Shutdown' };
const rejected = { ...shutdown, RejectedMessage: 'IA==' };
const notification = 'SaleToPOIRequest.EventNotification';

const receipt = (OutputContent: object) => {
  const PaymentReceipt = [{ DocumentQualifier: 'CashierReceipt', OutputContent }];
  return response({ ...approved, PaymentReceipt });
};

const at = (fault: string): string => `${body}.PaymentReceipt[0].OutputContent.${fault}`;

/** What may be wrong, each with one fault. */
export const broken: Readonly<Record<string, readonly [unknown, string]>> = {
  'no envelope': [[], 'not an object'],
  'another envelope': [{ PaymentResponse: {} }, 'PaymentResponse: no such envelope'],
  'two envelopes': [
    { ...response(approved), SaleToPOIRequest: {} },
    'SaleToPOIRequest: beside SaleToPOIResponse',
  ],
  'a field that nobody knows': [
    response({ ...approved, Colour: 'red' }),
    `${body}.Colour: no such field`,
  ],
  'a field missing': [response(withoutSale), `${body}.SaleData: missing`],
  'a field missing deep inside': [
    response({ ...approved, SaleData: { SaleTransactionID: { TransactionID: '1' } } }),
    `${body}.SaleData.SaleTransactionID.TimeStamp: missing`,
  ],
  'null where there may be nothing': [
    response({ ...approved, PaymentResult: null }),
    `${body}.PaymentResult: not an object`,
  ],
  'an object for a list': [
    response({ ...approved, PaymentReceipt: {} }),
    `${body}.PaymentReceipt: not a list`,
  ],
  'a wrong element in a list': [
    response({ ...approved, PaymentReceipt: [...approved.PaymentReceipt, 1] }),
    `${body}.PaymentReceipt[1]: not an object`,
  ],
  'a failure without its condition': [
    response({ ...approved, Response: { Result: 'Failure' } }),
    `${body}.Response.ErrorCondition: missing with Failure`,
  ],
  'a part approved without its condition': [
    response({ ...approved, Response: { Result: 'Partial' } }),
    `${body}.Response.ErrorCondition: missing with Partial`,
  ],
  'the type of a request': [
    response(approved, { MessageType: 'Request' }),
    `${head}.MessageType: not Response`,
  ],
  'no ServiceID': [response(approved, { ServiceID: undefined }), `${head}.ServiceID: missing`],
  'a ServiceID of eleven characters': [
    response(approved, { ServiceID: '12345678901' }),
    `${head}.ServiceID: not 1 to 10 characters`,
  ],
  'the body of another category': [
    {
      SaleToPOIResponse: {
        MessageHeader: header,
        PaymentResponse: approved,
        LogoutResponse: { Response: { Result: 'Success' } },
      },
    },
    'SaleToPOIResponse.LogoutResponse: not the body of Payment',
  ],
  'no body': [{ SaleToPOIResponse: { MessageHeader: header } }, `${body}: missing`],
  'an answer to an abort': [
    { SaleToPOIResponse: { MessageHeader: { ...header, MessageCategory: 'Abort' } } },
    'SaleToPOIResponse: Abort is never sent in it',
  ],
  'a request that only tills make': [
    {
      SaleToPOIRequest: {
        MessageHeader: { ...header, MessageType: 'Request', MessageCategory: 'Login' },
      },
    },
    'SaleToPOIRequest: Login is never sent in it',
  ],
  'a rejection without what it rejects': [
    event({ ...shutdown, EventToNotify: 'Reject' }),
    `${notification}.RejectedMessage: missing with Reject`,
  ],
  'a rejected message with another event': [
    event(rejected),
    `${notification}.RejectedMessage: not with Shutdown`,
  ],
  'an event of another class': [
    event(shutdown, { MessageClass: 'Service' }),
    'SaleToPOIRequest.MessageHeader.MessageClass: Service with Event',
  ],
  'a request to display without a DeviceID': [
    display({}),
    'SaleToPOIRequest.MessageHeader.DeviceID: missing',
  ],
  'no content of its format': [
    receipt({ OutputFormat: 'Text' }),
    at('OutputText: missing with Text'),
  ],
  'content of another format': [
    receipt({ OutputFormat: 'Text', OutputText: [], OutputXHTML: 'AAAA' }),
    at('OutputXHTML: not with Text'),
  ],
};

const time = ': not a date and time';
const amount = ': not a number from 0 to 99999999.999999';

/** A structure, its field, a value that this may not have, and what is said. */
export const values: readonly (readonly [string, string, unknown, string])[] = [
  ['Response', 'Result', 'success', ': not one of Result'],
  ['Response', 'AdditionalResponse', 'two\nlines', ': not text of one line'],
  ['Response', 'AdditionalResponse', '', ': not text of one line'],
  ['Response', 'AdditionalResponse', 7, ': not text of one line'],
  ['OutputText', 'Text', 7, ': not a string'],
  ['OutputText', 'EndOfLineFlag', 'true', ': not true or false'],
  ['OutputText', 'CharacterSet', 1.5, ': not a whole number'],
  ['OutputText', 'StartRow', 0, ': not a whole number from 1 to 500'],
  ['OutputText', 'StartColumn', 501, ': not a whole number from 1 to 500'],
  ['DisplayOutput', 'MinimumDisplayTime', 1000, ': not a whole number from 0 to 999'],
  ['TransactionIDType', 'TimeStamp', '2026-01-31', time],
  ['TransactionIDType', 'TimeStamp', '2026-02-30T12:00:00Z', time],
  ['TransactionIDType', 'TimeStamp', '2026-01-31T24:00:00Z', time],
  ['TransactionIDType', 'TimeStamp', '2026-01-31T12:00:00', time],
  ['PaymentResult', 'ValidityDate', '2026-13-01', ': not a date'],
  ['PaymentResult', 'CustomerLanguage', 'EN', ': not two small letters'],
  ['PaymentResult', 'AuthenticationMethod', ['PIN'], '[0]: not one of AuthenticationMethod'],
  ['AmountsResp', 'AuthorizedAmount', '10.99', amount],
  ['AmountsResp', 'AuthorizedAmount', -0.01, amount],
  ['AmountsResp', 'AuthorizedAmount', 100_000_000, amount],
  ['AmountsResp', 'AuthorizedAmount', Number.NaN, amount],
  ['AmountsResp', 'Currency', 'eur', ': not three capital letters'],
  ['TransactionTotals', 'TotalsGroupID', 'x'.repeat(17), ': not 1 to 16 characters'],
  ['TrackData', 'TrackValue', 'x'.repeat(105), ': not 1 to 104 characters'],
  ['TrackData', 'TrackNumb', 4, ': not a whole number from 1 to 3'],
  ['POIData', 'POIReconciliationID', 'today', ': not a string of digits'],
  ['Input', 'DigitInput', '1,5', ': not a string of digits'],
  ['Point', 'X', '10000', ': not a coordinate in hexadecimal'],
  ['EventNotification', 'RejectedMessage', '', ': not Base64'],
  ['EventNotification', 'RejectedMessage', 'AAA', ': not Base64'],
  ['OutputContent', 'OutputXHTML', 'A'.repeat(262_148), ': not Base64 of up to 262144 characters'],
];
