import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type Tlv, tagText } from '#tlv/tlv.ts';
import { soleAnswer } from '../shared/sole-answer.ts';
import { parseAndStore, storeFields } from './database.ts';
import type { Kernel2Run } from './run.ts';

/**
 * Stores what GENERATE AC answered: format 2 (77), or format 1 (80) with CID, ATC, AC and perhaps
 * the IAD side by side. C-2 S9
 * @returns the objects in template 77, as CDA hashes them; none for format 1
 */
export const storeCryptogram = (run: Kernel2Run, data: Uint8Array): readonly Tlv[] | Malformed => {
  const template = soleAnswer(data, FORMATS);
  if (isMalformed(template)) return template;
  if (template.tag === tag.responseMessageTemplateFormat2) return parseAndStore(run, template);
  const { length } = template.value;
  if (length < 11 || length > 43) {
    return malformed(
      [tagText(template.tag)],
      template.valueOffset,
      `a length of ${length}, not 11 to 43`,
    );
  }
  return storeFields(run, template, length > 11 ? WITH_ISSUER_DATA : FORMAT_1) ?? [];
};

const FORMATS = [tag.responseMessageTemplateFormat1, tag.responseMessageTemplateFormat2];

const FORMAT_1 = [
  { tag: tag.cryptogramInformationData, from: 0, to: 1 },
  { tag: tag.applicationTransactionCounter, from: 1, to: 3 },
  { tag: tag.applicationCryptogram, from: 3, to: 11 },
];

const WITH_ISSUER_DATA = [...FORMAT_1, { tag: tag.issuerApplicationData, from: 11 }];
