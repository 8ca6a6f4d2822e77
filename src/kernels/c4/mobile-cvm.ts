import { tag } from '#data/dictionary.ts';
import type { Kernel4Run } from './run.ts';

/** What a phone says of its owner, in the answer to GET PROCESSING OPTIONS. */
export type MobileCvm = 'absent' | 'blocked' | 'successful' | 'failed' | 'undecided';

/**
 * Mobile CVM Results (9F71): byte 1 01 performed, byte 3 02 successful, 01 failed, 03 blocked. C-4
 * Annex A
 */
export const mobileCvm = ({ card }: Kernel4Run): MobileCvm => {
  const results = card.get(tag.mobileCvmResults);
  if (results === undefined) return 'absent';
  const [method, , result] = results;
  if (result === 0x03) return 'blocked';
  if (method !== 0x01) return 'undecided';
  if (result === 0x02) return 'successful';
  return result === 0x01 ? 'failed' : 'undecided';
};
