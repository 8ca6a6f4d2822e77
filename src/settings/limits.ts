import { fromBcd, toBcd } from '#bytes/bcd.ts';
import { tag } from '#data/dictionary.ts';
import type { Combination, EntryPointData } from '#entry-point/configuration.ts';
import { defaults } from '#kernels/c2/configuration.ts';
import type { DataMap } from '#kernels/shared/kernel.ts';
import type { LimitName } from './types.ts';

type OwnElements = Readonly<Record<LimitName, readonly number[]>>;

/** A shop's limits of one set, in minor units. */
export type Limits = ReadonlyMap<LimitName, number>;

/**
 * Lower is stricter for each of them, and so is one where there was none. Book B 3.1.1: the amount
 * that reaches the transaction limit isn't taken, the one that reaches the CVM limit needs the
 * holder to be verified, the one over the floor limit goes online. Kernel 2 compares its own with
 * "over" throughout (C-2 6.9); one that isn't configured is zero, not "no limit".
 */
const KERNEL_2_ELEMENTS: OwnElements = {
  readerContactlessTransactionLimit: [
    tag.readerContactlessTransactionLimitNoCdcvm,
    tag.readerContactlessTransactionLimitCdcvm,
  ],
  readerContactlessTransactionLimitNoCdcvm: [tag.readerContactlessTransactionLimitNoCdcvm],
  readerContactlessFloorLimit: [tag.readerContactlessFloorLimitK2],
  readerCvmRequiredLimit: [tag.readerCvmRequiredLimitK2],
};

/**
 * Kernel 8's floor limit is met by "over", its CVM limit by "equal or over" (C-8 1.2); it has no
 * transaction limit of its own.
 */
const KERNEL_8_ELEMENTS: OwnElements = {
  readerContactlessTransactionLimit: [],
  readerContactlessTransactionLimitNoCdcvm: [],
  readerContactlessFloorLimit: [tag.readerContactlessFloorLimitK8],
  readerCvmRequiredLimit: [tag.readerCvmRequiredLimitK8],
};

/** Limits that kernels have as elements of their own; the others learn Entry Point's. */
const ownElements = (kernelId: string, name: LimitName): readonly number[] => {
  if (kernelId === '02') return KERNEL_2_ELEMENTS[name];
  return kernelId === '08' ? KERNEL_8_ELEMENTS[name] : [];
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
  const { entryPoint, kernelId } = combination;
  const elements = ownElements(kernelId, name);
  if (elements.length === 0) return entryPointLimit(entryPoint, name);
  const own = elements.map((one) => ownNumber(combination, one, terminal));
  // A kernel that has a limit of its own doesn't look at Entry Point's of the same name.
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
  data: loweredData(combination, limits, terminal),
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

// Where a kernel has the limit as its own, Entry Point gets none that it didn't have.
const loweredEntryPoint = (combination: Combination, limits: Limits): EntryPointData => {
  const lowered: Partial<Record<LimitName, number>> = {};
  for (const name of ENTRY_POINT_LIMITS) {
    const limit = limits.get(name);
    const own = entryPointLimit(combination.entryPoint, name);
    const kernels = ownElements(combination.kernelId, name).length > 0;
    if (limit === undefined || (own === undefined && kernels)) continue;
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
    for (const element of ownElements(combination.kernelId, name)) {
      const own = ownNumber({ ...combination, data }, element, terminal);
      if (limit < own) data.set(element, toBcd(limit, AMOUNT_BYTES));
    }
  }
  return data;
};

const AMOUNT_BYTES = 6;

// As the kernels read it: what is no number counts as zero. Kernel 8 has no defaults.
const ownNumber = ({ data, kernelId }: Combination, element: number, terminal: DataMap): number => {
  const unset = kernelId === '02' ? defaults.get(element) : undefined;
  return fromBcd(data.get(element) ?? terminal.get(element) ?? unset ?? NOTHING) ?? 0;
};

const NOTHING = new Uint8Array(0);
