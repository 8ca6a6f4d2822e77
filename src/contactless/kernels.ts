import { kernel2 } from '#kernels/c2/kernel.ts';
import { kernel3 } from '#kernels/c3/kernel.ts';
import { kernel5 } from '#kernels/c5/kernel.ts';
import type { KernelRegistry } from '#kernels/shared/kernel.ts';

/** The kernels Countertap has, by Kernel ID. */
export const builtInKernels: KernelRegistry = new Map([
  ['02', kernel2],
  ['03', kernel3],
  ['05', kernel5],
]);
