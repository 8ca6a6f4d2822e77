import { type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { child } from '#kernels/shared/card-data.ts';
import { parseTlvs, type Tlv, tagText } from '#tlv/tlv.ts';

/**
 * The objects in BF0C of an FCI, where the PPSE keeps its entries. None where a template is
 * missing; malformed where 6F, A5 or BF0C is. Book B Table 3-2
 */
export const issuerDiscretionaryData = (fci: Uint8Array): readonly Tlv[] | Malformed => {
  const proprietary = proprietaryTemplate(fci);
  if (proprietary === undefined || 'malformed' in proprietary) return proprietary ?? [];
  const issuerData = child(proprietary, tag.fciIssuerDiscretionaryData);
  if (issuerData === undefined || 'malformed' in issuerData) return issuerData ?? [];
  const path = ['6F', 'A5', tagText(tag.fciIssuerDiscretionaryData)];
  return parseTlvs(issuerData.value, issuerData.valueOffset, path);
};

/** A5 of an FCI; undefined where it is missing. What else the card sends beside 6F is ignored. */
export const proprietaryTemplate = (fci: Uint8Array): Tlv | undefined | Malformed => {
  const objects = parseTlvs(fci);
  if ('malformed' in objects) return objects;
  const template = objects.find((object) => object.tag === tag.fciTemplate);
  if (template === undefined) {
    return malformed([tagText(tag.fciTemplate)], 0, 'the answer has no such template');
  }
  return child(template, tag.fciProprietaryTemplate);
};
