import type { Disk } from '#ports/disk.ts';
import type { Fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { PeripheralFirmware } from '#ports/peripheral-firmware.ts';
import type { TrustedSource } from '#ports/trusted-source.ts';

/** What became of one peripheral. */
export type FirmwareOutcome =
  | 'notOffered' // the maker's signatures name no firmware for it
  | 'same' // it runs what is offered
  | 'waits' // a payment is under way: later
  | 'begun' // a transfer begins; recorded before anything is sent
  | 'loaded' // it runs what was offered
  | 'failedBefore' // this very firmware failed here too often: only staff try it again
  | 'untrusted' // what was fetched is not what the maker signed for, or could not be fetched
  | 'failed'; // the device is away, refuses it, or runs something else afterwards

export interface FirmwareResult {
  readonly peripheral: string;
  readonly outcome: FirmwareOutcome;
  /** What it said that it ran; "bootloader" when it waited for firmware. */
  readonly before?: string;
  readonly offered?: string;
  readonly after?: string;
  /** Of the image, as far as the device has confirmed it. */
  readonly bytes: number;
  /** Of the transfer, from the first word to the device until it ran. */
  readonly durationMs: number;
  /** One sentence for a technician where it isn't well: what is so, and what to do. */
  readonly detail?: string;
}

/** Gives a device back to whoever uses it for payments. */
export type GiveBack = () => Promise<void>;

export interface FirmwareParts {
  readonly peripherals: readonly PeripheralFirmware[];
  readonly source: Pick<TrustedSource, 'fetch'>;
  readonly disk: Disk;
  /** A folder for notes of transfers; made if it isn't there, the one above it must be. */
  readonly notes: string;
  /** Asked right before a device is touched: undefined, or why not now, such as a payment. */
  readonly mayBegin: () => Promise<undefined | string>;
  /** Takes a device out of use; a Fault when whoever uses it doesn't let go. */
  readonly takeOut: (peripheral: string) => Promise<GiveBack | Fault>;
  /** On the disk when it resolves to undefined; a transfer that can't be recorded isn't begun. */
  readonly record: (result: FirmwareResult) => Promise<Fault | undefined>;
  readonly monotonicMs: () => number;
  readonly log: Log;
  /** Of one peripheral, as it goes. */
  readonly progress?: (peripheral: string, bytes: number, of: number) => void;
  /** Staff order it: also what failed here before, and what runs already. */
  readonly evenIf?: 'failed' | 'same';
}
