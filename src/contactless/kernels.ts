import { kernel2 } from '#kernels/c2/kernel.ts';
import { kernel3 } from '#kernels/c3/kernel.ts';
import { kernel6 } from '#kernels/c6/kernel.ts';
import { kernel7 } from '#kernels/c7/kernel.ts';
import { kernel8 } from '#kernels/c8/kernel.ts';
import type { KernelRegistry } from '#kernels/shared/kernel.ts';

/** The kernels Countertap has, by Kernel ID. */
export const builtInKernels: KernelRegistry = new Map([
  ['02', kernel2],
  ['03', kernel3],
  ['06', kernel6],
  ['07', kernel7],
  ['08', kernel8],
]);
