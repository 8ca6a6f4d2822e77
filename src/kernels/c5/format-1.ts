import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type Tlv, tagText } from '#tlv/tlv.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { type Field, fieldValues } from '../shared/format-one.ts';

/**
 * The elements of an answer in format 1 (80); undefined when it is in another format, or in none.
 * @param fieldsOf where they stand; undefined for a length that can't hold them
 */
export const sideBySide = (
  data: Uint8Array,
  fieldsOf: (template: Tlv) => readonly Field[] | undefined,
): readonly Tlv[] | Malformed | undefined => {
  if (data[0] !== tag.responseMessageTemplateFormat1) return undefined;
  const template = soleTemplate(data, tag.responseMessageTemplateFormat1);
  if (isMalformed(template)) return template;
  const fields = fieldsOf(template);
  if (fields !== undefined) return fieldValues(template, fields);
  const wrong = `a length of ${template.value.length} for what stands in it`;
  return malformed([tagText(template.tag)], template.valueOffset, wrong);
};
