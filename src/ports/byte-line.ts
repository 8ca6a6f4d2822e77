import type { Observable } from 'rxjs';
import type { Fault } from './fault.ts';

/** Whether bytes can be sent: the device file is open, or why it isn't. */
export type ByteLineState =
  | { readonly line: 'up' }
  /** It is tried again by itself. */
  | { readonly line: 'down'; readonly why: Fault };

/** Bytes to and from a device at a device file, that may be unplugged and plugged in again. */
export interface ByteLine {
  /** The device file: "/dev/ttyUSB0", "/dev/usb/lp0". */
  readonly path: string;
  /** Replays the present state, then each change. Never errors. */
  readonly state$: Observable<ByteLineState>;
  /** Bytes as they come, however cut into pieces; nothing is kept for later. Never errors. */
  readonly received$: Observable<Uint8Array>;
  /**
   * One write after the other. Resolves when the device has taken all of it; to a Fault `timeout`
   * when it hadn't within `deadlineMs`, counted from the call (what it has taken by then isn't
   * known); to a Fault `device` when the line is down, or goes down meanwhile. Nothing is kept for
   * later or repeated.
   */
  write(bytes: Uint8Array, deadlineMs: number): Promise<Fault | undefined>;
  /** Completes both observables. Writes that wait resolve to a Fault `aborted`. */
  close(): Promise<void>;
}
