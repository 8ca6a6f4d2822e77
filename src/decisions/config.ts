import {
  type Known,
  type KnownApplication,
  OTHER_SCHEME,
  schemeNameOf,
  type Zone,
  zoneOf,
  zoneWhenAsked,
} from '#acceptance/index.ts';
import { toHex } from '#bytes/hex.ts';
import type { AcceptanceConfig } from '#config/acceptance-config.ts';

/** What there is to decide about, and who must agree; without what the register and clock say. */
export interface DecisionConfig extends Omit<Known, 'now' | 'decisions'> {
  readonly zone: Zone;
}

export interface DecisionConfigParts {
  readonly acceptance: AcceptanceConfig;
  /** The machine's own time zone, for a configuration that names none. */
  readonly machineZone: () => string;
  /** What the reader takes, as combinations.json lists it. */
  readonly sets: readonly {
    readonly combinations: readonly { readonly aid: Uint8Array; readonly kernelId: string }[];
  }[];
  /** ISO 4217, three letters. */
  readonly currencies: readonly string[];
  /** Languages that a display can speak: two letters each. */
  readonly languages: readonly string[];
}

export const decisionConfig = (parts: DecisionConfigParts): DecisionConfig => {
  const { acceptance, machineZone, sets, currencies, languages } = parts;
  const { timeZone, approval, wallets, lanes, alternatives } = acceptance;
  // The configuration's zone was looked at when it was read; a machine may have none.
  const zone = zoneWhenAsked(() => zoneOf(timeZone ?? machineZone()) ?? UTC);
  const applications = applicationsOf(sets);
  return { zone, approval, applications, wallets, lanes, currencies, languages, alternatives };
};

const UTC: Zone = { name: 'UTC', localMs: (ms) => ms };

/** Each application and kernel once, whatever limits and transaction types it has. */
const applicationsOf = (sets: DecisionConfigParts['sets']): readonly KnownApplication[] => {
  const all = new Map<string, KnownApplication>();
  for (const { aid: bytes, kernelId: kernel } of sets.flatMap(({ combinations }) => combinations)) {
    const aid = toHex(bytes).toUpperCase();
    const scheme = schemeNameOf(aid) ?? OTHER_SCHEME;
    all.set(`${aid} ${kernel}`, { aid, kernel, scheme });
  }
  return [...all.values()];
};
