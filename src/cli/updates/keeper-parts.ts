import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zoneOf } from '#acceptance/index.ts';
import type { KeeperParts } from '#upkeep/index.ts';
import { readKnown } from '#upkeep/known.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';
import { updateInOwnProcess } from './process.ts';
import type { SlotsHere } from './slots-here.ts';

type Configured = Omit<
  KeeperParts,
  'clock' | 'log' | 'version' | 'counter' | 'complaint' | 'firmware' | 'leave'
>;

/** What the keeper is told by configuration and machine. */
export const keeperParts = (
  { terminal, folder }: Configuration,
  places: Places,
  slots: SlotsHere,
): Configured => {
  const { repository, lookEveryHours, healthyWithinSeconds, window } = terminal.upkeep;
  const everyMs = lookEveryHours * 3_600_000;
  return {
    place: slots,
    healthyWithinMs: healthyWithinSeconds * 1000,
    known: () => readKnown(slots.disk, knownIn(places)),
    floor: () => floorOf(slots.slot),
    worker: (job, tell, signal) =>
      updateInOwnProcess({ state: places.state, config: folder }, job, tell, signal),
    inWindow: () => isIn(window, localTimeOfDay(terminal.acceptance.timeZone)),
    looks:
      repository === undefined
        ? undefined
        : // A chain's terminals start with the shop's lights and don't all look at once.
          { firstMs: FIRST_LOOK_MS * (0.5 + Math.random()), everyMs: spread(everyMs) },
  };
};

export const knownIn = ({ upkeep }: Pick<Places, 'upkeep'>): string => join(upkeep, 'known.json');

/** @param time "14:05"; from a time to the same is the whole day, and over midnight is one night */
export const isIn = (
  { from, to }: { readonly from: string; readonly to: string },
  time: string,
): boolean => (from < to ? from <= time && time < to : time >= from || time < to);

const FIRST_LOOK_MS = 300_000;

const spread = (everyMs: number): number => everyMs * (0.9 + Math.random() / 5);

// Asked only while something is ready: the runtime's time zones take 8 MB, and this process is
// about to end.
const localTimeOfDay = (name: string | undefined): string => {
  const zone = zoneOf(name ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const ms = clock.wallMs();
  return new Date(zone?.localMs(ms) ?? ms).toISOString().slice(11, 16);
};

const floorOf = async (slot: string | undefined): Promise<string> => {
  if (slot === undefined) return NO_FLOOR;
  const manifest: unknown = JSON.parse(await readFile(join(slot, 'manifest.json'), 'utf8'));
  const { floor } = manifest as { floor?: unknown };
  return typeof floor === 'string' ? floor : NO_FLOOR;
};

const NO_FLOOR = '0.0.0';
