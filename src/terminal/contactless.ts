import { toHex } from '#bytes/hex.ts';
import type { CombinationSet } from '#config/combinations-config.ts';
import { type ConfigProblem, configProblem } from '#config/problem.ts';
import { currencies } from '#data/currencies.ts';
import type { Combination, ReaderConfiguration } from '#entry-point/configuration.ts';
import { kernel2 } from '#kernels/c2/kernel.ts';
import { kernel3 } from '#kernels/c3/kernel.ts';
import type { DataMap, KernelRegistry } from '#kernels/shared/kernel.ts';

/** The kernels this terminal has, by Kernel ID. */
export const kernels: KernelRegistry = new Map([
  ['02', kernel2],
  ['03', kernel3],
]);

/** Puts Entry Point's configuration together; a combination without a kernel is a problem. */
export const contactlessConfiguration = (
  fileName: string,
  sets: readonly CombinationSet[],
  terminal: DataMap,
): ReaderConfiguration | ConfigProblem => {
  const combinations = new Map<number, Combination[]>();
  for (const [setIndex, set] of sets.entries()) {
    for (const [index, { aid, kernelId }] of set.combinations.entries()) {
      if (!kernels.has(kernelId)) {
        const key = `[${setIndex}].combinations[${index}].kernelId`;
        const known = [...kernels.keys()].join(', ');
        return configProblem(fileName, key, `a kernel this terminal has (${known})`, kernelId);
      }
      for (const type of set.transactionTypes) {
        const list = combinations.get(Number.parseInt(type, 16)) ?? [];
        const same = list.some(
          (other) => toHex(other.aid) === toHex(aid) && other.kernelId === kernelId,
        );
        if (same) {
          const key = `[${setIndex}].combinations[${index}].aid`;
          return configProblem(
            fileName,
            key,
            `each AID and kernel once a transaction type`,
            toHex(aid),
          );
        }
        list.push({ aid, kernelId, entryPoint: entryPointData(set), data: set.data });
        combinations.set(Number.parseInt(type, 16), list);
      }
    }
  }
  return {
    combinations,
    terminal,
    kernels,
    currencyExponents: new Map(currencies.map(({ numeric, exponent }) => [numeric, exponent])),
  };
};

// Only what is configured: to Book B an absent element is not the same as zero or false.
const entryPointData = ({
  transactionTypes,
  combinations,
  data,
  ...entryPoint
}: CombinationSet): Combination['entryPoint'] =>
  Object.fromEntries(Object.entries(entryPoint).filter(([, value]) => value !== undefined));
