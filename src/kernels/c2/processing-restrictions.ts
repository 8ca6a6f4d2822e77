import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import { bytesOf, dataBit, isNotEmpty, type Kernel2Run, numberOf, setTvr } from './run.ts';

/** C-2 7.7 (PRE): versions, dates, and what the issuer lets the application be used for. */
export const processingRestrictions = (run: Kernel2Run): void => {
  const cardVersion = bytesOf(run, tag.applicationVersionNumberCard);
  const ours = bytesOf(run, tag.applicationVersionNumberTerminal);
  if (cardVersion.length > 0 && !equal(cardVersion, ours)) setTvr(run, 'versionsDiffer');
  const today = sortable(numberOf(run, tag.transactionDate));
  if (
    isNotEmpty(run, tag.applicationEffectiveDate) &&
    today < sortable(numberOf(run, tag.applicationEffectiveDate))
  ) {
    setTvr(run, 'notYetEffective');
  }
  if (today > sortable(numberOf(run, tag.applicationExpirationDate))) setTvr(run, 'expired');
  if (isNotEmpty(run, tag.applicationUsageControl) && !usageAllowed(run)) {
    setTvr(run, 'serviceNotAllowed');
  }
};

/** YYMMDD as YYYYMMDD: 50 to 99 lie in the last century. Book 4 §6.7.3 */
export const sortable = (yymmdd: number): number =>
  yymmdd + (yymmdd < 500000 ? 20000000 : 19000000);

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
