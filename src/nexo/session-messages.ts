// table: messages about sessions, devices and the terminal itself, a field a row.
// Source: Adyen Terminal API, OpenAPI file TerminalAPI-v1 (version 1), components.schemas.
import { words } from './enumerations.ts';
import { list, optional, structure, type ValueOf } from './rules.ts';
import { anyText, base64, digits, flag, integer, language, text, textLike } from './scalars.ts';
import {
  displayOutput,
  menuEntry,
  messageReference,
  outputContent,
  outputResult,
  response,
  saleTerminalData,
} from './structures.ts';
import { dateTime } from './times.ts';

const software = {
  ApplicationName: text,
  SoftwareVersion: text,
  CertificationCode: text,
};

export const loginRequest = structure({
  DateTime: dateTime,
  // The schema requires ManufacturerID, Adyen's libraries don't: taken without.
  SaleSoftware: structure({ ManufacturerID: optional(text), ...software }),
  SaleTerminalData: optional(saleTerminalData),
  TrainingModeFlag: optional(flag),
  OperatorLanguage: language,
  OperatorID: optional(text),
  ShiftNumber: optional(text),
  TokenRequestedType: optional(words.tokenRequestedType),
  CustomerOrderReq: optional(list(words.customerOrderReq)),
  POISerialNumber: optional(text),
});

export const poiStatus = structure({
  GlobalStatus: words.globalStatus,
  SecurityOKFlag: optional(flag),
  PEDOKFlag: optional(flag),
  CardReaderOKFlag: optional(flag),
  PrinterStatus: optional(words.printerStatus),
  CommunicationOKFlag: optional(flag),
  FraudPreventionFlag: optional(flag),
});

export const loginResponse = structure({
  Response: response,
  POISystemData: optional(
    structure({
      DateTime: dateTime,
      POISoftware: structure({ ManufacturerID: text, ...software }),
      POIStatus: optional(poiStatus),
    }),
  ),
  TokenRequestStatus: optional(flag),
});

export const logoutRequest = structure({ MaintenanceAllowed: optional(flag) });

/** An answer that says how it went and no more: Logout, Admin, EnableService. */
export const responseOnly = structure({ Response: response });

export const adminRequest = structure({ ServiceIdentification: optional(text) });

export const enableServiceRequest = structure(
  {
    TransactionAction: words.transactionAction,
    ServicesEnabled: optional(list(words.servicesEnabled)),
    DisplayOutput: optional(displayOutput),
  },
  ({ TransactionAction, ServicesEnabled }) =>
    TransactionAction === 'StartTransaction' && ServicesEnabled === undefined
      ? ['ServicesEnabled', 'Missing where TransactionAction is StartTransaction']
      : undefined,
);

export const diagnosisRequest = structure({
  POIID: optional(text),
  HostDiagnosisFlag: optional(flag),
  AcquirerID: optional(list(digits)),
});

export const diagnosisResponse = structure({
  Response: response,
  POIStatus: optional(poiStatus),
  HostStatus: optional(list(structure({ AcquirerID: digits, IsReachableFlag: optional(flag) }))),
});

export const abortRequest = structure({
  MessageReference: messageReference,
  AbortReason: text,
  DisplayOutput: optional(displayOutput),
});

export const displayRequest = structure({ DisplayOutput: list(displayOutput) });

export const displayResponse = structure({ OutputResult: list(outputResult) });

export const inputData = structure({
  Device: words.device,
  InfoQualify: words.infoQualify,
  InputCommand: words.inputCommand,
  NotifyCardInputFlag: optional(flag),
  MaxInputTime: optional(integer(0)),
  ImmediateResponseFlag: optional(flag),
  MinLength: optional(integer(0)),
  MaxLength: optional(integer(0)),
  MaxDecimalLength: optional(integer(0)),
  WaitUserValidationFlag: optional(flag),
  DefaultInputString: optional(text),
  DefaultLayoutString: optional(text),
  StringMask: optional(text),
  FromRightToLeftFlag: optional(flag),
  MaskCharactersFlag: optional(flag),
  BeepKeyFlag: optional(flag),
  GlobalCorrectionFlag: optional(flag),
  DisableCancelFlag: optional(flag),
  DisableCorrectFlag: optional(flag),
  DisableValidFlag: optional(flag),
  MenuBackFlag: optional(flag),
});

export const inputRequest = structure({
  DisplayOutput: optional(displayOutput),
  InputData: inputData,
});

// Passwords are left out: no shopper types one here.
export const input = structure({
  InputCommand: words.inputCommand,
  ConfirmedFlag: optional(flag),
  FunctionKey: optional(digits),
  TextInput: optional(anyText),
  // With a point where InputCommand is DecimalString.
  DigitInput: optional(textLike(/^[0-9]+(\.[0-9]+)?$/, 'digits')),
  MenuEntryNumber: optional(list(integer(-1))),
});

export const inputResponse = structure({
  OutputResult: optional(outputResult),
  InputResult: structure({
    Device: words.device,
    InfoQualify: words.infoQualify,
    Response: response,
    Input: optional(input),
  }),
});

export const inputUpdate = structure({
  MessageReference: messageReference,
  OutputContent: outputContent,
  MenuEntry: optional(list(menuEntry)),
  OutputSignature: optional(base64()),
  MinLength: optional(integer(0)),
  MaxLength: optional(integer(0)),
  MaxDecimalLength: optional(integer(0)),
});

export const printRequest = structure({
  PrintOutput: structure({
    DocumentQualifier: words.documentQualifier,
    ResponseMode: words.responseMode,
    IntegratedPrintFlag: optional(flag),
    RequiredSignatureFlag: optional(flag),
    OutputContent: outputContent,
  }),
});

export const printResponse = structure({
  DocumentQualifier: words.documentQualifier,
  Response: response,
});

export const eventNotification = structure(
  {
    TimeStamp: dateTime,
    EventToNotify: words.eventToNotify,
    EventDetails: optional(text),
    RejectedMessage: optional(base64()),
    MaintenanceRequiredFlag: optional(flag),
    DisplayOutput: optional(list(displayOutput)),
  },
  ({ EventToNotify, RejectedMessage }) =>
    EventToNotify === 'Reject' && RejectedMessage === undefined
      ? ['RejectedMessage', 'Missing where EventToNotify is Reject']
      : undefined,
);

export type InputRequest = ValueOf<typeof inputRequest>;
export type Input = ValueOf<typeof input>;
export type PoiStatus = ValueOf<typeof poiStatus>;
export type EventNotification = ValueOf<typeof eventNotification>;
