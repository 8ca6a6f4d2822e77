import type { CombinationSet } from '#config/combinations-config.ts';
import type { ConfigProblem } from '#config/problem.ts';
import { contactlessConfiguration as configuration } from '#contactless/configuration.ts';
import { builtInKernels } from '#contactless/kernels.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import type { DataMap } from '#kernels/shared/kernel.ts';

/** Entry Point's configuration from a file of combination sets, with the kernels that are there. */
export const contactlessConfiguration = (
  source: string,
  sets: readonly CombinationSet[],
  terminal: DataMap,
): ReaderConfiguration | ConfigProblem =>
  configuration({ source, sets, terminal, kernels: builtInKernels });
