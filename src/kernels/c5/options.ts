import { hex } from '#bytes/hex.ts';
import type { KernelInput } from '../shared/kernel.ts';
import type { Kernel5Options } from '../shared/kernel-options.ts';

/**
 * How kernel 5 ships: EMV mode with CDA and the exception file, Book C-5's own action codes, no
 * limits. Of the Combination Options the status check (byte 1 bit 7) is Entry Point's affair.
 */
export const shippedOptions: Kernel5Options = {
  offlineDataAuthentication: true,
  exceptionFileCheck: true,
  randomSelection: null,
  legacyMode: false,
  transactionLimit: null,
  cdcvmTransactionLimit: null,
  floorLimit: null,
  actionCodeDenial: hex('0410000000'),
  actionCodeOnline: hex('9060009004'),
  actionCodeDefault: hex('9040008004'),
  // The book leaves the time to the acquirer; a host that answers does so within it.
  removalTimeoutMs: 10_000,
};

export const optionsOf = ({ options }: KernelInput): Kernel5Options =>
  options?.kernel5 === undefined ? shippedOptions : { ...shippedOptions, ...options.kernel5 };
