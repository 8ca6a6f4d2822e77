// table: every structure that a terminal of the Terminal API may send, a row each
// Typed in from Adyen's OpenAPI file TerminalAPI-v1 (github.com/Adyen/adyen-openapi, version 1),
// components.schemas, and from nothing of ours: what our own rooms say is judged by it.
//
// A row names its fields: "Name:Kind", "Name:Kind!" where the field is required, "Name:Kind[]" for
// a list. A kind is another row, an enumeration, or one of the scalars of `nexo-schema.ts`.

import { wordsOf } from './nexo-words.ts';

const rows = {
  MessageHeader: `
    ProtocolVersion:line MessageClass:MessageClass! MessageCategory:MessageCategory!
    MessageType:MessageType! ServiceID:line10 DeviceID:line10 SaleID:line! POIID:line!`,
  MessageReference: `
    MessageCategory:MessageCategory ServiceID:line10 DeviceID:line10 SaleID:line POIID:line`,
  Response: 'Result:Result! ErrorCondition:ErrorCondition AdditionalResponse:line',
  TransactionIDType: 'TransactionID:line! TimeStamp:dateTime!',

  // Both sides of a transaction.
  SaleTerminalData: 'TotalsGroupID:line16',
  SaleToIssuerData: 'StatementReference:line',
  SaleData: `
    OperatorID:line OperatorLanguage:language ShiftNumber:line
    SaleTransactionID:TransactionIDType! SaleReferenceID:line SaleTerminalData:SaleTerminalData
    TokenRequestedType:TokenRequestedType CustomerOrderID:line
    CustomerOrderReq:CustomerOrderReq[] SaleToPOIData:line SaleToAcquirerData:line
    SaleToIssuerData:SaleToIssuerData`,
  POIData: 'POITransactionID:TransactionIDType! POIReconciliationID:name',
  OriginalPOITransaction: `
    SaleID:line POIID:line POITransactionID:TransactionIDType ReuseCardDataFlag:flag
    ApprovalCode:line AcquirerID:name AmountValue:amount HostTransactionID:TransactionIDType`,

  // What is shown and printed.
  OutputText: `
    Text:text! CharacterSet:integer StartRow:place StartColumn:place
    CharacterWidth:CharacterWidth CharacterHeight:CharacterHeight CharacterStyle:CharacterStyle
    Alignment:Alignment EndOfLineFlag:flag`,
  PredefinedContent: 'ReferenceID:line! Language:language',
  OutputBarcode: 'BarcodeValue:line!',
  OutputContent: `
    OutputFormat:OutputFormat! PredefinedContent:PredefinedContent OutputText:OutputText[]
    OutputXHTML:xhtml OutputBarcode:OutputBarcode`,
  MenuEntry: `
    MenuEntryTag:MenuEntryTag DefaultSelectedFlag:flag OutputFormat:OutputFormat!
    PredefinedContent:PredefinedContent OutputText:OutputText[] OutputXHTML:bytes`,
  DisplayOutput: `
    ResponseRequiredFlag:flag MinimumDisplayTime:seconds Device:Device! InfoQualify:InfoQualify!
    OutputContent:OutputContent! MenuEntry:MenuEntry[] OutputSignature:bytes`,
  OutputResult: 'Device:Device! InfoQualify:InfoQualify! Response:Response!',
  PaymentReceipt: `
    DocumentQualifier:DocumentQualifier! IntegratedPrintFlag:flag RequiredSignatureFlag:flag
    OutputContent:OutputContent!`,

  // What pays.
  TrackData: 'TrackNumb:track TrackFormat:TrackFormat TrackValue:line104!',
  SensitiveCardData: 'PAN:name CardSeqNumb:name ExpiryDate:name TrackData:TrackData[]',
  PaymentToken: 'TokenRequestedType:TokenRequestedType! TokenValue:line! ExpiryDateTime:dateTime',
  CardData: `
    PaymentBrand:line MaskedPan:line PaymentAccountRef:line EntryMode:EntryMode[]
    CardCountryCode:name ProtectedCardData:text SensitiveCardData:SensitiveCardData
    PaymentToken:PaymentToken`,
  CheckData: `
    BankID:line AccountNumber:line CheckNumber:line TrackData:TrackData CheckCardNumber:line
    TypeCode:TypeCode Country:capitals3`,
  GeographicCoordinates: 'Latitude:line! Longitude:line!',
  UTMCoordinates: 'UTMZone:line! UTMEastward:line! UTMNorthward:line!',
  Geolocation: 'GeographicCoordinates:GeographicCoordinates UTMCoordinates:UTMCoordinates',
  SensitiveMobileData: 'MSISDN:name! IMSI:name IMEI:name',
  MobileData: `
    MobileCountryCode:name MobileNetworkCode:name MaskedMSISDN:name Geolocation:Geolocation
    ProtectedMobileData:text SensitiveMobileData:SensitiveMobileData`,
  StoredValueAccountID: `
    StoredValueAccountType:StoredValueAccountType! StoredValueProvider:line OwnerName:line
    ExpiryDate:name EntryMode:EntryMode[]! IdentificationType:IdentificationType!
    StoredValueID:line!`,
  PaymentInstrumentData: `
    PaymentInstrumentType:PaymentInstrumentType! ProtectedCardData:text CardData:CardData
    CheckData:CheckData MobileData:MobileData StoredValueAccountID:StoredValueAccountID`,
  LoyaltyAccountID: `
    EntryMode:EntryMode[]! IdentificationType:IdentificationType!
    IdentificationSupport:IdentificationSupport LoyaltyID:text!`,
  LoyaltyAccount: 'LoyaltyAccountID:LoyaltyAccountID! LoyaltyBrand:line',
  LoyaltyAcquirerData: `
    LoyaltyAcquirerID:line ApprovalCode:line LoyaltyTransactionID:TransactionIDType
    HostReconciliationID:line`,
  LoyaltyResult: `
    LoyaltyAccount:LoyaltyAccount! CurrentBalance:amount LoyaltyAcquirerData:LoyaltyAcquirerData`,

  // What came of a payment.
  AmountsResp: `
    Currency:capitals3 AuthorizedAmount:amount! TotalRebatesAmount:amount TotalFeesAmount:amount
    CashBackAmount:amount TipAmount:amount`,
  Instalment: `
    InstalmentType:InstalmentType SequenceNumber:integer PlanID:line Period:integer
    PeriodUnit:PeriodUnit FirstPaymentDate:date TotalNbOfPayments:integer
    CumulativeAmount:amount FirstAmount:amount Charges:amount`,
  ConvertedAmount: 'AmountValue:amount! Currency:capitals3!',
  CurrencyConversion: `
    CustomerApprovedFlag:flag ConvertedAmount:ConvertedAmount! Rate:text Markup:text
    Commission:amount Declaration:line`,
  AreaSize: 'X:hex! Y:hex!',
  Point: 'X:hex! Y:hex!',
  CapturedSignature: 'AreaSize:AreaSize SignaturePoint:Point[]',
  PaymentAcquirerData: `
    AcquirerID:name MerchantID:line! AcquirerPOIID:line! AcquirerTransactionID:TransactionIDType
    ApprovalCode:line HostReconciliationID:line`,
  PaymentResult: `
    PaymentType:PaymentType PaymentInstrumentData:PaymentInstrumentData AmountsResp:AmountsResp
    Instalment:Instalment CurrencyConversion:CurrencyConversion[] MerchantOverrideFlag:flag
    CapturedSignature:CapturedSignature ProtectedSignature:text CustomerLanguage:language
    OnlineFlag:flag AuthenticationMethod:AuthenticationMethod[] ValidityDate:date
    PaymentAcquirerData:PaymentAcquirerData`,
  PaymentResponse: `
    Response:Response! SaleData:SaleData! POIData:POIData! PaymentResult:PaymentResult
    LoyaltyResult:LoyaltyResult[] PaymentReceipt:PaymentReceipt[]`,
  ReversalResponse: `
    Response:Response! POIData:POIData OriginalPOITransaction:OriginalPOITransaction
    ReversedAmount:amount PaymentReceipt:PaymentReceipt[]`,
  CardAcquisitionResponse: `
    Response:Response! SaleData:SaleData! POIData:POIData! PaymentBrand:line[]
    PaymentInstrumentData:PaymentInstrumentData LoyaltyAccount:LoyaltyAccount[]`,
  StoredValueAccountStatus: 'StoredValueAccountID:StoredValueAccountID! CurrentBalance:amount',
  StoredValueResult: `
    StoredValueTransactionType:StoredValueTransactionType! ProductCode:name EanUpc:name
    ItemAmount:amount Currency:capitals3 StoredValueAccountStatus:StoredValueAccountStatus
    HostTransactionID:TransactionIDType`,
  StoredValueResponse: `
    Response:Response! SaleData:SaleData! POIData:POIData! StoredValueResult:StoredValueResult[]
    PaymentReceipt:PaymentReceipt[]`,
  LoyaltyResponse: `
    Response:Response! SaleData:SaleData! POIData:POIData! LoyaltyResult:LoyaltyResult[]
    PaymentReceipt:PaymentReceipt[]`,
  PaymentAccountStatus: `
    PaymentInstrumentData:PaymentInstrumentData CurrentBalance:amount Currency:capitals3
    PaymentAcquirerData:PaymentAcquirerData`,
  BalanceInquiryResponse: `
    Response:Response! PaymentAccountStatus:PaymentAccountStatus PaymentReceipt:PaymentReceipt[]`,

  // An answer that is asked for again. Card readers' commands are left out: we have none.
  RepeatedResponseMessageBody: `
    LoyaltyResponse:LoyaltyResponse PaymentResponse:PaymentResponse
    ReversalResponse:ReversalResponse StoredValueResponse:StoredValueResponse
    CardAcquisitionResponse:CardAcquisitionResponse`,
  RepeatedMessageResponse: `
    MessageHeader:MessageHeader! RepeatedResponseMessageBody:RepeatedResponseMessageBody!`,
  TransactionStatusResponse: `
    Response:Response! MessageReference:MessageReference
    RepeatedMessageResponse:RepeatedMessageResponse`,

  // Totals.
  PaymentTotals: `
    TransactionType:TransactionType! TransactionCount:integer! TransactionAmount:amount!`,
  TransactionTotals: `
    PaymentInstrumentType:PaymentInstrumentType! AcquirerID:name HostReconciliationID:line
    CardBrand:line POIID:line SaleID:line OperatorID:line ShiftNumber:line TotalsGroupID:line16
    PaymentCurrency:capitals3 PaymentTotals:PaymentTotals[]`,
  ReconciliationResponse: `
    Response:Response! ReconciliationType:ReconciliationType! POIReconciliationID:name
    TransactionTotals:TransactionTotals[]`,
  GetTotalsResponse: `
    Response:Response! POIReconciliationID:name! TransactionTotals:TransactionTotals[]`,

  // The terminal itself, and its parts.
  POIStatus: `
    GlobalStatus:GlobalStatus! SecurityOKFlag:flag PEDOKFlag:flag CardReaderOKFlag:flag
    PrinterStatus:PrinterStatus CommunicationOKFlag:flag FraudPreventionFlag:flag`,
  POISoftware: `
    ManufacturerID:line! ApplicationName:line! SoftwareVersion:line! CertificationCode:line!`,
  POISystemData: 'DateTime:dateTime! POISoftware:POISoftware! POIStatus:POIStatus',
  LoginResponse: 'Response:Response! POISystemData:POISystemData TokenRequestStatus:flag',
  LogoutResponse: 'Response:Response!',
  EnableServiceResponse: 'Response:Response!',
  AdminResponse: 'Response:Response!',
  HostStatus: 'AcquirerID:name! IsReachableFlag:flag',
  DiagnosisResponse: 'Response:Response! POIStatus:POIStatus HostStatus:HostStatus[]',
  DisplayResponse: 'OutputResult:OutputResult[]!',
  Input: `
    InputCommand:InputCommand! ConfirmedFlag:flag FunctionKey:name TextInput:text
    DigitInput:decimal Password:text MenuEntryNumber:integer[]`,
  InputResult: 'Device:Device! InfoQualify:InfoQualify! Response:Response! Input:Input',
  InputResponse: 'OutputResult:OutputResult InputResult:InputResult!',
  PrintResponse: 'DocumentQualifier:DocumentQualifier! Response:Response!',

  // What a terminal says unasked.
  DisplayRequest: 'DisplayOutput:DisplayOutput[]!',
  EventNotification: `
    TimeStamp:dateTime! EventToNotify:EventToNotify! EventDetails:line RejectedMessage:bytes
    MaintenanceRequiredFlag:flag DisplayOutput:DisplayOutput[]`,
  SecurityTrailer: `
    AdyenCryptoVersion:integer! KeyIdentifier:line! KeyVersion:integer! Nonce:bytes! Hmac:bytes!`,
} as const;

export interface Field {
  readonly name: string;
  /** Of a structure, an enumeration or a scalar. */
  readonly kind: string;
  readonly required: boolean;
  readonly list: boolean;
}

/** A structure's fields, by its name. */
export const structures: ReadonlyMap<string, readonly Field[]> = new Map(
  Object.entries(rows).map(([structure, row]) => [structure, wordsOf(row).map(fieldOf)]),
);

function fieldOf(written: string): Field {
  const [, name, kind, list, required] = /^(\w+):(\w+)(\[\])?(!)?$/.exec(written) ?? [];
  if (name === undefined || kind === undefined) throw new Error(`not a field: ${written}`);
  return { name, kind, required: required !== undefined, list: list !== undefined };
}
