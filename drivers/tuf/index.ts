/** Updates that the maker has signed for, by The Update Framework: for src/upkeep. */

export { DEFAULT_LIMITS, type Limits } from './limits.ts';
export { SIGNED_AT } from './seen.ts';
export { openTrustedSource, type TrustedSourceOptions } from './trusted-source.ts';
