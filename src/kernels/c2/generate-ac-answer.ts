import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type Tlv, tagText } from '#tlv/tlv.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { cryptogramFields } from '../shared/format-one.ts';
import { parseAndStore, storeFields } from './database.ts';
import type { Kernel2Run } from './run.ts';

/**
 * Stores what GENERATE AC answered: format 2 (77), or format 1 (80) with CID, ATC, AC and perhaps
 * the IAD side by side. C-2 S9
 * @returns the objects in template 77, as CDA hashes them; none for format 1
 */
export const storeCryptogram = (run: Kernel2Run, data: Uint8Array): readonly Tlv[] | Malformed => {
  const template = soleTemplate(data, ...FORMATS);
  if (isMalformed(template)) return template;
  if (template.tag === tag.responseMessageTemplateFormat2) return parseAndStore(run, template);
  const fields = cryptogramFields(template);
  if (fields === undefined) {
    return malformed(
      [tagText(template.tag)],
      template.valueOffset,
      `a length of ${template.value.length}, not 11 to 43`,
    );
  }
  return storeFields(run, template, fields) ?? [];
};

const FORMATS = [tag.responseMessageTemplateFormat1, tag.responseMessageTemplateFormat2];
