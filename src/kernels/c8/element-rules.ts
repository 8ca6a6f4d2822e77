import { elementsOf, tag } from '#data/dictionary.ts';
import { isConstructed } from '#tlv/tlv.ts';

/** Lengths of an element that a card may send: legal are `min`, `min + step` and so on. */
export interface ElementRule {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/**
 * The rule for a tag; undefined if cards may not send it (its update conditions lack RA) or kernel
 * 8 doesn't know it: then it is passed over. Proprietary Tags are none here. C-8, data dictionary
 */
export const ruleOf = (wanted: number): ElementRule | undefined => RULES.get(wanted);

// Lengths where C-8 is narrower than the base books.
const LENGTHS = new Map<number, Partial<ElementRule>>([
  [tag.cdol1, { max: 250 }],
  [tag.applicationFileLocator, { min: 4, max: 248, step: 4 }],
  // One byte or three.
  [tag.issuerPublicKeyExponent, { min: 1, max: 3, step: 2 }],
  [tag.iccPublicKeyExponent, { min: 1, max: 3, step: 2 }],
  // Two coordinates of P-256, or of P-521.
  [tag.cardKeyData, { min: 64, max: 132, step: 68 }],
]);

const RULES: ReadonlyMap<number, ElementRule> = new Map(
  [...elementsOf('K8')]
    .filter(([found, row]) => row.source === 'card' && !isConstructed(found))
    .map(([found, { min, max }]) => [
      found,
      { min, max: max ?? 255, step: 1, ...LENGTHS.get(found) },
    ]),
);
