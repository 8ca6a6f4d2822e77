import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { isConstructed, parseTlvs, type Tlv, tagText } from '#tlv/tlv.ts';
import { OUTERMOST, ruleOf } from './element-rules.ts';
import type { Kernel2Run } from './run.ts';

/**
 * ParseAndStoreCardResponse, C-2 4.7: every primitive that the kernel knows, in its right template,
 * of a legal length, that a card may send and that isn't there yet, is stored; unknown ones are
 * passed over; anything else is a parsing error. Whatever came before the fault stays stored, as in
 * the book. What a template holds that the kernel doesn't know isn't looked at.
 * @returns the objects that stand directly in the template
 */
export const parseAndStore = (run: Kernel2Run, template: Tlv): readonly Tlv[] | Malformed =>
  storeTemplate(run, template, OUTERMOST, []);

const storeTemplate = (
  run: Kernel2Run,
  template: Tlv,
  parent: number,
  around: readonly string[],
): readonly Tlv[] | Malformed => {
  const within = [...around, tagText(template.tag)];
  if (ruleOf(template.tag)?.within.includes(parent) !== true) {
    return malformed(within, template.offset, 'not where it belongs');
  }
  const objects = parseTlvs(template.value, template.valueOffset, within);
  if (isMalformed(objects)) return objects;
  for (const object of objects) {
    const rule = ruleOf(object.tag);
    if (rule === undefined) continue;
    if (isConstructed(object.tag)) {
      const inside = storeTemplate(run, object, template.tag, within);
      if (isMalformed(inside)) return inside;
      continue;
    }
    const problem = rule.within.includes(template.tag)
      ? storeValue(run, object.tag, object.value)
      : 'not where it belongs';
    if (problem !== undefined) {
      return malformed([...within, tagText(object.tag)], object.offset, problem);
    }
  }
  return objects;
};

/** One element in a format 1 answer (80), where only the place tells the tag. */
export interface Field {
  readonly tag: number;
  readonly from: number;
  /** Absent: the rest of the value. */
  readonly to?: number;
}

/** Stores the elements of a format 1 answer, under the same rules but for the template. */
export const storeFields = (
  run: Kernel2Run,
  template: Tlv,
  fields: readonly Field[],
): Malformed | undefined => {
  for (const field of fields) {
    const problem = storeValue(run, field.tag, template.value.subarray(field.from, field.to));
    if (problem !== undefined) {
      const path = [tagText(template.tag), tagText(field.tag)];
      return malformed(path, template.valueOffset + field.from, problem);
    }
  }
  return undefined;
};

const storeValue = (run: Kernel2Run, found: number, value: Uint8Array): string | undefined => {
  const rule = ruleOf(found);
  if (rule?.fromCard !== true) return 'a card may not send it';
  const { length } = value;
  if (length < rule.min || length > rule.max || (length - rule.min) % rule.step !== 0) {
    return `a length of ${length}`;
  }
  if ((run.data.get(found)?.length ?? 0) > 0) return 'sent twice';
  run.data.set(found, value);
  return undefined;
};
