// table: the words that the schema allows, one row an enumeration.
// Source: Adyen Terminal API, OpenAPI file TerminalAPI-v1 (version 1), components.schemas.
import type { ValueOf } from './rules.ts';
import { oneOf } from './scalars.ts';

// biome-ignore format: a row stays on its line
/** Rules by the name of what they are the words of. */
export const words = {
  messageClass: oneOf(['Device', 'Event', 'Service']),
  /** The categories that this terminal speaks. The schema has Loyalty and None besides. */
  messageCategory: oneOf(['Abort', 'Admin', 'BalanceInquiry', 'CardAcquisition', 'Diagnosis', 'Display', 'EnableService', 'Event', 'GetTotals', 'Input',
    'InputUpdate', 'Login', 'Logout', 'Payment', 'Print', 'Reconciliation', 'Reversal', 'StoredValue', 'TransactionStatus']),
  messageType: oneOf(['Notification', 'Request', 'Response']),
  result: oneOf(['Failure', 'Partial', 'Success']),
  errorCondition: oneOf(['Aborted', 'Busy', 'Cancel', 'DeviceOut', 'InProgress', 'InsertedCard', 'InvalidCard', 'LoggedOut', 'MessageFormat', 'NotAllowed',
    'NotFound', 'PaymentRestriction', 'Refusal', 'UnavailableDevice', 'UnavailableService', 'UnreachableHost', 'WrongPIN']),
  globalStatus: oneOf(['Busy', 'Maintenance', 'OK', 'Unreachable']),
  printerStatus: oneOf(['NoPaper', 'OK', 'OutOfOrder', 'PaperJam', 'PaperLow']),
  device: oneOf(['CashierDisplay', 'CashierInput', 'CustomerDisplay', 'CustomerInput']),
  infoQualify: oneOf(['CustomerAssistance', 'Display', 'Document', 'Error', 'Input', 'POIReplication', 'Receipt', 'Sound', 'Status', 'Voucher']),
  outputFormat: oneOf(['BarCode', 'MessageRef', 'Text', 'XHTML'], { Barcode: 'BarCode' }),
  characterWidth: oneOf(['DoubleWidth', 'SingleWidth']),
  characterHeight: oneOf(['DoubleHeight', 'HalfHeight', 'SingleHeight']),
  /** Adyen's libraries write "Underlined". */
  characterStyle: oneOf(['Bold', 'Italic', 'Normal', 'Underline'], { Underlined: 'Underline' }),
  alignment: oneOf(['Centred', 'Justified', 'Left', 'Right']),
  menuEntryTag: oneOf(['NonSelectable', 'NonSelectableSubMenu', 'Selectable', 'SubMenu']),
  transactionAction: oneOf(['AbortTransaction', 'StartTransaction']),
  servicesEnabled: oneOf(['CardAcquisition', 'Loyalty', 'Payment']),
  paymentType: oneOf(['CashAdvance', 'CashDeposit', 'Completion', 'FirstReservation', 'Instalment', 'IssuerInstalment', 'Normal', 'OneTimeReservation', 'PaidOut',
    'Recurring', 'Refund', 'UpdateReservation']),
  paymentInstrumentType: oneOf(['Card', 'Cash', 'Check', 'Mobile', 'StoredValue']),
  storedValueTransactionType: oneOf(['Activate', 'Duplicate', 'Load', 'Reserve', 'Reverse', 'Unload']),
  forceEntryMode: oneOf(['CheckReader', 'Contactless', 'File', 'ICC', 'Keyed', 'MagStripe', 'Manual', 'RFID', 'Scanned', 'SynchronousICC', 'Tapped']),
  entryMode: oneOf(['Contactless', 'File', 'ICC', 'Keyed', 'MagStripe', 'Manual', 'Mobile', 'RFID', 'Scanned', 'SynchronousICC', 'Tapped']),
  documentQualifier: oneOf(['CashierReceipt', 'CustomerReceipt', 'Document', 'Journal', 'SaleReceipt', 'Voucher']),
  authenticationMethod: oneOf(['Bypass', 'ManualVerification', 'MerchantAuthentication', 'OfflinePIN', 'OnlinePIN', 'PaperSignature', 'SecureCertificate',
    'SecureNoCertificate', 'SecuredChannel', 'SignatureCapture', 'UnknownMethod']),
  reversalReason: oneOf(['CustCancel', 'Malfunction', 'MerchantCancel', 'Unable2Compl']),
  reconciliationType: oneOf(['AcquirerReconciliation', 'AcquirerSynchronisation', 'PreviousReconciliation', 'SaleReconciliation']),
  /** "Deffered" is the schema's spelling. */
  transactionType: oneOf(['Award', 'CashAdvance', 'CompletedDeffered', 'CompletedReservation', 'Credit', 'Debit', 'Declined', 'Failed', 'FirstReservation',
    'IssuerInstalment', 'OneTimeReservation', 'Rebate', 'Redemption', 'ReverseAward', 'ReverseCredit', 'ReverseDebit', 'ReverseRebate', 'ReverseRedemption',
    'UpdateReservation']),
  totalDetails: oneOf(['OperatorID', 'POIID', 'SaleID', 'ShiftNumber', 'TotalsGroupID']),
  accountType: oneOf(['CardTotals', 'Checking', 'CreditCard', 'Default', 'EpurseCard', 'Investment', 'Savings', 'Universal']),
  /** The two of the network are in Adyen's libraries only: none is sent. */
  eventToNotify: oneOf(['Abort', 'BeginMaintenance', 'CardInserted', 'CardRemoved', 'Completed', 'CustomerLanguage', 'EndMaintenance', 'Initialised', 'KeyPressed',
    'OutOfOrder', 'Reject', 'SaleAdmin', 'SaleWakeUp', 'ScanBarcodeResult', 'SecurityAlarm', 'Shutdown', 'StopAssistance', 'UseAnotherCardForPreauth']),
  inputCommand: oneOf(['DecimalString', 'DigitString', 'GetAnyKey', 'GetConfirmation', 'GetFunctionKey', 'GetMenuEntry', 'Password', 'SiteManager', 'TextString']),
  responseMode: oneOf(['Immediate', 'NotRequired', 'PrintEnd', 'SoundEnd']),
  tokenRequestedType: oneOf(['Customer', 'Transaction']),
  customerOrderReq: oneOf(['Both', 'Closed', 'Open']),
};

/** Conditions of failure, as a Response has them. */
export type ErrorCondition = ValueOf<typeof words.errorCondition>;
export type MessageCategory = ValueOf<typeof words.messageCategory>;
export type DeviceName = ValueOf<typeof words.device>;
