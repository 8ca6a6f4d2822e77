// Messages that Adyen publishes, typed in: docs.adyen.com (point of sale) and the tests of its
// library for Node (github.com/Adyen/adyen-node-api-library, src/__mocks__/terminalApi).

/** docs.adyen.com/point-of-sale/pass-additional-data, "Request". */
export const paymentWithData = {
  SaleToPOIRequest: {
    MessageHeader: {
      POIID: 'MX925-286240330',
      MessageClass: 'Service',
      MessageType: 'Request',
      ProtocolVersion: '3.0',
      ServiceID: '1113162452',
      SaleID: 'POSSystemID12345',
      MessageCategory: 'Payment',
    },
    PaymentRequest: {
      PaymentTransaction: {
        AmountsReq: { RequestedAmount: 10.99, Currency: 'EUR' },
        TransactionConditions: {},
      },
      SaleData: {
        SaleToAcquirerData:
          'shopperEmail=hola@gmail.com&shopperReference=fakeRef&recurringContract=RECURRING',
        TokenRequestedType: 'Customer',
        SaleTransactionID: { TransactionID: '8377', TimeStamp: '2017-11-13T15:24:52+00:00' },
      },
    },
  },
} as const;

const line = (Text: string, CharacterStyle?: string) => ({
  ...(CharacterStyle === undefined ? {} : { CharacterStyle }),
  EndOfLineFlag: true,
  Text,
});

/** src/__mocks__/terminalApi/sync.ts, its receipt shortened and its line breaks taken out. */
export const paymentApproved = {
  SaleToPOIResponse: {
    MessageHeader: {
      MessageCategory: 'Payment',
      MessageClass: 'Service',
      MessageType: 'Response',
      POIID: 'P400Plus-123456789',
      ProtocolVersion: '3.0',
      SaleID: '001',
      ServiceID: '001',
    },
    PaymentResponse: {
      POIData: {
        POIReconciliationID: '1000',
        POITransactionID: {
          TimeStamp: '2019-04-29T00:00:00.000Z',
          TransactionID: '4r7i001556529591000.8515565295894301',
        },
      },
      PaymentReceipt: [
        {
          DocumentQualifier: 'CashierReceipt',
          OutputContent: {
            OutputFormat: 'Text',
            OutputText: [
              line('key=header1', 'Bold'),
              line('name=MERCHANT%20COPY&key=merchantTitle', 'Bold'),
              line('key=filler'),
              line('name=Card&value=%2a%2a%2a%2a%2a%2a%2a%2a%2a%2a%2a%2a3511&key=pan'),
              line('name=TOTAL&value=%e2%82%ac%c2%a01.00&key=totalAmount', 'Bold'),
              line('name=APPROVED&key=approved', 'Bold'),
            ],
          },
          RequiredSignatureFlag: false,
        },
      ],
      PaymentResult: {
        AmountsResp: { AuthorizedAmount: 1, Currency: 'EUR' },
        OnlineFlag: true,
        PaymentAcquirerData: {
          AcquirerPOIID: 'P400Plus-123456789',
          AcquirerTransactionID: {
            TimeStamp: '2019-04-29T09:19:51.000Z',
            TransactionID: '8515565295894301',
          },
          ApprovalCode: '123456',
          MerchantID: 'TestMerchant',
        },
        PaymentInstrumentData: {
          CardData: {
            EntryMode: ['Tapped'],
            MaskedPan: '411111 **** 1111',
            PaymentBrand: 'mc',
          },
          PaymentInstrumentType: 'Card',
        },
      },
      Response: {
        AdditionalResponse: 'tid=75039202&refusalReasonRaw=APPROVED&expiryDate=12%2f2025',
        Result: 'Success',
      },
      SaleData: {
        SaleTransactionID: { TimeStamp: '2019-04-29T00:00:00.000Z', TransactionID: '001' },
      },
    },
  },
} as const;

const deviceHeader = {
  ProtocolVersion: '3.0',
  MessageClass: 'Device',
  MessageType: 'Request',
  ServiceID: '55',
  SaleID: 'POSSystemID12345',
  POIID: 'V400m-324688179',
} as const;

/**
 * docs.adyen.com/point-of-sale/shopper-input/confirmation: its table of parameters, and the texts
 * of its example.
 */
export const confirmation = {
  SaleToPOIRequest: {
    MessageHeader: { ...deviceHeader, MessageCategory: 'Input' },
    InputRequest: {
      DisplayOutput: {
        Device: 'CustomerDisplay',
        InfoQualify: 'Display',
        OutputContent: {
          OutputFormat: 'Text',
          PredefinedContent: { ReferenceID: 'GetConfirmation' },
          OutputText: [
            { Text: 'Terms & Conditions' },
            { Text: 'Do you accept our Terms and Conditions?' },
            { Text: 'Decline' },
            { Text: 'Agree' },
          ],
        },
      },
      InputData: {
        Device: 'CustomerInput',
        InfoQualify: 'Input',
        InputCommand: 'GetConfirmation',
        MaxInputTime: 30,
      },
    },
  },
} as const;

/** docs.adyen.com/point-of-sale/diagnostics/request-diagnosis, step 1. */
export const diagnosis = {
  SaleToPOIRequest: {
    MessageHeader: { ...deviceHeader, MessageClass: 'Service', MessageCategory: 'Diagnosis' },
    DiagnosisRequest: { HostDiagnosisFlag: false },
  },
} as const;

/** The shape of an abort: docs.adyen.com, "Cancel a transaction"; the vectors of encryption too. */
export const abort = {
  SaleToPOIRequest: {
    MessageHeader: {
      MessageClass: 'Service',
      MessageCategory: 'Abort',
      MessageType: 'Request',
      ServiceID: '0207111104',
      SaleID: 'POSSystemID12345',
      POIID: 'V400m-324688179',
      ProtocolVersion: '3.0',
    },
    AbortRequest: {
      AbortReason: 'MerchantAbort',
      MessageReference: {
        MessageCategory: 'Payment',
        SaleID: 'POSSystemID12345',
        ServiceID: '0207111103',
      },
    },
  },
} as const;

/** A reversal with every field that Adyen's tills send; the currency is in SaleToAcquirerData. */
export const reversal = {
  SaleToPOIRequest: {
    MessageHeader: { ...deviceHeader, MessageClass: 'Service', MessageCategory: 'Reversal' },
    ReversalRequest: {
      OriginalPOITransaction: {
        POITransactionID: {
          TransactionID: 'tx-1',
          TimeStamp: '2019-04-29T00:00:00.000Z',
        },
      },
      ReversedAmount: 5.5,
      ReversalReason: 'MerchantCancel',
      SaleData: {
        SaleToAcquirerData: 'currency=EUR',
        SaleTransactionID: { TransactionID: '8378', TimeStamp: '2019-04-29T00:10:00+02:00' },
      },
    },
  },
} as const;

export const facts = {
  nowMs: Date.UTC(2026, 0, 31, 12, 0, 0),
  poiId: 'V400m-324688179',
  saleId: 'till-1',
  newId: 'new-id',
  period: 12,
} as const;
