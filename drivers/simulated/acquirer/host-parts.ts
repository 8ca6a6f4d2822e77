import type { Log } from '#ports/log.ts';
import type { Ledger } from './ledger.ts';
import type { Rules } from './rules.ts';

/** What an issuer says of a cryptogram; ../issuer/index.ts gives one. */
export type VerifyCryptogram = (
  request: ReadonlyMap<number, Uint8Array>,
  pan: string,
  psn: string | undefined,
  byCode: boolean,
) =>
  | {
      readonly ok: true;
      readonly cvn: number;
      /** The method of ours that stands in for one that isn't public. */
      readonly standIn?: string;
      /** Value of tag 91, undefined when this kind of cryptogram has no answer. */
      arpc(responseCode: string): Uint8Array | undefined;
    }
  | { readonly ok: false; readonly why: string };

/** How strict a host is. */
export interface HostProfile {
  /** A completion may be so much more than what was held. */
  readonly completionOverPercent: number;
  /** How long a hold stands. */
  readonly holdMs: number;
  /** What was on each account before its first payment, in the currency's main unit. */
  readonly openingBalance: number;
}

export const hostDefaults: HostProfile = {
  completionOverPercent: 15,
  holdMs: 7 * 86_400_000,
  openingBalance: 1_000,
};

export interface HostParts {
  readonly ledger: Ledger;
  readonly rules: Rules;
  readonly verify: VerifyCryptogram;
  readonly log: Log;
  readonly wallMs: () => number;
  readonly profile: HostProfile;
}
