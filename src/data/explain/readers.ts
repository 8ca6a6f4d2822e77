import { toHex } from '#bytes/hex.ts';
import { malformed } from '#bytes/malformed.ts';
import type { Book, ElementName } from '../dictionary.ts';
import { deviceTypesK2 } from '../values.ts';
import { explainPan, explainServiceCode, explainTrack1, explainTrack2 } from './account.ts';
import { cvmResultsMeaning, explainCvmList } from './cvm.ts';
import { type Detail, detail, type Finding } from './explanation.ts';
import { explainIssuerApplicationData, explainIssuerAuthenticationData } from './issuer-data.ts';
import { count, explainAfl, explainDol, explainPhoneMessages, explainTagList } from './lists.ts';
import {
  explainApplicationName,
  explainCurrency,
  explainLanguages,
  explainResponseCode,
} from './plain.ts';

export interface ReaderOptions {
  readonly book?: Book | undefined;
  /** Account data itself, for a person with the right to it. */
  readonly shown: boolean;
}

export type Reader = (value: Uint8Array, options: ReaderOptions) => Finding;

/** Response Message Template Format 1: which command it answers is told by its shape. */
const explainFormat1: Reader = (value, { book }) => {
  const afl = explainAfl(value.subarray(2));
  if (value.length >= 6 && afl.malformed === undefined) {
    return {
      meaning: 'an answer to GET PROCESSING OPTIONS',
      details: [
        detail('82', `Application Interchange Profile: ${toHex(value.subarray(0, 2))}`),
        ...(afl.details ?? []),
      ],
    };
  }
  if (value.length === 10) return explainRelayResistance(value);
  if (value.length < 11 || value.length > 43) {
    return { malformed: malformed([], 0, 'the shape of no answer') };
  }
  return {
    meaning: 'an answer to GENERATE AC',
    details: [
      detail('9F27', `Cryptogram Information Data: ${toHex(value.subarray(0, 1))}`),
      detail('9F36', `Application Transaction Counter: ${toHex(value.subarray(1, 3))}`),
      detail('9F26', `Application Cryptogram: ${toHex(value.subarray(3, 11))}`),
      ...(value.length > 11
        ? [
            detail('9F10', `Issuer Application Data: ${toHex(value.subarray(11))}`),
            ...(explainIssuerApplicationData(value.subarray(11), book).details ?? []),
          ]
        : []),
    ],
  };
};

const explainRelayResistance = (value: Uint8Array): Finding => ({
  meaning: 'an answer to EXCHANGE RELAY RESISTANCE DATA',
  details: [
    detail('DF8302', `Device relay resistance entropy: ${toHex(value.subarray(0, 4))}`),
    detail('DF8303', `Least processing time: ${milliseconds(value.subarray(4, 6))}`),
    detail('DF8304', `Greatest processing time: ${milliseconds(value.subarray(6, 8))}`),
    detail('DF8305', `Transmission time of the answer: ${milliseconds(value.subarray(8, 10))}`),
  ],
});

// Relay resistance counts in tenths of a millisecond. C-2 Annex A.
const milliseconds = (value: Uint8Array): string => `${Number(`0x${toHex(value)}`) / 10} ms`;
const explainMilliseconds: Reader = (value) =>
  value.length === 2 ? { meaning: milliseconds(value) } : {};

// C-2 Annex A: the device type is there unless bit 8 of the unique identifier says otherwise.
const explainThirdPartyData: Reader = (value) => {
  const typed = ((value[2] ?? 0) & 0x80) === 0;
  const type = String.fromCharCode(...value.subarray(4, 6));
  const rest = value.subarray(typed ? 6 : 4);
  return {
    details: [
      ...(typed && value.length >= 6
        ? [detail('B5-6', `Device type: "${type}"${known(deviceTypesK2[type])}`)]
        : []),
      ...(rest.length > 0 ? [detail(`B${typed ? 7 : 5}-`, `Proprietary: ${toHex(rest)}`)] : []),
    ],
  };
};

/** Book B: identifier of two bytes, length, value; over and over. */
const explainRegisteredData: Reader = (value) => {
  const details: Detail[] = [];
  let at = 0;
  while (at < value.length) {
    const length = value[at + 2];
    if (length === undefined || at + 3 + length > value.length) {
      return { details, malformed: malformed([], at, 'an entry runs past the end') };
    }
    const id = toHex(value.subarray(at, at + 2));
    details.push(detail(id, toHex(value.subarray(at + 3, at + 3 + length)) || 'empty'));
    at += 3 + length;
  }
  return { details };
};

/** C-3 §9: one entry of five bytes for each script. */
const explainScriptResults: Reader = (value) => {
  const details: Detail[] = [];
  for (let at = 0; at + 5 <= value.length; at += 5) {
    const first = value[at] ?? 0;
    const result = ['not performed', 'failed', 'successful'][first >> 4] ?? 'not assigned';
    const command = (first & 15) === 0 ? '' : ` at command ${first & 15}`;
    const id = toHex(value.subarray(at + 1, at + 5));
    details.push(detail(`script ${at / 5 + 1}`, `${result}${command}, identifier ${id}`));
  }
  return { details };
};

const explainKernelChoice: Reader = (value) =>
  value.length === 2
    ? { remarks: ['two bytes, where one, or three to eight, make an identifier'] }
    : {};

const explainCounter: Reader = (value) => ({ meaning: `${Number(`0x${toHex(value)}`)}` });

const explainBinaryAmount: Reader = (value) => ({
  meaning: `${Number(`0x${toHex(value)}`)} minor units`,
});

const explainSigned: Reader = (value) => ({
  meaning: `signed, ${count(8 * value.length, 'bit')}; only the key above it recovers what it says`,
});

const explainCodeTable: Reader = (value) => ({ meaning: `ISO 8859-${Number(toHex(value))}` });
const explainShortFile: Reader = (value) => ({ meaning: `short file identifier ${value[0] ?? 0}` });
const explainLogEntry: Reader = (value) => ({
  meaning: `log in SFI ${value[0] ?? 0}, ${count(value[1] ?? 0, 'record')}`,
});

const known = (text: string | undefined): string => (text === undefined ? '' : `, ${text}`);

const dol: Reader = (value, { book }) => explainDol(value, book);
const tags: Reader = (value, { book }) => explainTagList(value, book);

/** Elements whose value says more than its format does. */
export const readers: Partial<Readonly<Record<ElementName, Reader>>> = {
  track1Data: (value, { shown }) => explainTrack1(value, shown),
  track2EquivalentData: (value, { shown }) => explainTrack2(value, shown),
  track2DataMagStripeMode: (value, { shown }) => explainTrack2(value, shown),
  applicationPan: (value, { shown }) => explainPan(value, shown),
  serviceCode: (value) => ({ details: explainServiceCode(toHex(value).slice(1)) }),
  adfNameDirectoryAid: explainApplicationName,
  dfName: explainApplicationName,
  ddfName: explainApplicationName,
  applicationIdentifierTerminal: explainApplicationName,
  responseMessageTemplateFormat1: explainFormat1,
  applicationFileLocator: explainAfl,
  cvmList: (value, { book }) => explainCvmList(value, book),
  cvmResults: (value, { book }) => {
    const meaning = cvmResultsMeaning(value, book);
    return meaning === undefined ? {} : { meaning };
  },
  issuerApplicationData: (value, { book }) => explainIssuerApplicationData(value, book),
  issuerAuthenticationData: explainIssuerAuthenticationData,
  cdol1: dol,
  cdol2: dol,
  tdol: dol,
  pdol: dol,
  ddol: dol,
  drdol: dol,
  dsdol: dol,
  udol: dol,
  defaultUdol: dol,
  defaultCdol1: dol,
  logFormat: dol,
  selectionDataObjectListSdol: dol,
  staticDataAuthenticationTagList: tags,
  extendedSdaTagList: tags,
  discretionaryDataTagList: tags,
  dataNeededK2: tags,
  dataNeededK8: tags,
  tagsToReadK2: tags,
  tagsToReadK8: tags,
  transactionCurrencyCode: explainCurrency,
  applicationCurrencyCode: explainCurrency,
  transactionReferenceCurrencyCode: explainCurrency,
  applicationDualCurrencyCode: explainCurrency,
  languagePreference: explainLanguages,
  authorisationResponseCode: explainResponseCode,
  issuerCodeTableIndex: explainCodeTable,
  shortFileIdentifier: explainShortFile,
  logEntry: explainLogEntry,
  applicationTransactionCounter: explainCounter,
  lastOnlineAtcRegister: explainCounter,
  pinTryCounter: explainCounter,
  timeOutValue: (value) => ({ meaning: `${Number(`0x${toHex(value)}`)} ms` }),
  timeOutValueK8: (value) => ({ meaning: `${Number(`0x${toHex(value)}`)} ms` }),
  holdTimeValueK2: (value) => ({ meaning: `${(value[0] ?? 0) / 10} s` }),
  holdTimeValueK8: (value) => ({ meaning: `${(value[0] ?? 0) / 10} s` }),
  amountAuthorisedBinary: explainBinaryAmount,
  amountOtherBinary: explainBinaryAmount,
  terminalFloorLimit: explainBinaryAmount,
  issuerPublicKeyCertificate: explainSigned,
  iccPublicKeyCertificate: explainSigned,
  signedDynamicApplicationData: explainSigned,
  signedStaticApplicationData: explainSigned,
  thirdPartyData: explainThirdPartyData,
  applicationSelectionRegisteredProprietaryData: explainRegisteredData,
  issuerScriptResults: explainScriptResults,
  kernelIdentifier: explainKernelChoice,
  phoneMessageTable: explainPhoneMessages,
  minTimeForProcessingRelayResistanceApdu: explainMilliseconds,
  maxTimeForProcessingRelayResistanceApdu: explainMilliseconds,
  deviceEstimatedTransmissionTimeForRelayResistanceRApdu: explainMilliseconds,
  measuredRelayResistanceProcessingTime: explainMilliseconds,
  minimumRelayResistanceGracePeriodK2: explainMilliseconds,
  maximumRelayResistanceGracePeriod: explainMilliseconds,
  minimumRelayResistanceGracePeriodK8: explainMilliseconds,
  maximumRelayResistanceGracePeriodK8: explainMilliseconds,
  relayResistanceAccuracyThresholdK2: explainMilliseconds,
  relayResistanceAccuracyThresholdK8: explainMilliseconds,
};
