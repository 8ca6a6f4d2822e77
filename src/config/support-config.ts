import * as v from 'valibot';

const RECIPIENT = 'an age recipient, "age1" and 58 small letters and digits';

/** Whom a support bundle is for. */
export const supportSection = v.strictObject({
  /** The maker's public key: bundles are encrypted to it. Plain unless stated. */
  makerKey: v.optional(v.pipe(v.string(RECIPIENT), v.regex(/^age1[a-z0-9]{58}$/, RECIPIENT))),
});
