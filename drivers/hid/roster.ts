import type { AttachedDevice } from '#ports/devices.ts';
import { fault } from '#ports/fault.ts';
import { nameOfWanted, type Role, roleOf, type Wanted } from './role.ts';
import { openSession, type Session, type SessionOptions } from './session.ts';
import type { HidSighting } from './sightings.ts';

/** The scanners there are, those that were, and what else is worth a line. */
export interface Roster {
  /** Takes leave of what went, meets what came, and tends what stayed. */
  update(sightings: readonly HidSighting[]): Promise<void>;
  rows(): readonly AttachedDevice[];
  sessions(): readonly Session[];
}

export const openRoster = (options: SessionOptions & Wanted): Roster => {
  let known = new Map<string, Known>();
  let gone: readonly Gone[] = [];

  const part = async ({ sighting, session }: Known): Promise<void> => {
    if (session === undefined) return;
    await session.close();
    options.log.warn({ place: sighting.place, name: sighting.name }, 'scanner unplugged');
    gone = [...gone, { identity: identityOf(sighting), row: unplugged(session.row()) }];
  };
  const meet = (sighting: HidSighting): Known => {
    const role = roleOf(sighting, options);
    if (role.role !== 'scanner') return { sighting, role, session: undefined };
    // Back again: the old one's row makes room for it.
    const at = gone.findIndex(({ identity }) => identity === identityOf(sighting));
    gone = gone.filter((_, i) => i !== at);
    return { sighting, role, session: openSession(sighting, role, options) };
  };
  const sessions = (): readonly Session[] =>
    [...known.values()].flatMap(({ session }) => session ?? []);

  return {
    update: async (sightings) => {
      const there = new Set(sightings.map(({ instance }) => instance));
      // First who went, then who came: a scanner that did both is back, and not missed.
      for (const [instance, one] of known) if (!there.has(instance)) await part(one);
      known = new Map(sightings.map((one) => [one.instance, known.get(one.instance) ?? meet(one)]));
      for (const session of sessions()) await session.tend();
    },
    rows: () => {
      const rows = [...[...known.values()].flatMap(rowOf), ...gone.map(({ row }) => row)];
      return rows.some(({ kind }) => kind === 'scanner') ? rows : [...rows, ...waitedFor(options)];
    },
    sessions,
  };
};

interface Known {
  readonly sighting: HidSighting;
  readonly role: Role;
  readonly session: Session | undefined;
}

/** A scanner that was there, and whose return is waited for. */
interface Gone {
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
