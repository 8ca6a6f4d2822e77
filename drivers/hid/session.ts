import { setTimeout as sleep } from 'node:timers/promises';
import type { ScannedCode } from '#ports/code-scanner.ts';
import type { AttachedDevice, DeviceHealth } from '#ports/devices.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { openAssembler, type Taken } from './assembler.ts';
import type { Role } from './role.ts';
import type { HidSighting } from './sightings.ts';
import { type Signal, type SignalReports, signalReports } from './signals.ts';
import type { HidHandle, HidWorld } from './world.ts';

/** One scanner from plugged in to unplugged. */
export interface Session {
  readonly sighting: HidSighting;
  row(): AttachedDevice;
  /** Opens it if it isn't open, and sees whether half a code has waited for too long. */
  tend(): Promise<void>;
  signal(signal: Signal): Promise<void>;
  close(): Promise<void>;
}

export interface SessionOptions {
  readonly world: HidWorld;
  readonly log: Log;
  readonly monotonicMs: () => number;
  readonly scanned: (code: ScannedCode) => void;
  /** Its row is another one than before. */
  readonly changed: () => void;
}

type ScannerRole = Extract<Role, { role: 'scanner' }>;

/** Not open yet: `tend` does that. */
export const openSession = (
  sighting: HidSighting,
  role: ScannerRole,
  options: SessionOptions,
): Session => {
  const { world, monotonicMs } = options;
  const { place, name } = sighting;
  const reporter = openReporter(sighting, options);
  const begin = () => openAssembler(role.layouts, role.descriptor.isNumbered);
  let assembler = begin();
  let handle: HidHandle | undefined;
  let retryAtMs = Number.NEGATIVE_INFINITY;

  const report = (bytes: Uint8Array): void => {
    const atMs = monotonicMs();
    reporter.handOn(assembler.take(bytes, atMs), atMs);
  };
  const fail = (why: Fault): void => {
    retryAtMs = monotonicMs() + RETRY_AFTER_MS;
    reporter.turn({ health: 'absent', why });
  };
  const lost = (detail: string): void => {
    void handle?.close();
    handle = undefined;
    reporter.handOn(assembler.expire(Number.POSITIVE_INFINITY), monotonicMs());
    fail({ fault: 'device', detail: `${place} is lost: ${detail}` });
  };
  const open = async (): Promise<void> => {
    const opened = await world.open(place, { report, lost });
    if (isFault(opened)) return fail(opened);
    handle = opened;
    assembler = begin();
    reporter.turn({ health: 'ready' });
    for (const bytes of redirects(role)) await opened.writeFeature(bytes);
  };

  return {
    sighting,
    row: () => ({ kind: 'scanner', place, name, because: role.because, health: reporter.health() }),
    tend: async () => {
      const atMs = monotonicMs();
      if (handle !== undefined) reporter.handOn(assembler.expire(atMs), atMs);
      else if (atMs >= retryAtMs) await open();
    },
    signal: async (signal) => {
      if (handle !== undefined) await sendSignal(handle, signalReports(role.descriptor, signal));
    },
    close: async () => {
      const open = handle;
      handle = undefined;
      await open?.close();
    },
  };
};

interface Reporter {
  health(): DeviceHealth;
  turn(next: DeviceHealth): void;
  handOn(taken: Taken, atMs: number): void;
}

// What is wrong is told once, and stands until the next whole code.
const openReporter = ({ place, name }: HidSighting, options: SessionOptions): Reporter => {
  let health: DeviceHealth = { health: 'absent', why: NOT_YET };
  const turn = (next: DeviceHealth): void => {
    if (JSON.stringify(next) === JSON.stringify(health)) return;
    health = next;
    const detail = next.health === 'absent' ? next.why.detail : next.detail;
    const level = next.health === 'ready' ? 'info' : 'warn';
    options.log[level]({ place, name, detail }, `scanner ${next.health}`);
    options.changed();
  };
  const handOn = ({ code, trouble }: Taken, atMs: number): void => {
    if (trouble !== undefined) turn({ health: 'attention', detail: trouble });
    if (code === undefined) return;
    if (trouble === undefined) turn({ health: 'ready' });
    const { text, symbology } = code;
    options.scanned({ text, ...(symbology === undefined ? {} : { symbology }), place, atMs });
  };
  return { health: () => health, turn, handOn };
};

const sendSignal = async (handle: HidHandle, { on, off }: SignalReports): Promise<void> => {
  for (const bytes of on) await handle.write(bytes);
  if (off.length === 0) return;
  await sleep(LIT_MS, undefined, { ref: false });
  for (const bytes of off) await handle.write(bytes);
};

const NOT_YET: Fault = { fault: 'device', detail: 'not opened yet' };
// A device that refuses to be opened is asked now and then; one that is plugged in anew, at once.
const RETRY_AFTER_MS = 3000;
const LIT_MS = 500;

// Honeywell's vendor page: "output redirection" sends codes to the HID interface and not elsewhere.
const REDIRECTION = 0xff660003;

const redirects = ({ descriptor }: ScannerRole): readonly Uint8Array[] =>
  descriptor.fields
    .filter(({ kind, usages }) => kind === 'feature' && usages[0]?.first === REDIRECTION)
    .map(({ reportId }) => Uint8Array.of(reportId, 1));
