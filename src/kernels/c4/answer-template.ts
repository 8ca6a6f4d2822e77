import type { Malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import type { Tlv } from '#tlv/tlv.ts';
import { soleTemplate } from '../shared/card-data.ts';

/** The one template of an answer to GET PROCESSING OPTIONS or GENERATE AC: format 1 or 2. */
export const answerTemplate = (data: Uint8Array): Tlv | Malformed =>
  soleTemplate(
    data,
    data[0] === tag.responseMessageTemplateFormat1
      ? tag.responseMessageTemplateFormat1
      : tag.responseMessageTemplateFormat2,
  );
