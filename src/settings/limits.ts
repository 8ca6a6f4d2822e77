import { fromBcd, toBcd } from '#bytes/bcd.ts';
import { tag } from '#data/dictionary.ts';
import type { Combination, EntryPointData } from '#entry-point/configuration.ts';
import { defaults } from '#kernels/c2/configuration.ts';
import type { DataMap } from '#kernels/shared/kernel.ts';
import type { LimitName } from './types.ts';

/** A shop's limits of one set, in minor units. */
export type Limits = ReadonlyMap<LimitName, number>;

/**
 * Lower is stricter for each of them, and so is one where there was none. Book B 3.1.1: the amount
 * that reaches the transaction limit isn't taken, the one that reaches the CVM limit needs the
 * holder to be verified, the one over the floor limit goes online. Kernel 2 compares its own with
 * "over" throughout (C-2 6.9); one that isn't configured is zero, not "no limit".
 */
const KERNEL_2_ELEMENTS: Readonly<Record<LimitName, readonly number[]>> = {
  readerContactlessTransactionLimit: [
    tag.readerContactlessTransactionLimitNoCdcvm,
    tag.readerContactlessTransactionLimitCdcvm,
  ],
  readerContactlessTransactionLimitNoCdcvm: [tag.readerContactlessTransactionLimitNoCdcvm],
  readerContactlessFloorLimit: [tag.readerContactlessFloorLimitK2],
  readerCvmRequiredLimit: [tag.readerCvmRequiredLimitK2],
};

export const LIMIT_NAMES = Object.keys(KERNEL_2_ELEMENTS) as readonly LimitName[];

/** For sentences; what each means to the minor unit, the view says. */
export const LIMIT_WORDS: Readonly<Record<LimitName, string>> = {
  readerContactlessTransactionLimit: 'transaction limit',
  readerContactlessTransactionLimitNoCdcvm: 'transaction limit without a check on the device',
  readerContactlessFloorLimit: 'floor limit',
  readerCvmRequiredLimit: 'CVM limit',
};

export const isKernel2 = ({ kernelId }: { readonly kernelId: string }): boolean =>
  kernelId === '02';

/** The limits that these combinations have, or may get. */
export const namesOf = (combinations: readonly Combination[]): readonly LimitName[] =>
  LIMIT_NAMES.filter(
    (name) => name !== 'readerContactlessTransactionLimitNoCdcvm' || combinations.some(isKernel2),
  );

/**
 * A limit as it counts for one combination; undefined where there is none. Of several that count
 * together, the one that an amount meets first.
 * @param terminal data under the combination's own
 */
export const limitOf = (
  combination: Combination,
  name: LimitName,
  terminal: DataMap,
): number | undefined => {
  const { entryPoint } = combination;
  if (!isKernel2(combination)) return entryPointLimit(entryPoint, name);
  const own = KERNEL_2_ELEMENTS[name].map((one) => kernel2Number(combination, one, terminal));
  // Entry Point's other limits reach a kernel in the TTQ alone, which kernel 2 doesn't know.
  const before = TRANSACTION_LIMITS.includes(name)
    ? entryPoint.readerContactlessTransactionLimit
    : undefined;
  return Math.min(Math.max(...own), before ?? Number.POSITIVE_INFINITY);
};

const TRANSACTION_LIMITS: readonly LimitName[] = [
  'readerContactlessTransactionLimit',
  'readerContactlessTransactionLimitNoCdcvm',
];

/** The combination with the shop's limits, where they are below its own. */
export const withLimits = (
  combination: Combination,
  limits: Limits,
  terminal: DataMap,
): Combination => ({
  ...combination,
  entryPoint: loweredEntryPoint(combination, limits),
  data: isKernel2(combination) ? loweredData(combination, limits, terminal) : combination.data,
});

const entryPointLimit = (data: EntryPointData, name: LimitName): number | undefined => {
  switch (name) {
    case 'readerContactlessTransactionLimit':
      return data.readerContactlessTransactionLimit;
    case 'readerContactlessFloorLimit':
      // Book B 3.1.1.6: the reader's counts in place of the terminal's.
      return data.readerContactlessFloorLimit ?? data.terminalFloorLimit;
    case 'readerCvmRequiredLimit':
      return data.readerCvmRequiredLimit;
    case 'readerContactlessTransactionLimitNoCdcvm':
      return undefined;
  }
};

// Kernel 2 has limits of its own: Entry Point gets none that it didn't have.
const loweredEntryPoint = (combination: Combination, limits: Limits): EntryPointData => {
  const lowered: Partial<Record<LimitName, number>> = {};
  for (const name of ENTRY_POINT_LIMITS) {
    const limit = limits.get(name);
    const own = entryPointLimit(combination.entryPoint, name);
    if (limit === undefined || (own === undefined && isKernel2(combination))) continue;
    lowered[name] = Math.min(limit, own ?? limit);
  }
  return { ...combination.entryPoint, ...lowered };
};

const ENTRY_POINT_LIMITS = [
  'readerContactlessTransactionLimit',
  'readerContactlessFloorLimit',
  'readerCvmRequiredLimit',
] as const satisfies readonly LimitName[];

const loweredData = (combination: Combination, limits: Limits, terminal: DataMap): DataMap => {
  const data = new Map(combination.data);
  for (const [name, limit] of limits) {
    for (const element of KERNEL_2_ELEMENTS[name]) {
      const own = kernel2Number({ ...combination, data }, element, terminal);
      if (limit < own) data.set(element, toBcd(limit, AMOUNT_BYTES));
    }
  }
  return data;
};

const AMOUNT_BYTES = 6;

// As kernel 2 reads it: what is no number counts as zero.
const kernel2Number = ({ data }: Combination, element: number, terminal: DataMap): number =>
  fromBcd(data.get(element) ?? terminal.get(element) ?? defaults.get(element) ?? NOTHING) ?? 0;

const NOTHING = new Uint8Array(0);
