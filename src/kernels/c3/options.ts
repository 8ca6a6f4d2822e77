import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel3Options } from '../shared/kernel-options.ts';

/** How kernel 3 ships: an attended shop, every check that guards an offline approval done. */
export const shippedOptions: Kernel3Options = {
  fddaForOnline: false,
  usageControlForCash: true,
  usageControlForCashback: true,
  exceptionFileCheck: true,
  showOfflineBalance: true,
};

export const optionsOf = ({ options }: KernelInput): Kernel3Options =>
  options?.kernel3 === undefined ? shippedOptions : { ...shippedOptions, ...options.kernel3 };
