import { describeMalformed, isMalformed, type Malformed } from '#bytes/malformed.ts';

/** The value, or a failed test that says what was malformed. */
export const good = <A>(value: A | Malformed): A => {
  if (isMalformed(value)) throw new Error(describeMalformed(value));
  return value as A;
};

/** What was malformed, in words; a failed test if nothing was. */
export const refused = (value: unknown): string => {
  if (!isMalformed(value)) throw new Error('it was accepted');
  return describeMalformed(value);
};
