// table: what goes into DE 55, by kernel. acquirer interface practice; data records of C-2 to C-8.
import { tag } from '#data/dictionary.ts';
import type { Kernel } from './types.ts';

export interface IccTags {
  /** Sent when the kernel's data record has them, in this order. */
  readonly tags: readonly number[];
  /** Sent with this value when the data record has none. */
  readonly defaults: ReadonlyMap<number, Uint8Array>;
}

/** Account data (57, 5A, 5F20) has fields of its own and stays out of DE 55. */
export const iccTags = (kernel: Kernel): IccTags => rows[kernel];

// What the cryptogram covers and what the terminal is: hosts of all schemes take these.
const common = [
  tag.applicationInterchangeProfile,
  tag.dfName,
  tag.terminalVerificationResults,
  tag.transactionDate,
  tag.transactionType,
  tag.transactionCurrencyCode,
  tag.applicationPanSequenceNumber,
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.applicationVersionNumberTerminal,
  tag.issuerApplicationData,
  tag.terminalCountryCode,
  tag.interfaceDeviceSerialNumber,
  tag.applicationCryptogram,
  tag.cryptogramInformationData,
  tag.terminalCapabilities,
  tag.cvmResults,
  tag.terminalType,
  tag.applicationTransactionCounter,
  tag.unpredictableNumber,
  tag.transactionSequenceCounter,
];

const amex = [
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.applicationCryptogram,
  tag.applicationInterchangeProfile,
  tag.applicationPanSequenceNumber,
  tag.applicationTransactionCounter,
  tag.cryptogramInformationData,
  tag.issuerApplicationData,
  tag.terminalCountryCode,
  tag.terminalVerificationResults,
  tag.transactionCurrencyCode,
  tag.transactionDate,
  tag.transactionType,
  tag.unpredictableNumber,
];

const token = [tag.paymentAccountReference, tag.tokenRequestorId];

// Kernels 3 and 7 keep no TVR and may go online without Cryptogram Information Data; hosts check
// the cryptogram over a TVR of zeros and expect 9F27 to say ARQC.
const fromQualifiers = new Map([
  [tag.terminalVerificationResults, new Uint8Array(5)],
  [tag.cryptogramInformationData, Uint8Array.of(0x80)],
]);

const row = (
  tags: readonly number[],
  defaults: ReadonlyMap<number, Uint8Array> = new Map(),
): IccTags => ({ tags, defaults });

const rows: { readonly [kernel in Kernel]: IccTags } = {
  K2: row([
    ...common,
    tag.thirdPartyData,
    tag.transactionCategoryCode,
    tag.applicationUsageControl,
    ...token,
  ]),
  K3: row(
    [
      ...common,
      tag.formFactorIndicator,
      tag.terminalTransactionQualifiers,
      tag.cardTransactionQualifiers,
      tag.customerExclusiveData,
      ...token,
    ],
    fromQualifiers,
  ),
  // 9F6E is the reader's own in kernel 4 and isn't sent.
  K4: row(amex),
  K5: row([...common, tag.deviceInformation, tag.partnerDiscretionaryData, ...token]),
  K6: row([
    ...common,
    tag.applicationUsageControl,
    tag.applicationIdentifierTerminal,
    tag.track1DiscretionaryData,
  ]),
  K7: row(
    [
      ...common,
      tag.productIdentificationInformation,
      tag.last4DigitsOfPan,
      tag.partnerProprietaryData,
      ...token,
    ],
    fromQualifiers,
  ),
  K8: row([...common, ...token]),
};
