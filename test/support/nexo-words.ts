// table: every enumeration of the Terminal API, a row each
// Typed in from Adyen's OpenAPI file TerminalAPI-v1 (github.com/Adyen/adyen-openapi, version 1),
// components.schemas, and from nothing of ours: what our own rooms say is judged by it.

const rows = {
  AccountType: 'CardTotals Checking CreditCard Default EpurseCard Investment Savings Universal',
  Alignment: 'Centred Justified Left Right',
  AuthenticationMethod: `
    Bypass ManualVerification MerchantAuthentication OfflinePIN OnlinePIN PaperSignature
    SecureCertificate SecureNoCertificate SecuredChannel SignatureCapture UnknownMethod`,
  CharacterHeight: 'DoubleHeight HalfHeight SingleHeight',
  CharacterStyle: 'Bold Italic Normal Underline',
  CharacterWidth: 'DoubleWidth SingleWidth',
  CustomerOrderReq: 'Both Closed Open',
  Device: 'CashierDisplay CashierInput CustomerDisplay CustomerInput',
  DocumentQualifier: 'CashierReceipt CustomerReceipt Document Journal SaleReceipt Voucher',
  EntryMode: `
    Contactless File ICC Keyed MagStripe Manual Mobile RFID Scanned SynchronousICC Tapped`,
  ErrorCondition: `
    Aborted Busy Cancel DeviceOut InProgress InsertedCard InvalidCard LoggedOut MessageFormat
    NotAllowed NotFound PaymentRestriction Refusal UnavailableDevice UnavailableService
    UnreachableHost WrongPIN`,
  EventToNotify: `
    Abort BeginMaintenance CardInserted CardRemoved Completed CustomerLanguage EndMaintenance
    Initialised KeyPressed OutOfOrder Reject SaleAdmin SaleWakeUp ScanBarcodeResult
    SecurityAlarm Shutdown StopAssistance UseAnotherCardForPreauth`,
  GlobalStatus: 'Busy Maintenance OK Unreachable',
  IdentificationSupport: 'HybridCard LinkedCard LoyaltyCard NoCard',
  IdentificationType: 'AccountNumber BarCode ISOTrack2 PAN PhoneNumber',
  InfoQualify: `
    CustomerAssistance Display Document Error Input POIReplication Receipt Sound Status Voucher`,
  InputCommand: `
    DecimalString DigitString GetAnyKey GetConfirmation GetFunctionKey GetMenuEntry Password
    SiteManager TextString`,
  InstalmentType: 'DeferredInstalments EqualInstalments InequalInstalments',
  MenuEntryTag: 'NonSelectable NonSelectableSubMenu Selectable SubMenu',
  MessageCategory: `
    Abort Admin BalanceInquiry CardAcquisition Diagnosis Display EnableService Event GetTotals
    Input InputUpdate Login Logout Loyalty None Payment Print Reconciliation Reversal
    StoredValue TransactionStatus`,
  MessageClass: 'Device Event Service',
  MessageType: 'Notification Request Response',
  OutputFormat: 'BarCode MessageRef Text XHTML',
  PaymentInstrumentType: 'Card Cash Check Mobile StoredValue',
  PaymentType: `
    CashAdvance CashDeposit Completion FirstReservation Instalment IssuerInstalment Normal
    OneTimeReservation PaidOut Recurring Refund UpdateReservation`,
  PeriodUnit: 'Annual Daily Monthly Weekly',
  PrinterStatus: 'NoPaper OK OutOfOrder PaperJam PaperLow',
  ReconciliationType: `
    AcquirerReconciliation AcquirerSynchronisation PreviousReconciliation SaleReconciliation`,
  Result: 'Failure Partial Success',
  StoredValueAccountType: 'GiftCard Other PhoneCard',
  StoredValueTransactionType: 'Activate Duplicate Load Reserve Reverse Unload',
  TokenRequestedType: 'Customer Transaction',
  TrackFormat: 'AAMVA ISO',
  // "Deffered" is how the file spells it.
  TransactionType: `
    Award CashAdvance CompletedDeffered CompletedReservation Credit Debit Declined Failed
    FirstReservation IssuerInstalment OneTimeReservation Rebate Redemption ReverseAward
    ReverseCredit ReverseDebit ReverseRebate ReverseRedemption UpdateReservation`,
  TypeCode: 'Company Personal',
} as const;

/** An enumeration's words, by the name of the enumeration. */
export const enumerations: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(rows).map(([name, words]) => [name, new Set(wordsOf(words))]),
);

export type EnumerationName = keyof typeof rows;

/** A row's words, which are parted by spaces and line breaks. */
export function wordsOf(row: string): readonly string[] {
  return row.trim().split(/\s+/);
}
