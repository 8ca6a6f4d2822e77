import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel7Options } from '../shared/kernel-options.ts';

/** How kernel 7 ships: for an attended shop. */
export const shippedOptions: Kernel7Options = { transitReader: false };

export const optionsOf = ({ options }: KernelInput): Kernel7Options =>
  options?.kernel7 === undefined ? shippedOptions : { ...shippedOptions, ...options.kernel7 };
