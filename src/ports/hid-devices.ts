import type { Fault } from './fault.ts';

/** One HID device as the machine lists it. */
export interface HidSighting {
  /** "/dev/hidraw0": the next device may get the same one. */
  readonly place: string;
  /** "0003:0C2E:0B01.0004": bus, vendor, product, and a number that is never given twice. */
  readonly instance: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly name: string;
  /** Empty where the device has none. */
  readonly serial: string;
  readonly descriptor: Uint8Array;
}

/** One open device. */
export interface HidHandle {
  /** Output report, its id (or 0) in front. Never rejects. */
  write(report: Uint8Array): Promise<Fault | undefined>;
  /** Feature report, in the same form. */
  writeFeature(report: Uint8Array): Promise<Fault | undefined>;
  close(): Promise<void>;
}

/** What comes from an open device; none after its `close` has resolved. */
export interface HidListener {
  /** One input report as hidraw gives it: with its id in front where reports are numbered. */
  report(bytes: Uint8Array): void;
  /** Unplugged, or unreadable: no more will come. */
  lost(detail: string): void;
}

/** The machine's HID devices: what tests put another one in the place of. */
export interface HidWorld {
  look(): Promise<readonly HidSighting[]>;
  open(place: string, listener: HidListener): Promise<HidHandle | Fault>;
}
