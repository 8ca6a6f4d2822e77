import type { Fault } from './fault.ts';

/** A device whose firmware this terminal can load. */
export interface PeripheralFirmware {
  /** Its name in the configuration. */
  readonly name: string;
  /** What the device says it runs; "bootloader" when it waits for firmware and runs none. */
  version(signal: AbortSignal): Promise<string | Fault>;
  /**
   * Transfers an image that the maker has signed for, and waits until the device runs it. Goes on
   * where a transfer broke off, where the device can; else aborts so that the device still runs
   * what it ran, or waits in its bootloader for the next try. Resolves to undefined when done.
   */
  load(
    image: Uint8Array,
    signal: AbortSignal,
    progress: (bytes: number) => void,
  ): Promise<undefined | Fault>;
}
