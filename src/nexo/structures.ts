// table: data structures that several messages share, a field a row.
// Source: Adyen Terminal API, OpenAPI file TerminalAPI-v1 (version 1), components.schemas.
import { words } from './enumerations.ts';
import { list, optional, structure, type ValueOf } from './rules.ts';
import { anyText, base64, digits, flag, integer, language, text, textUpTo } from './scalars.ts';
import { dateTime } from './times.ts';

/** ServiceID and DeviceID: as many characters as the schema allows. */
export const messageId = textUpTo(10);

export const messageHeader = structure({
  ProtocolVersion: optional(text),
  MessageClass: words.messageClass,
  MessageCategory: words.messageCategory,
  MessageType: words.messageType,
  ServiceID: optional(messageId),
  DeviceID: optional(messageId),
  SaleID: text,
  POIID: text,
});

export const messageReference = structure({
  MessageCategory: optional(words.messageCategory),
  ServiceID: optional(messageId),
  DeviceID: optional(messageId),
  SaleID: optional(text),
  POIID: optional(text),
});

/** "If Result is Success, ErrorCondition is absent or not used"; else it has to be there. */
export const response = structure(
  {
    Result: words.result,
    ErrorCondition: optional(words.errorCondition),
    AdditionalResponse: optional(text),
  },
  ({ Result, ErrorCondition }) =>
    Result === 'Failure' && ErrorCondition === undefined
      ? ['ErrorCondition', 'Missing where Result is Failure']
      : undefined,
);

export const transactionId = structure({
  TransactionID: text,
  TimeStamp: dateTime,
});

export const saleTerminalData = structure({
  TotalsGroupID: optional(textUpTo(16)),
});

export const saleData = structure({
  OperatorID: optional(text),
  OperatorLanguage: optional(language),
  ShiftNumber: optional(text),
  SaleTransactionID: transactionId,
  SaleReferenceID: optional(text),
  SaleTerminalData: optional(saleTerminalData),
  TokenRequestedType: optional(words.tokenRequestedType),
  CustomerOrderID: optional(text),
  CustomerOrderReq: optional(list(words.customerOrderReq)),
  SaleToPOIData: optional(text),
  SaleToAcquirerData: optional(text),
  SaleToIssuerData: optional(structure({ StatementReference: optional(text) })),
});

export const poiData = structure({
  POITransactionID: transactionId,
  POIReconciliationID: optional(digits),
});

export const originalPoiTransaction = structure({
  SaleID: optional(text),
  POIID: optional(text),
  POITransactionID: optional(transactionId),
  ReuseCardDataFlag: optional(flag),
  ApprovalCode: optional(text),
  AcquirerID: optional(digits),
  HostTransactionID: optional(transactionId),
});

export const outputText = structure({
  Text: anyText,
  CharacterSet: optional(integer()),
  StartRow: optional(integer(1, 500)),
  StartColumn: optional(integer(1, 500)),
  CharacterWidth: optional(words.characterWidth),
  CharacterHeight: optional(words.characterHeight),
  CharacterStyle: optional(words.characterStyle),
  Alignment: optional(words.alignment),
  EndOfLineFlag: optional(flag),
});

export const predefinedContent = structure({
  ReferenceID: text,
  Language: optional(language),
});

const contents = {
  OutputFormat: words.outputFormat,
  PredefinedContent: optional(predefinedContent),
  OutputText: optional(list(outputText)),
  OutputXHTML: optional(base64(262_144)),
};

/** Which content each format has to have. */
const CONTENT_OF: Readonly<Record<string, string>> = {
  BarCode: 'OutputBarcode',
  MessageRef: 'PredefinedContent',
  Text: 'OutputText',
  XHTML: 'OutputXHTML',
};

const contentIsThere = (value: Readonly<Record<string, unknown>>) => {
  const field = CONTENT_OF[String(value['OutputFormat'])] ?? '';
  const there = field === '' || value[field] !== undefined;
  return there
    ? undefined
    : ([field, `Missing where OutputFormat is ${value['OutputFormat']}`] as const);
};

export const outputContent = structure(
  { ...contents, OutputBarcode: optional(structure({ BarcodeValue: text })) },
  contentIsThere,
);

export const menuEntry = structure({
  MenuEntryTag: optional(words.menuEntryTag),
  DefaultSelectedFlag: optional(flag),
  ...contents,
});

export const displayOutput = structure({
  ResponseRequiredFlag: optional(flag),
  MinimumDisplayTime: optional(integer(0, 999)),
  Device: words.device,
  InfoQualify: words.infoQualify,
  OutputContent: outputContent,
  MenuEntry: optional(list(menuEntry)),
  OutputSignature: optional(base64()),
});

export const outputResult = structure({
  Device: words.device,
  InfoQualify: words.infoQualify,
  Response: response,
});

export type MessageHeader = ValueOf<typeof messageHeader>;
export type MessageReference = ValueOf<typeof messageReference>;
export type Response = ValueOf<typeof response>;
export type TransactionIdentification = ValueOf<typeof transactionId>;
export type SaleData = ValueOf<typeof saleData>;
export type PoiData = ValueOf<typeof poiData>;
export type OriginalPoiTransaction = ValueOf<typeof originalPoiTransaction>;
export type OutputContent = ValueOf<typeof outputContent>;
export type DisplayOutput = ValueOf<typeof displayOutput>;
