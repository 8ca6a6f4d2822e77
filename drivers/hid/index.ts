import { BehaviorSubject, Subject } from 'rxjs';
import type { CodeScanner, ScannedCode } from '#ports/code-scanner.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { nameOfWanted, type Role, roleOf, type Wanted } from './role.ts';
import { openSession, type Session } from './session.ts';
import type { HidSighting } from './sightings.ts';
import type { Signal } from './signals.ts';
import { type HidWorld, linuxHidWorld } from './world.ts';

export type { Signal } from './signals.ts';
export type { HidWorld } from './world.ts';

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
  const scans = new Subject<ScannedCode>();
  const devices = new BehaviorSubject<readonly AttachedDevice[]>(waitedFor(options));
  const keeper = keepScanners(
    options,
    (code) => scans.next(code),
    (rows) => devices.next(rows),
  );
  return {
    scans$: scans.asObservable(),
    devices$: devices.asObservable(),
    signal: keeper.signal,
    close: keeper.close,
  };
};

interface Keeper {
  signal(signal: Signal): void;
  close(): Promise<void>;
}

interface Known {
  readonly sighting: HidSighting;
  readonly role: Role;
  readonly session: Session | undefined;
}

const keepScanners = (
  options: HidScannerOptions,
  scanned: (code: ScannedCode) => void,
  tell: (rows: readonly AttachedDevice[]) => void,
): Keeper => {
  const world = options.world ?? linuxHidWorld();
  let known = new Map<string, Known>();
  let gone: readonly AttachedGone[] = [];
  let told = JSON.stringify(waitedFor(options));
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  const changed = (): void => {
    const rows = [...[...known.values()].flatMap(rowOf), ...gone.map(({ row }) => row)];
    const isWaiting = !rows.some(({ kind }) => kind === 'scanner');
    const all = isWaiting ? [...rows, ...waitedFor(options)] : rows;
    const text = JSON.stringify(all);
    if (isClosed || text === told) return;
    told = text;
    tell(all);
  };
  const session = { ...options, world, scanned, changed };

  const lookAround = async (): Promise<void> => {
    const sightings = await world.look();
    if (isClosed) return;
    const there = new Set(sightings.map(({ instance }) => instance));
    // First who went, then who came: a scanner that did both is back, and not missed.
    for (const [instance, one] of known) if (!there.has(instance)) await part(one);
    known = new Map(sightings.map((one) => [one.instance, known.get(one.instance) ?? meet(one)]));
    for (const one of known.values()) await one.session?.tend();
    changed();
  };
  const meet = (sighting: HidSighting): Known => {
    const role = roleOf(sighting, options);
    // Back again: a new session, and the old one's row makes room for it.
    const at = gone.findIndex(({ identity }) => identity === identityOf(sighting));
    if (role.role === 'scanner') gone = gone.filter((_, i) => i !== at);
    const isScanner = role.role === 'scanner';
    return {
      sighting,
      role,
      session: isScanner ? openSession(sighting, role, session) : undefined,
    };
  };
  const part = async (one: Known): Promise<void> => {
    if (one.session === undefined) return;
    await one.session.close();
    const { place, name } = one.sighting;
    options.log.warn({ place, name }, 'scanner unplugged');
    gone = [...gone, { identity: identityOf(one.sighting), row: unplugged(one.session.row()) }];
  };

  const turn = async (): Promise<void> => {
    await lookAround();
    if (!isClosed) timer = setTimeout(next, options.lookEveryMs ?? LOOK_EVERY_MS);
  };
  let turning = Promise.resolve();
  const next = (): void => {
    turning = turn();
  };
  next();

  return {
    signal: (signal) => {
      for (const one of known.values()) void one.session?.signal(signal);
    },
    close: async () => {
      isClosed = true;
      clearTimeout(timer);
      await turning;
      for (const one of known.values()) await one.session?.close();
    },
  };
};

const LOOK_EVERY_MS = 1000;

/** A scanner that was there, and whose return is waited for. */
interface AttachedGone {
  readonly identity: string;
  readonly row: AttachedDevice;
}

const identityOf = ({ vendorId, productId, serial }: HidSighting): string =>
  `${vendorId}:${productId}:${serial}`;

const rowOf = ({ sighting, role, session }: Known): AttachedDevice | readonly [] => {
  if (session !== undefined) return session.row();
  if (role.role !== 'unused') return [];
  const { place, name } = sighting;
  return { kind: 'unused', place, name, because: role.because, health: { health: 'ready' } };
};

const unplugged = (row: AttachedDevice): AttachedDevice => ({
  ...row,
  health: { health: 'absent', why: fault('device', `${row.name || row.place} was unplugged`) },
});

// Only a scanner that is named is missed before it was ever seen.
const waitedFor = (wanted: Wanted): readonly AttachedDevice[] => {
  if (wanted.vendorId === undefined && wanted.productId === undefined) return [];
  const name = nameOfWanted(wanted);
  const why = fault('device', `no HID device ${name} in HID POS mode is attached`);
  return [
    {
      kind: 'scanner',
      place: `USB ${name}`,
      name: '',
      because: `configuration names ${name}`,
      health: { health: 'absent', why },
    },
  ];
};
