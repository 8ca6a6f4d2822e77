import { equal } from '#bytes/bytes.ts';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type {
  Combination,
  EntryPointData,
  ReaderConfiguration,
} from '#entry-point/configuration.ts';
import type { Authentication } from '#kernels/shared/kernel.ts';
import { caPublicKeys, revocationList } from '#oda/index.ts';
import type { Transcript } from './transcript.ts';

/** A configuration with a transcript's overrides and keys on top. */
export const configured = (
  reader: ReaderConfiguration,
  { overrides, keys }: Transcript,
): ReaderConfiguration => ({
  ...reader,
  terminal: new Map([...reader.terminal, ...overrides]),
  combinations: new Map(
    [...reader.combinations].map(([type, combinations]) => [
      type,
      combinations.map((one) => overridden(one, overrides)),
    ]),
  ),
  authentication: withKeys(reader.authentication, keys),
});

// An override wins over the terminal's data and over the combination's.
const overridden = (one: Combination, overrides: Transcript['overrides']): Combination => ({
  ...one,
  data: new Map([...one.data, ...overrides]),
  entryPoint: { ...one.entryPoint, ...entryPointOverrides(one, overrides) },
});

// Kernels that take the Terminal Transaction Qualifiers from Entry Point. Book B Table 5-3
const TTQ_KERNELS: readonly string[] = ['03', '06', '07'];

const WITHOUT_LIMITS = {
  readerContactlessTransactionLimit: undefined,
  readerContactlessFloorLimit: undefined,
  readerCvmRequiredLimit: undefined,
};

// Entry Point's own data with a tag: 9F66, and 9F1B in binary. A transcript that says what its TTQ
// were means those that went to the card: limits that have no tag, and so no word in a transcript,
// don't change them.
const entryPointOverrides = (
  { entryPoint, kernelId }: Combination,
  overrides: Transcript['overrides'],
): Pick<EntryPointData, 'ttq' | 'terminalFloorLimit'> => {
  const ttq = overrides.get(tag.terminalTransactionQualifiers);
  const floorLimit = overrides.get(tag.terminalFloorLimit);
  const takesTtq = entryPoint.ttq !== undefined || TTQ_KERNELS.includes(kernelId);
  return {
    ...(ttq?.length === 4 && takesTtq ? { ttq, ...WITHOUT_LIMITS } : {}),
    ...(floorLimit?.length === 4
      ? { terminalFloorLimit: Number.parseInt(toHex(floorLimit), 16) }
      : {}),
  };
};

const withKeys = (given: Authentication | undefined, keys: Transcript['keys']): Authentication => {
  const base = given ?? {
    caKeys: caPublicKeys([]),
    revoked: revocationList([]),
    exceptionFile: new Set<string>(),
  };
  if (keys.length === 0) return base;
  const extra = caPublicKeys(keys);
  const named = (rid: Uint8Array, index: number): boolean =>
    keys.some((key) => key.index === index && equal(key.rid, rid));
  return {
    ...base,
    caKeys: {
      find: (rid, index) => (named(rid, index) ? extra : base.caKeys).find(rid, index),
      findEcc: (rid, index) => (named(rid, index) ? extra : base.caKeys).findEcc(rid, index),
    },
  };
};
