import { equal } from '#bytes/bytes.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import type { DolEntry } from '#tlv/dol.ts';
import { isConstructed, type Tlv, tagText } from '#tlv/tlv.ts';
import { primitives } from '../shared/card-data.ts';
import { dolValues } from '../shared/dol-values.ts';
import { ruleOf } from './element-rules.ts';
import type { Kernel8Run } from './run.ts';

/**
 * Parses a template and stores what a card may send, C-8: templates inside are opened, whatever
 * they are called; an element that is unknown or not the card's is passed over. A known one must
 * have a legal length, and must not contradict what is there. Whatever came before a fault stays.
 */
export const parseAndStore = (run: Kernel8Run, template: Tlv): Malformed | undefined => {
  const within = [tagText(template.tag)];
  const objects = primitives(template.value, template.valueOffset, within);
  if (isMalformed(objects)) return objects;
  for (const object of objects) {
    const problem = object.tag > LONGEST ? 'a tag of four bytes' : storeValue(run, object);
    if (problem !== undefined) {
      return malformed([...within, tagText(object.tag)], object.offset, problem);
    }
  }
  return undefined;
};

/** The values a DOL asks for; zeros for what is absent, empty or a template. */
export const valuesFor = (run: Kernel8Run, dol: readonly DolEntry[]): Uint8Array =>
  dolValues(dol, 'K8', (wanted) => {
    const value = isConstructed(wanted) ? undefined : run.data.get(wanted);
    return value === undefined || value.length === 0 ? undefined : value;
  });

// Bit 8 of the third byte would let a tag go on: there is none such. C-8
const LONGEST = 0xffffff;

const storeValue = (run: Kernel8Run, { tag: found, value }: Tlv): string | undefined => {
  const rule = ruleOf(found);
  if (rule === undefined) return undefined;
  const { length } = value;
  if (length < rule.min || length > rule.max || (length - rule.min) % rule.step !== 0) {
    return `a length of ${length}`;
  }
  const before = run.data.get(found);
  if (before !== undefined && before.length > 0 && !equal(before, value)) {
    return 'sent before, with another value';
  }
  run.data.set(found, value);
  return undefined;
};
