import { bit, withBit } from '#bytes/bytes.ts';
import type { PreprocessingIndicators, Transaction } from '#kernels/shared/kernel.ts';
import type { EntryPointData } from './configuration.ts';

/**
 * Pre-Processing of one combination, Book B 3.1.1: which limits the amount meets. The comparisons
 * differ on purpose: "equal or over" for transaction and CVM limit, "over" for the floor limits.
 * @param majorUnit minor units that make one unit of the currency; undefined if not known
 */
export const preProcess = (
  data: EntryPointData,
  { amountAuthorised: amount }: Transaction,
  majorUnit: number | undefined,
): PreprocessingIndicators => {
  const transactionLimit = data.readerContactlessTransactionLimit;
  const cvmLimit = data.readerCvmRequiredLimit;
  const indicators = {
    statusCheckRequested: data.statusCheck === true && amount === majorUnit,
    contactlessApplicationNotAllowed: transactionLimit !== undefined && amount >= transactionLimit,
    zeroAmount: false,
    readerCvmRequiredLimitExceeded: cvmLimit !== undefined && amount >= cvmLimit,
    readerContactlessFloorLimitExceeded: floorLimitExceeded(data, amount),
  };
  if (amount === 0 && data.zeroAmountForOfflineAllowed !== true) {
    // 3.1.1.3: not configured counts as allowed.
    if (data.zeroAmountAllowed === false) indicators.contactlessApplicationNotAllowed = true;
    else indicators.zeroAmount = true;
  }
  return data.ttq === undefined ? indicators : withTtq(indicators, data.ttq);
};

/** Indicators for an activation by the reader at Start B, where no pre-processing is done. */
export const fixedIndicators = (data: EntryPointData): PreprocessingIndicators => ({
  statusCheckRequested: false,
  contactlessApplicationNotAllowed: false,
  zeroAmount: false,
  readerCvmRequiredLimitExceeded: false,
  readerContactlessFloorLimitExceeded: false,
  ...(data.ttq === undefined ? {} : { ttq: data.ttq }),
  ...data.fixedIndicators,
});

const floorLimitExceeded = (data: EntryPointData, amount: number): boolean => {
  const limit = data.readerContactlessFloorLimit ?? data.terminalFloorLimit;
  return limit !== undefined && amount > limit;
};

const withTtq = (
  indicators: PreprocessingIndicators,
  configured: Uint8Array,
): PreprocessingIndicators => {
  // A zero amount must go online; a reader that can't go online can't take it. 3.1.1.9
  const offlineOnly = bit(configured, 1, 4);
  const online =
    indicators.readerContactlessFloorLimitExceeded ||
    indicators.statusCheckRequested ||
    (indicators.zeroAmount && !offlineOnly);
  const onlineTtq = withBit(configured, 2, 8, online);
  return {
    ...indicators,
    contactlessApplicationNotAllowed:
      indicators.contactlessApplicationNotAllowed || (indicators.zeroAmount && offlineOnly),
    ttq: withBit(onlineTtq, 2, 7, indicators.readerCvmRequiredLimitExceeded),
  };
};
