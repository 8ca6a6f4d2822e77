import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type Tlv, tagText } from '#tlv/tlv.ts';
import { soleTemplate } from '../shared/card-data.ts';

/** Elements of format 1 stand side by side without tags; the last has the rest. Book 3 §6.5 */
export interface Fields {
  readonly shortest: number;
  readonly longest: number;
  readonly fields: readonly { readonly tag: number; readonly from: number; readonly to?: number }[];
}

/** The template of an answer in format 1 (80); undefined when it is in another, or in none. */
export const sideBySide = (data: Uint8Array): Tlv | Malformed | undefined =>
  data[0] === tag.responseMessageTemplateFormat1
    ? soleTemplate(data, tag.responseMessageTemplateFormat1)
    : undefined;

export const fieldsOf = (
  template: Tlv | Malformed,
  { shortest, longest, fields }: Fields,
): readonly Tlv[] | Malformed => {
  if (isMalformed(template)) return template;
  const { value, valueOffset } = template;
  if (value.length < shortest || value.length > longest) {
    const wrong = `a length of ${value.length}, not ${shortest} to ${longest}`;
    return malformed([tagText(template.tag)], valueOffset, wrong);
  }
  return fields.map(({ tag: named, from, to }) => ({
    tag: named,
    value: value.subarray(from, to),
    offset: valueOffset + from,
    valueOffset: valueOffset + from,
  }));
};

export const PROCESSING_OPTIONS_FIELDS: Fields = {
  shortest: 6,
  longest: 250,
  fields: [
    { tag: tag.applicationInterchangeProfile, from: 0, to: 2 },
    { tag: tag.applicationFileLocator, from: 2 },
  ],
};

export const CRYPTOGRAM_FIELDS: Fields = {
  shortest: 11,
  longest: 43,
  fields: [
    { tag: tag.cryptogramInformationData, from: 0, to: 1 },
    { tag: tag.applicationTransactionCounter, from: 1, to: 3 },
    { tag: tag.applicationCryptogram, from: 3, to: 11 },
    { tag: tag.issuerApplicationData, from: 11 },
  ],
};
