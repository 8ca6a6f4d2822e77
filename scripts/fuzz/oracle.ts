import { splitResponse } from '#apdu/response.ts';
import { toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { primitives, soleTemplate } from '#kernels/shared/card-data.ts';
import type { Answer } from './mutate.ts';

/** One exchange of a tap, as it happened. */
export interface Exchange {
  readonly command: Uint8Array;
  readonly answer: Answer;
}

/**
 * What an offline approval rests on, as text: the bodies of the records, the signature with what it
 * covers, and for CDA the whole answer to GENERATE AC. An approval whose foundation differs from
 * the honest tap's is a forgery that was believed. In no order: two records that changed places say
 * the same, unless they are signed, and then no signature fits.
 */
export const foundation = (exchanges: readonly Exchange[]): string =>
  exchanges.map(part).filter(Boolean).sort().join('\n');

const part = ({ command, answer }: Exchange): string => {
  if (typeof answer === 'string') return '';
  const { data } = splitResponse(answer);
  switch (command[1]) {
    case 0xb2: {
      const template = soleTemplate(data, tag.readRecordResponseTemplate);
      return isMalformed(template) ? '' : `record ${toHex(template.value)}`;
    }
    case 0xae: {
      const template = soleTemplate(data, tag.responseMessageTemplateFormat2);
      return isMalformed(template) ? '' : `generate ac ${toHex(template.value)}`;
    }
    case 0xa8: {
      const objects = primitives(data);
      if (isMalformed(objects)) return '';
      const signed = objects.filter((object) => SIGNED.has(object.tag));
      return signed.map((object) => `${object.tag} ${toHex(object.value)}`).join('\n');
    }
    default:
      return '';
  }
};

// In the answer to GPO: fDDA's signature with the card's own part of it.
const SIGNED = new Set([tag.signedDynamicApplicationData, tag.cardAuthenticationRelatedDataK3]);
