import type { Disk } from '#ports/disk.ts';
import { isFault } from '#ports/fault.ts';
import type { SelfTest } from '#ports/self-tests.ts';
import { type Incoming, readBundle } from './bundle.ts';
import { compareVersions, other, sha256 } from './launcher.ts';
import { whileLocked } from './lock.ts';
import { type Machine, type Manifest, parseManifest, spaceFor } from './manifest.ts';
import { after } from './phases.ts';
import { calledOff, isRefusal, type Refusal, refusal } from './refusal.ts';
import { checkSlot, onDisk, removeTree, sizeOf, unpack } from './slot.ts';
import { changeState, readState } from './state-file.ts';
import type { Slot, SlotRecord, State } from './types.ts';

/** Where releases are installed, and with what. */
export interface Site {
  readonly disk: Disk;
  /** The folder with `current` and `slots`. */
  readonly root: string;
  readonly machine: Machine;
  readonly selfTest: SelfTest;
  readonly probationMs: number;
}

/**
 * Puts a release into the slot that isn't current, checks all of it and lets it try itself. What
 * runs stays as it is; `switchOver` makes the new one current. Before the slot is emptied nothing
 * is touched; after that each refusal is also in the state, as `rolledBack` with its reason.
 * Whether the bundle may be trusted at all is for who gives it to say. One install at a time,
 * across processes: "busy" while another is under way.
 * @param signal calls it off: "aborted", soon, and the slot emptied like after any refusal
 */
export const install = (
  site: Site,
  bundle: AsyncIterable<Uint8Array>,
  signal: AbortSignal = NEVER,
): Promise<State | Refusal> =>
  whileLocked(
    site.disk,
    `${site.root}/install.lock`,
    'another process installs a release',
    async () => {
      const incoming = readBundle(bundle, signal);
      try {
        return await receive(site, incoming, signal);
      } finally {
        await incoming.close();
      }
    },
  );

/**
 * Makes the release that `install` left ready the current one, by one rename. It runs from the next
 * start of the launcher on; the caller ends its own process.
 */
export const switchOver = (site: Pick<Site, 'disk' | 'root'>): Promise<State | Refusal> =>
  changeState(site, (state) => {
    const phase = state === 'absent' ? undefined : after(state.phase, 'becameCurrent');
    if (state === 'absent' || !phase)
      return refusal('state', 'no release is ready to become current');
    return { ...state, phase, current: other(state.current) };
  });

const NEVER = new AbortController().signal;

const receive = async (site: Site, incoming: Incoming, signal: AbortSignal) => {
  const state = await stateOf(site);
  if (isRefusal(state)) return state;
  const bytes = await incoming.manifest();
  if (isRefusal(bytes)) return bytes;
  const manifest = parseManifest(bytes);
  if (isRefusal(manifest)) return manifest;
  const problem =
    unfit(site, state, manifest, bytes) ??
    (await lackOfSpace(site, state, manifest)) ??
    calledOff(signal);
  return problem ?? intoSlot(site, state, { incoming, manifest, bytes }, signal);
};

interface Arriving {
  readonly incoming: Incoming;
  readonly manifest: Manifest;
  readonly bytes: Uint8Array;
}

// Before the first release both slots are empty, and the first goes into a.
const FIRST: State = {
  format: 1,
  sequence: 0,
  current: 'b',
  floor: '0.0.0',
  phase: 'idle',
  reason: null,
  slots: { a: null, b: null },
};

const stateOf = async ({ disk, root }: Site): Promise<State | Refusal> => {
  const found = await readState(disk, root);
  return found === 'absent' ? FIRST : found;
};

const unfit = (
  site: Site,
  state: State,
  { machine, version }: Manifest,
  bytes: Uint8Array,
): Refusal | undefined => {
  if (!after(state.phase, 'begun')) {
    return refusal('busy', 'the release before is in its probation: it has to settle first');
  }
  if (machine !== site.machine) {
    return refusal('machine', `made for ${machine}, and this machine is ${site.machine}`);
  }
  if (compareVersions(version, state.floor) < 0) {
    return refusal('floor', `${version} is older than ${state.floor}, the oldest that may be`);
  }
  const isSame = sha256(bytes) === state.slots[state.current]?.digest;
  return isSame ? refusal('same', `${version} is the release that runs`) : undefined;
};

// What lies in the slot counts as free: it is emptied first, and not for a release that can't fit.
const lackOfSpace = async (
  { disk, root }: Site,
  { current }: State,
  manifest: Manifest,
): Promise<Refusal | undefined> => {
  const free = await disk.freeBytes(root);
  if (isFault(free)) return onDisk(free);
  const taken = await sizeOf(disk, `${root}/slots/${other(current)}`);
  if (isFault(taken)) return onDisk(taken);
  const needed = spaceFor(manifest);
  if (needed <= free + taken) return undefined;
  return refusal('diskFull', `${needed} bytes are needed, and ${free + taken} are there`);
};

const intoSlot = async (
  site: Site,
  { current }: State,
  { incoming, manifest, bytes }: Arriving,
  signal: AbortSignal,
): Promise<State | Refusal> => {
  const { disk, root } = site;
  const slot = other(current);
  const slotPath = `${root}/slots/${slot}`;
  const begun = await advance(site, current, 'unpacking', null);
  if (isRefusal(begun)) return begun;
  const digest = sha256(bytes);
  const problem =
    (await emptied(disk, root, slotPath)) ??
    (await unpack(disk, slotPath, incoming, manifest, bytes)) ??
    (await checkSlot(disk, slotPath, manifest, digest)) ??
    calledOff(signal);
  if (problem) return leave(site, current, problem);
  const { release, version } = manifest;
  const fresh = { starts: 0, trials: 0, healthy: false, probationMs: site.probationMs };
  const record = { release, version, digest, ...fresh };
  const checked = await advance(site, current, 'checked', record);
  if (isRefusal(checked)) return checked;
  const complaint = await site.selfTest.run(slotPath, signal);
  // A self-test that wrote into its own release has made another of it.
  const why =
    calledOff(signal) ??
    (complaint === undefined ? undefined : refusal('selfTest', complaint)) ??
    (await checkSlot(disk, slotPath, manifest, digest)) ??
    calledOff(signal);
  return why ? leave(site, current, why) : advance(site, current, 'tried', record);
};

const emptied = async (disk: Disk, root: string, slotPath: string) => {
  const problem =
    (await removeTree(disk, slotPath)) ??
    (await disk.makeFolder(`${root}/slots`)) ??
    (await disk.syncFolder(`${root}/slots`)) ??
    (await disk.syncFolder(root));
  return problem && onDisk(problem);
};

/** @param current the slot that runs: where the launcher has left it meanwhile, all is void */
const advance = (
  site: Site,
  current: Slot,
  phase: State['phase'],
  record: SlotRecord | null,
): Promise<State | Refusal> =>
  changeState(site, (found) => {
    const state = found === 'absent' ? FIRST : found;
    if (state.current !== current) return refusal('state', 'the terminal went to its other slot');
    return { ...state, phase, reason: null, slots: { ...state.slots, [other(current)]: record } };
  });

// The space goes back at once: half a release is of no use to anybody.
const leave = async (site: Site, current: Slot, why: Refusal): Promise<Refusal> => {
  const reason = `${why.refused}: ${why.detail}`;
  const left = (): Promise<State | Refusal> =>
    changeState(site, (found) => {
      const state = found === 'absent' ? FIRST : found;
      if (state.current !== current) return why;
      const slots = { ...state.slots, [other(current)]: null };
      return { ...state, phase: 'rolledBack', reason, slots };
    });
  const written = await left();
  if (written === why) return why;
  await removeTree(site.disk, `${site.root}/slots/${other(current)}`);
  // On a disk that was full there is room now.
  if (isRefusal(written)) await left();
  return why;
};
