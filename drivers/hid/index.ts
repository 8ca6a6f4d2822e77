import { BehaviorSubject, Subject } from 'rxjs';
import type { CodeScanner, ScannedCode } from '#ports/code-scanner.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import type { Log } from '#ports/log.ts';
import type { Wanted } from './role.ts';
import { openRoster } from './roster.ts';
import type { Signal } from './signals.ts';
import { type HidWorld, linuxHidWorld } from './world.ts';

export type { Signal } from './signals.ts';
export { type HidWorld, linuxHidWorld } from './world.ts';

export interface HidScannerOptions extends Wanted {
  readonly log: Log;
  /** CLOCK_MONOTONIC in milliseconds. */
  readonly monotonicMs: () => number;
  /** How often to look for devices that came or went. */
  readonly lookEveryMs?: number;
  /** Other HID devices than this machine's. */
  readonly world?: HidWorld;
}

export interface HidScanner extends CodeScanner {
  /** Beeper and LED of all scanners that have them, as well as it goes: nobody waits for it. */
  signal(signal: Signal): void;
}

/**
 * Scanners in HID POS mode (usage page 8C), any number of them, or those of one vendor or product.
 * Returns at once; scanners come and go as they like.
 */
export const openHidScanner = (options: HidScannerOptions): HidScanner => {
  const world = options.world ?? linuxHidWorld();
  const scans = new Subject<ScannedCode>();
  const roster = openRoster({
    ...options,
    world,
    scanned: (code) => scans.next(code),
    changed: () => tell(),
  });
  const devices = new BehaviorSubject<readonly AttachedDevice[]>(roster.rows());
  const tell = (): void => {
    const rows = roster.rows();
    if (JSON.stringify(rows) !== JSON.stringify(devices.value)) devices.next(rows);
  };

  const stop = every(options.lookEveryMs ?? LOOK_EVERY_MS, async () => {
    await roster.update(await world.look());
    tell();
  });
  return {
    scans$: scans.asObservable(),
    devices$: devices.asObservable(),
    signal: (signal) => {
      for (const session of roster.sessions()) void session.signal(signal);
    },
    close: async () => {
      await stop();
      for (const session of roster.sessions()) await session.close();
    },
  };
};

const LOOK_EVERY_MS = 1000;

// One turn after the other, the first one at once; stopping waits for the turn under way.
const every = (ms: number, turn: () => Promise<void>): (() => Promise<void>) => {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const next = async (): Promise<void> => {
    await turn();
    if (!isStopped) {
      timer = setTimeout(() => {
        running = next();
      }, ms);
    }
  };
  let running = next();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
  };
};
