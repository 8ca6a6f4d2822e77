import { type DukptRegister, nextTransaction } from '#crypto/dukpt-register.ts';

/** Transaction counters go to the file in blocks of so many: one write for each. */
export const BLOCK = 256;

/**
 * The register as it will stand behind the next multiple of 256 of its counter. Kept in the file
 * before the first key of the block is used, it holds none of the block's keys: neither a crash nor
 * the file itself gives one of them a second time. `exhausted` when no counter is left.
 *
 * No transaction in between is derived for it: below bit 9 the counter needs the keys of its lowest
 * 8 bits alone, and at the end these are used up.
 */
export const behindBlock = (register: DukptRegister): DukptRegister | 'exhausted' => {
  const { counter } = register;
  if (counter === 0) return 'exhausted';
  const first = counter % BLOCK === 0 ? nextTransaction(register) : undefined;
  if (first === 'exhausted') return first;
  const { after } = first ?? { after: register };
  // A counter with 16 one-bits: those below it would have more, and are skipped.
  if (after.counter % BLOCK === 0) return after;
  const keys = after.keys.map((key, bit) => (2 ** bit < BLOCK ? undefined : key));
  const end = Math.ceil(after.counter / BLOCK) * BLOCK;
  return { initialKeyId: after.initialKeyId, counter: end, keys };
};
