import { countStart } from '#upkeep/launcher.ts';
import { ROOT, readableCopies, wholeVersion } from './release.ts';
import { POWER_CUT, type SimulatedDisk } from './simulated-disk.ts';

export interface Figures {
  readonly cuts: number;
  readonly outcomes: number;
  /** How often which version was started. */
  readonly started: ReadonlyMap<string, number>;
  /** What should never be, in words. */
  readonly broken: readonly string[];
}

/** What is cut at each of its operations, and what may be started after that. */
export interface Course {
  readonly from: SimulatedDisk;
  readonly run: (disk: SimulatedDisk) => Promise<unknown>;
  readonly allowed: readonly string[];
  /** What else holds on each disk that a cut may leave; returns what doesn't. */
  readonly also?: (disk: SimulatedDisk) => Promise<string | undefined>;
  readonly most: number;
  readonly seed: number;
}

/** Cuts the power before every operation of a course, and starts the launcher on what is left. */
export const cutEverywhere = async (course: Course): Promise<Figures> => {
  const random = chance(course.seed);
  const started = new Map<string, number>();
  const broken: string[] = [];
  let cuts = 0;
  let outcomes = 0;
  for (let cutAt = 1, isOver = false; !isOver; cutAt++) {
    const disk = course.from.copy();
    disk.cutAt = cutAt;
    isOver = await survives(disk, course.run);
    if (!isOver) cuts += 1;
    for (const left of disk.outcomes(course.most, random)) {
      outcomes += 1;
      broken.push(...(await brokenPromises(course, left)).map((what) => `cut ${cutAt}: ${what}`));
      const version = await startedOn(left, course.allowed);
      started.set(version, (started.get(version) ?? 0) + 1);
      if (!course.allowed.includes(version)) broken.push(`cut ${cutAt}: ${version} started`);
      const problem = await course.also?.(left);
      if (problem !== undefined) broken.push(`cut ${cutAt}: ${problem}`);
    }
  }
  return { cuts, outcomes, started, broken };
};

/** "61 cuts, 803 outcomes: 1.0.0 started 700 times, 2.0.0 103" */
export const inWords = ({ cuts, outcomes, started }: Figures): string =>
  `${cuts} cuts, ${outcomes} outcomes: ${[...started]
    .sort()
    .map(([version, times]) => `${version} started ${times} times`)
    .join(', ')}`;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export const chance = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** The version of the release that the launcher starts, or what it does in its place. */
export const startedOn = async (
  disk: SimulatedDisk,
  versions: readonly string[],
): Promise<string> => {
  const state = countStart(disk.files, ROOT);
  if (!state) return 'nothing';
  const known = state.slots[state.current]?.version;
  const whole = await wholeVersion(disk, state.current, versions);
  return whole !== undefined && whole === known ? whole : `${known}, which isn't whole,`;
};

// The launcher gets along without them, but two things go before it does: a copy of the state that
// can be read, and slots that hold what each copy says.
const brokenPromises = async ({ from }: Course, disk: SimulatedDisk): Promise<string[]> => {
  const copies = readableCopies(disk);
  const found = copies.length === 0 && readableCopies(from).length > 0 ? ['no state is left'] : [];
  for (const { slots } of copies) {
    for (const [slot, record] of Object.entries(slots)) {
      if (!record || (await wholeVersion(disk, slot, [record.version]))) continue;
      found.push(`${slot} doesn't hold ${record.version}`);
    }
  }
  return found;
};

const survives = async (disk: SimulatedDisk, run: Course['run']): Promise<boolean> => {
  try {
    await run(disk);
    return true;
  } catch (error) {
    if (error === POWER_CUT) return false;
    throw error;
  }
};
