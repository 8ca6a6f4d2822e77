import type { KernelInput } from './kernel-input.ts';
import type { Outcome } from './outcome.ts';
import type { Step } from './step.ts';

export type {
  Authentication,
  DataMap,
  EphemeralKeyPair,
  KernelInput,
  PreprocessingIndicators,
  Transaction,
} from './kernel-input.ts';

/** Anything that fills this can be a kernel; Entry Point finds it by its kernel id. */
export type Kernel = (input: KernelInput) => Step<Outcome>;

/** Kernels by Kernel ID, upper-case hexadecimal: "03". */
export type KernelRegistry = ReadonlyMap<string, Kernel>;
