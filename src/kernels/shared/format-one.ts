import { tag } from '#data/dictionary.ts';
import type { Tlv } from '#tlv/tlv.ts';

/** One element in a format 1 answer (80), where only the place tells the tag. */
export interface Field {
  readonly tag: number;
  readonly from: number;
  /** Absent: the rest of the value. */
  readonly to?: number;
}

/**
 * Where GET PROCESSING OPTIONS has AIP and AFL; undefined for a length that holds no such two.
 * Book 3 §6.5.8
 */
export const processingOptionsFields = ({ value }: Tlv): readonly Field[] | undefined =>
  value.length < 6 || (value.length - 2) % 4 !== 0
    ? undefined
    : [
        { tag: tag.applicationInterchangeProfile, from: 0, to: 2 },
        { tag: tag.applicationFileLocator, from: 2 },
      ];

/**
 * Where GENERATE AC has CID, ATC, AC and perhaps the IAD; undefined for a length that holds no
 * such elements. Book 3 §6.5.5
 */
export const cryptogramFields = ({ value: { length } }: Tlv): readonly Field[] | undefined => {
  if (length < 11 || length > 43) return undefined;
  return length > 11 ? [...CRYPTOGRAM, { tag: tag.issuerApplicationData, from: 11 }] : CRYPTOGRAM;
};

const CRYPTOGRAM: readonly Field[] = [
  { tag: tag.cryptogramInformationData, from: 0, to: 1 },
  { tag: tag.applicationTransactionCounter, from: 1, to: 3 },
  { tag: tag.applicationCryptogram, from: 3, to: 11 },
];

/** The elements as if they had come in TLV. */
export const fieldValues = ({ value, valueOffset }: Tlv, fields: readonly Field[]): Tlv[] =>
  fields.map(({ tag: found, from, to }) => ({
    tag: found,
    value: value.subarray(from, to),
    offset: valueOffset + from,
    valueOffset: valueOffset + from,
  }));
