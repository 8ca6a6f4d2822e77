import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { type Outcome, outcome, reason } from '../shared/outcome.ts';
import { selectCvm } from './cvm.ts';
import { closing, endWithError, selectNext } from './outcomes.ts';
import {
  bytesOf,
  dataBit,
  isNotEmpty,
  type Kernel2Run,
  numberOf,
  type State,
  setTvr,
} from './run.ts';
import { decideCryptogram } from './terminal-action-analysis.ts';

/** S456: limits, what is mandatory, restrictions, CVM and action analysis. C-2 6.9 */
export const checkBeforeGenerateAc: State = function* (run) {
  const end = limits(run) ?? mandatory(run) ?? dataAuthentication(run);
  if (end !== undefined) return end;
  const cvmRequired = amount(run) > numberOf(run, tag.readerCvmRequiredLimitK2);
  if (cvmRequired) run.receipt = true;
  const capability = bytesOf(
    run,
    cvmRequired ? tag.cvmCapabilityCvmRequiredK2 : tag.cvmCapabilityNoCvmRequiredK2,
  )[0];
  const capabilities = Uint8Array.from(bytesOf(run, tag.terminalCapabilities));
  capabilities[1] = capability ?? 0;
  run.data.set(tag.terminalCapabilities, capabilities);
  processingRestrictions(run);
  selectCvm(run, cvmRequired);
  if (amount(run) > numberOf(run, tag.readerContactlessFloorLimitK2)) {
    setTvr(run, 'floorLimitExceeded');
  }
  run.acType = decideCryptogram(run);
  return 'generateAc';
};

const amount = (run: Kernel2Run): number => numberOf(run, tag.amountAuthorisedNumeric);

const limits = (run: Kernel2Run): Outcome | undefined => {
  if (!isNotEmpty(run, tag.amountAuthorisedNumeric)) {
    run.error.l3 = 0x03;
    return outcome(
      'endApplication',
      closing(run, reason('no amount', tag.amountAuthorisedNumeric)),
    );
  }
  if (amount(run) <= run.transactionLimit) return undefined;
  const why = reason("over this application's contactless transaction limit");
  return selectNext(run, 'maxLimitExceeded', why);
};

const mandatory = (run: Kernel2Run): Outcome | undefined => {
  const wanted = [tag.applicationExpirationDate, tag.applicationPan, tag.cdol1];
  const missing = wanted.find((one) => !isNotEmpty(run, one));
  return missing === undefined
    ? undefined
    : endWithError(run, 'cardDataMissing', reason('mandatory data is missing', missing));
};

// S456.21 to .27. Without the certification authority's keys CDA can only fail: the terminal action
// codes decide what comes of it.
const dataAuthentication = (run: Kernel2Run): Outcome | undefined => {
  if (!run.cda) return undefined;
  if (!CDA_DATA.every((wanted) => isNotEmpty(run, wanted))) setTvr(run, 'iccDataMissing');
  setTvr(run, 'cdaFailed');
  const list = bytesOf(run, tag.staticDataAuthenticationTagList);
  if (equal(list, Uint8Array.of(tag.applicationInterchangeProfile))) return undefined;
  const why = reason('is not the AIP alone', tag.staticDataAuthenticationTagList);
  return endWithError(run, 'cardDataError', why);
};

const CDA_DATA = [
  tag.certificationAuthorityPublicKeyIndexCard,
  tag.issuerPublicKeyCertificate,
  tag.issuerPublicKeyExponent,
  tag.iccPublicKeyCertificate,
  tag.iccPublicKeyExponent,
  tag.staticDataAuthenticationTagList,
];

/** C-2 7.7: versions, dates, and what the issuer lets the application be used for. */
const processingRestrictions = (run: Kernel2Run): void => {
  const cardVersion = bytesOf(run, tag.applicationVersionNumberCard);
  const ours = bytesOf(run, tag.applicationVersionNumberTerminal);
  if (cardVersion.length > 0 && !equal(cardVersion, ours)) setTvr(run, 'versionsDiffer');
  const today = numberOf(run, tag.transactionDate);
  if (
    isNotEmpty(run, tag.applicationEffectiveDate) &&
    sortable(today) < sortable(numberOf(run, tag.applicationEffectiveDate))
  ) {
    setTvr(run, 'notYetEffective');
  }
  if (sortable(today) > sortable(numberOf(run, tag.applicationExpirationDate))) {
    setTvr(run, 'expired');
  }
  if (isNotEmpty(run, tag.applicationUsageControl) && !usageAllowed(run)) {
    setTvr(run, 'serviceNotAllowed');
  }
};

// YYMMDD; 50 to 99 lie in the last century. Book 4 §6.7.3
const sortable = (yymmdd: number): number => yymmdd + (yymmdd < 500000 ? 1000000 : 0);

// Application Usage Control: byte 1 domestic/international pairs from bit 8 down for cash, goods,
// services; b2 ATM, b1 other than ATM; byte 2 b8/b7 cashback. Book 3 Annex C2
const usageAllowed = (run: Kernel2Run): boolean => {
  const may = (byte: number, bitNumber: number) =>
    dataBit(run, tag.applicationUsageControl, byte, bitNumber);
  if (!may(1, isAtm(run) ? 2 : 1)) return false;
  if (!isNotEmpty(run, tag.issuerCountryCode)) return true;
  const domestic = equal(
    bytesOf(run, tag.issuerCountryCode),
    bytesOf(run, tag.terminalCountryCode),
  );
  const second = domestic ? 0 : 1;
  const type = bytesOf(run, tag.transactionType)[0];
  if ((type === 0x01 || type === 0x17) && !may(1, 8 - second)) return false;
  const purchase = type === 0x00 || type === 0x09;
  if (purchase && !may(1, 6 - second) && !may(1, 4 - second)) return false;
  return numberOf(run, tag.amountOtherNumeric) === 0 || may(2, 8 - second);
};

// Terminal Type 14, 15, 16 with cash among the Additional Terminal Capabilities.
const isAtm = (run: Kernel2Run): boolean => {
  const type = bytesOf(run, tag.terminalType)[0] ?? 0;
  return type >= 0x14 && type <= 0x16 && dataBit(run, tag.additionalTerminalCapabilities, 1, 8);
};
