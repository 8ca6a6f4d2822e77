import type { Observable } from 'rxjs';
import type { Fault } from './fault.ts';

export type DeviceKind = 'scanner' | 'printer' | 'lineDisplay' | 'cardReader' | 'customerDisplay';

/** One device that the terminal uses, waits for, or sees and leaves alone. */
export interface AttachedDevice {
  readonly kind: DeviceKind | 'unused';
  /** Where it is: "/dev/ttyUSB0", "/dev/hidraw1", a reader's name. */
  readonly place: string;
  /** As it names itself; empty when it doesn't. */
  readonly name: string;
  /** Why it is taken for that: "named in terminal.json: devices.scanners[0]". */
  readonly because: string;
  readonly health: DeviceHealth;
}

export type DeviceHealth =
  | { readonly health: 'ready'; readonly detail?: string }
  /** Usable, and somebody should look: paper is low, it sends rubbish. */
  | { readonly health: 'attention'; readonly detail: string }
  | { readonly health: 'absent'; readonly why: Fault };

export interface DeviceList {
  /** Replays what there is, then each change. Never errors. */
  readonly devices$: Observable<readonly AttachedDevice[]>;
}
