// table: messages about money, a field a row.
// Source: Adyen Terminal API, OpenAPI file TerminalAPI-v1 (version 1), components.schemas.
import { words } from './enumerations.ts';
import { list, optional, structure, type ValueOf } from './rules.ts';
import {
  amount,
  currency,
  digits,
  flag,
  integer,
  language,
  text,
  textLike,
  textUpTo,
} from './scalars.ts';
import {
  messageHeader,
  messageReference,
  originalPoiTransaction,
  outputContent,
  poiData,
  response,
  saleData,
  transactionId,
} from './structures.ts';
import { date, dateTime } from './times.ts';

export const paymentToken = structure({
  TokenRequestedType: words.tokenRequestedType,
  TokenValue: text,
  ExpiryDateTime: optional(dateTime),
});

/**
 * What a till may know of a card. SensitiveCardData and ProtectedCardData are left out: a number
 * that a till has read is none that we take, and none that we tell.
 */
export const cardData = structure({
  PaymentBrand: optional(text),
  MaskedPan: optional(text),
  PaymentAccountRef: optional(text),
  EntryMode: optional(list(words.entryMode)),
  CardCountryCode: optional(textLike(/^[0-9]{3}$/, 'three digits')),
  PaymentToken: optional(paymentToken),
});

export const paymentInstrumentData = structure({
  PaymentInstrumentType: words.paymentInstrumentType,
  CardData: optional(cardData),
});

export const transactionConditions = structure({
  AllowedPaymentBrand: optional(list(text)),
  AcquirerID: optional(list(digits)),
  DebitPreferredFlag: optional(flag),
  CustomerLanguage: optional(language),
  ForceOnlineFlag: optional(flag),
  ForceEntryMode: optional(list(words.forceEntryMode)),
  MerchantCategoryCode: optional(textLike(/^.{3,4}$/, 'three or four characters')),
});

export const amountsReq = structure({
  Currency: currency,
  RequestedAmount: amount,
  CashBackAmount: optional(amount),
  TipAmount: optional(amount),
  PaidAmount: optional(amount),
  MinimumAmountToDeliver: optional(amount),
  MaximumCashBackAmount: optional(amount),
  MinimumSplitAmount: optional(amount),
});

export const paymentTransaction = structure({
  AmountsReq: amountsReq,
  OriginalPOITransaction: optional(originalPoiTransaction),
  TransactionConditions: optional(transactionConditions),
});

export const paymentData = structure({
  PaymentType: optional(words.paymentType),
  SplitPaymentFlag: optional(flag),
  RequestedValidityDate: optional(date),
  CardAcquisitionReference: optional(transactionId),
  PaymentInstrumentData: optional(paymentInstrumentData),
});

export const paymentRequest = structure({
  SaleData: saleData,
  PaymentTransaction: paymentTransaction,
  PaymentData: optional(paymentData),
});

export const amountsResp = structure({
  Currency: optional(currency),
  AuthorizedAmount: amount,
  TotalRebatesAmount: optional(amount),
  TotalFeesAmount: optional(amount),
  CashBackAmount: optional(amount),
  TipAmount: optional(amount),
});

export const paymentAcquirerData = structure({
  AcquirerID: optional(digits),
  MerchantID: text,
  AcquirerPOIID: text,
  AcquirerTransactionID: optional(transactionId),
  ApprovalCode: optional(text),
  HostReconciliationID: optional(text),
});

// Hexadecimal, up to FFFF; both are FFFF where the pen is lifted.
const point = structure({
  X: textLike(/^[0-9A-F]{1,4}$/, 'a coordinate in hexadecimal'),
  Y: textLike(/^[0-9A-F]{1,4}$/, 'a coordinate in hexadecimal'),
});

export const capturedSignature = structure({
  AreaSize: optional(point),
  SignaturePoint: optional(list(point)),
});

export const paymentResult = structure({
  PaymentType: optional(words.paymentType),
  PaymentInstrumentData: optional(paymentInstrumentData),
  AmountsResp: optional(amountsResp),
  MerchantOverrideFlag: optional(flag),
  CapturedSignature: optional(capturedSignature),
  CustomerLanguage: optional(language),
  OnlineFlag: optional(flag),
  AuthenticationMethod: optional(list(words.authenticationMethod)),
  ValidityDate: optional(date),
  PaymentAcquirerData: optional(paymentAcquirerData),
});

export const paymentReceipt = structure({
  DocumentQualifier: words.documentQualifier,
  IntegratedPrintFlag: optional(flag),
  RequiredSignatureFlag: optional(flag),
  OutputContent: outputContent,
});

export const paymentResponse = structure({
  Response: response,
  SaleData: saleData,
  POIData: poiData,
  PaymentResult: optional(paymentResult),
  PaymentReceipt: optional(list(paymentReceipt)),
});

export const reversalRequest = structure({
  SaleData: optional(saleData),
  OriginalPOITransaction: originalPoiTransaction,
  ReversedAmount: optional(amount),
  ReversalReason: words.reversalReason,
});

export const reversalResponse = structure({
  Response: response,
  POIData: optional(poiData),
  OriginalPOITransaction: optional(originalPoiTransaction),
  ReversedAmount: optional(amount),
  PaymentReceipt: optional(list(paymentReceipt)),
});

export const cardAcquisitionRequest = structure({
  SaleData: saleData,
  CardAcquisitionTransaction: structure({
    AllowedPaymentBrand: optional(list(text)),
    CustomerLanguage: optional(language),
    ForceEntryMode: optional(list(words.forceEntryMode)),
    ForceCustomerSelectionFlag: optional(flag),
    TotalAmount: optional(amount),
    PaymentType: optional(words.paymentType),
    CashBackFlag: optional(flag),
  }),
});

export const cardAcquisitionResponse = structure({
  Response: response,
  SaleData: saleData,
  POIData: poiData,
  PaymentBrand: optional(list(text)),
  PaymentInstrumentData: optional(paymentInstrumentData),
});

// Accounts are left out: gift cards are refused as not supported, whatever is in them.
const storedValueData = structure({
  StoredValueProvider: optional(text),
  StoredValueTransactionType: words.storedValueTransactionType,
  OriginalPOITransaction: optional(originalPoiTransaction),
  ItemAmount: optional(amount),
  Currency: optional(currency),
});

export const storedValueRequest = structure({
  SaleData: saleData,
  StoredValueData: list(storedValueData),
});

export const storedValueResponse = structure({
  Response: response,
  SaleData: saleData,
  POIData: poiData,
});

export const balanceInquiryRequest = structure({
  // What is in it is left out: no loyalty programme is known here.
  LoyaltyAccountReq: optional(structure({})),
  PaymentAccountReq: optional(
    structure({
      AccountType: optional(words.accountType),
      CardAcquisitionReference: optional(transactionId),
      PaymentInstrumentData: optional(paymentInstrumentData),
    }),
  ),
});

export const balanceInquiryResponse = structure({
  Response: response,
  PaymentAccountStatus: optional(
    structure({
      PaymentInstrumentData: optional(paymentInstrumentData),
      CurrentBalance: optional(amount),
      Currency: optional(currency),
      PaymentAcquirerData: optional(paymentAcquirerData),
    }),
  ),
});

/** Answers that can be asked for again. */
export const repeatedResponseMessageBody = structure({
  PaymentResponse: optional(paymentResponse),
  ReversalResponse: optional(reversalResponse),
  StoredValueResponse: optional(storedValueResponse),
  CardAcquisitionResponse: optional(cardAcquisitionResponse),
});

export const transactionStatusRequest = structure({
  MessageReference: optional(messageReference),
  ReceiptReprintFlag: optional(flag),
  DocumentQualifier: optional(list(words.documentQualifier)),
});

export const transactionStatusResponse = structure({
  Response: response,
  MessageReference: optional(messageReference),
  RepeatedMessageResponse: optional(
    structure({
      MessageHeader: messageHeader,
      RepeatedResponseMessageBody: repeatedResponseMessageBody,
    }),
  ),
});

const transactionTotals = structure({
  PaymentInstrumentType: words.paymentInstrumentType,
  AcquirerID: optional(digits),
  HostReconciliationID: optional(text),
  CardBrand: optional(text),
  POIID: optional(text),
  SaleID: optional(text),
  OperatorID: optional(text),
  ShiftNumber: optional(text),
  TotalsGroupID: optional(textUpTo(16)),
  PaymentCurrency: optional(currency),
  PaymentTotals: optional(
    list(
      structure({
        TransactionType: words.transactionType,
        TransactionCount: integer(0),
        TransactionAmount: amount,
      }),
    ),
  ),
});

export const getTotalsRequest = structure({
  TotalDetails: optional(list(words.totalDetails)),
  TotalFilter: optional(
    structure({
      POIID: optional(text),
      SaleID: optional(text),
      OperatorID: optional(text),
      ShiftNumber: optional(text),
      TotalsGroupID: optional(textUpTo(16)),
    }),
  ),
});

export const getTotalsResponse = structure({
  Response: response,
  POIReconciliationID: digits,
  TransactionTotals: optional(list(transactionTotals)),
});

export const reconciliationRequest = structure({
  ReconciliationType: words.reconciliationType,
  AcquirerID: optional(list(digits)),
  POIReconciliationID: optional(digits),
});

export const reconciliationResponse = structure({
  Response: response,
  ReconciliationType: words.reconciliationType,
  POIReconciliationID: optional(digits),
  TransactionTotals: optional(list(transactionTotals)),
});

export type PaymentRequest = ValueOf<typeof paymentRequest>;
export type PaymentResponse = ValueOf<typeof paymentResponse>;
export type PaymentResult = ValueOf<typeof paymentResult>;
export type PaymentReceipt = ValueOf<typeof paymentReceipt>;
export type PaymentInstrumentData = ValueOf<typeof paymentInstrumentData>;
export type ReversalRequest = ValueOf<typeof reversalRequest>;
export type ReversalResponse = ValueOf<typeof reversalResponse>;
export type CardAcquisitionRequest = ValueOf<typeof cardAcquisitionRequest>;
export type BalanceInquiryRequest = ValueOf<typeof balanceInquiryRequest>;
export type TransactionTotals = ValueOf<typeof transactionTotals>;
export type RepeatedBody = ValueOf<typeof repeatedResponseMessageBody>;
