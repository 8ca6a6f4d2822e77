import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel6Options } from '../shared/kernel-options.ts';

/** How kernel 6 ships: for an attended shop with a line to its host. */
export const shippedOptions: Kernel6Options = { deferredAuthorisation: false };

export const optionsOf = ({ options }: KernelInput): Kernel6Options =>
  options?.kernel6 === undefined ? shippedOptions : { ...shippedOptions, ...options.kernel6 };
