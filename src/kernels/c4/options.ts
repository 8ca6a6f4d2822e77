import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel4Options } from '../shared/kernel-options.ts';

/** How kernel 4 ships: with a host that answers. */
export const shippedOptions: Kernel4Options = { unableToGoOnline: false };

export const optionsOf = ({ options }: KernelInput): Kernel4Options =>
  options?.kernel4 === undefined ? shippedOptions : { ...shippedOptions, ...options.kernel4 };
