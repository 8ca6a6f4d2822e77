import { toHex } from '#bytes/hex.ts';
import { type ConfigProblem, configProblem } from '#config/problem.ts';
import { currencies } from '#data/currencies.ts';
import type {
  Combination,
  EntryPointData,
  ReaderConfiguration,
} from '#entry-point/configuration.ts';
import type { Authentication, DataMap, KernelRegistry } from '#kernels/shared/kernel.ts';
import type { KernelOptions } from '#kernels/shared/kernel-options.ts';

/** Combinations that share transaction types, limits and kernel data. */
export type CombinationRows = {
  readonly transactionTypes: readonly string[];
  readonly combinations: readonly { readonly aid: Uint8Array; readonly kernelId: string }[];
  readonly data: DataMap;
} & KernelOptions & { readonly [Key in keyof EntryPointData]?: EntryPointData[Key] | undefined };

/** All that Entry Point needs to know before a tap. */
export interface ContactlessParts {
  /** Where the sets come from, for messages: a file's name. */
  readonly source: string;
  readonly sets: readonly CombinationRows[];
  readonly terminal: DataMap;
  readonly kernels: KernelRegistry;
  readonly authentication?: Authentication;
  readonly otherInterface?: ReaderConfiguration['otherInterface'];
}

/** Puts Entry Point's configuration together; a combination without a kernel is a problem. */
export const contactlessConfiguration = ({
  source,
  sets,
  terminal,
  kernels,
  authentication,
  otherInterface,
}: ContactlessParts): ReaderConfiguration | ConfigProblem => {
  const combinations = new Map<number, Combination[]>();
  for (const [setIndex, set] of sets.entries()) {
    for (const [index, { aid, kernelId }] of set.combinations.entries()) {
      const key = `[${setIndex}].combinations[${index}]`;
      if (!kernels.has(kernelId)) {
        const known = [...kernels.keys()].join(', ');
        return configProblem(
          source,
          `${key}.kernelId`,
          `a kernel that is there (${known})`,
          kernelId,
        );
      }
      for (const type of set.transactionTypes.map((text) => Number.parseInt(text, 16))) {
        const list = combinations.get(type) ?? [];
        if (list.some((other) => toHex(other.aid) === toHex(aid) && other.kernelId === kernelId)) {
          const once = 'each AID and kernel once a transaction type';
          return configProblem(source, `${key}.aid`, once, toHex(aid));
        }
        const { data } = set;
        list.push({ aid, kernelId, entryPoint: entryPointData(set), data, ...optionsOf(set) });
        combinations.set(type, list);
      }
    }
  }
  return {
    combinations,
    terminal,
    kernels,
    currencyExponents: new Map(currencies.map(({ numeric, exponent }) => [numeric, exponent])),
    ...(authentication === undefined ? {} : { authentication }),
    ...(otherInterface === undefined ? {} : { otherInterface }),
  };
};

// Only what is configured: to Book B an absent element is not the same as zero or false.
const entryPointData = ({
  transactionTypes,
  combinations,
  data,
  kernel2,
  kernel3,
  kernel4,
  kernel5,
  kernel6,
  kernel7,
  ...entryPoint
}: CombinationRows): EntryPointData =>
  Object.fromEntries(Object.entries(entryPoint).filter(([, value]) => value !== undefined));

const optionsOf = (set: CombinationRows): Pick<Combination, 'options'> => {
  const given = KERNELS.flatMap((name) => (set[name] === undefined ? [] : [[name, set[name]]]));
  return given.length === 0 ? {} : { options: Object.fromEntries(given) };
};

const KERNELS = [
  'kernel2',
  'kernel3',
  'kernel4',
  'kernel5',
  'kernel6',
  'kernel7',
] as const satisfies (keyof KernelOptions)[];
