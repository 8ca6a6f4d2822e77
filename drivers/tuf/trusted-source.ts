import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetFile } from '@tufjs/models';
import type { Disk } from '#ports/disk.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { Offer, Target, TrustedSource, Untrusted } from '#ports/trusted-source.ts';
import { targetBytes, targetFile } from './download.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { lookAt, type Verified } from './look.ts';
import { type Place, Refused } from './place.ts';
import { openPlace } from './places.ts';
import { offerOf, parsePointer, pointersFor, topLevelTarget } from './pointer.ts';
import { makeWorkFolder } from './work-folder.ts';

export interface TrustedSourceOptions {
  /** "https://…", the absolute path of a folder, or that of a tar. */
  readonly source: string;
  /** PEM of the authorities that may vouch for the HTTPS server, instead of Node's own. */
  readonly authority?: string;
  /** Path of the maker's first root.json; it is read at each look. */
  readonly root: string;
  /** The terminal's folder for what it keeps; "trust" in it is ours. */
  readonly state: string;
  /** What is trusted is written by it: after a power cut it is as it was or as it shall be. */
  readonly disk: Disk;
  readonly channel: string;
  readonly store?: string;
  /** Such as "linux-arm64". */
  readonly machine: string;
  /** Where targets are taken to; `<state>/trust` unless said. Room for the largest is needed. */
  readonly work?: string;
  readonly limits?: Partial<Limits>;
  /** Milliseconds since 1970, for what we say about clocks; tuf-js asks the machine's own. */
  readonly now?: () => number;
  /** What a technician should know and nobody waits for, such as that a copy was damaged. */
  readonly tell?: (note: string) => void;
}

/**
 * Fills ports/trusted-source.ts with tuf-js, the reference client of The Update Framework. It opens
 * nothing before it is asked; no call ever rejects.
 */
export const openTrustedSource = (options: TrustedSourceOptions): TrustedSource => {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const place = openPlace(options.source, options.authority, limits);
  if ('untrusted' in place) {
    const refused = async (): Promise<Untrusted> => place;
    return { look: refused, fetch: refused, close: async () => undefined };
  }
  const closing = new AbortController();
  const folder = workFolder(options.work ?? join(options.state, 'trust'));
  const look = looking(options, place, limits, folder);
  let last: Verified | undefined;
  let count = 0;

  return {
    look: (signal) =>
      asValue(async () => {
        // What an earlier look trusted counts no more, whatever comes of this one.
        last = undefined;
        const either = AbortSignal.any([signal, closing.signal]);
        return look(either, (verified, inTime) => {
          last = verified;
          return offered(options, place, verified, limits, inTime);
        });
      }),
    fetch: (target, signal, progress = () => undefined) =>
      asValue(async () => {
        const either = AbortSignal.any([signal, closing.signal]);
        last ??= await look(either, async (verified) => verified);
        const found = trustedTarget(target, last);
        const to = await folder.get();
        count += 1;
        const file = join(to, `target-${count}`);
        const { isConsistent } = last;
        const into = { file, folder: to };
        await targetFile(place, found, isConsistent, into, limits, either, progress);
        return { file };
      }),
    close: async () => {
      closing.abort();
      place.close();
      return folder.remove();
    },
  };
};

type Looking = <T>(
  signal: AbortSignal,
  use: (verified: Verified, inTime: AbortSignal) => Promise<T>,
) => Promise<T>;

// All the metadata of a look have one time: many small files could be slow without being silent.
const looking = (
  options: TrustedSourceOptions,
  place: Place,
  limits: Limits,
  folder: WorkFolder,
): Looking => {
  const { root, disk, state, now = Date.now, tell = () => undefined } = options;
  const kept = join(state, 'trust');
  return async (signal, use) => {
    const late = AbortSignal.timeout(limits.lookMs);
    const inTime = AbortSignal.any([signal, late]);
    const work = join(await folder.get(), 'metadata');
    try {
      const about = { place, disk, limits, now, tell, root, kept, work };
      return await lookAt(about, inTime, (verified) => use(verified, inTime));
    } catch (error) {
      if (!late.aborted || signal.aborted) throw error;
      const detail = `${place.name} is too slow: its metadata took over ${limits.lookMs} ms`;
      throw new Refused('slow', detail);
    }
  };
};

interface WorkFolder {
  get(): Promise<string>;
  remove(): Promise<Fault | undefined>;
}

const workFolder = (above: string): WorkFolder => {
  let made: Promise<string> | undefined;
  return {
    get: async () => {
      made ??= makeWorkFolder(above);
      try {
        return await made;
      } catch (error) {
        made = undefined;
        throw error;
      }
    },
    remove: async () => {
      try {
        const folder = await made;
        if (folder !== undefined) await rm(folder, { recursive: true, force: true });
        return undefined;
      } catch (error) {
        return fault('disk', (error as Error).message);
      }
    },
  };
};

const asValue = async <T>(work: () => Promise<T>): Promise<T | Untrusted> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) return error.why;
    throw error;
  }
};

const offered = async (
  { store, channel, machine }: TrustedSourceOptions,
  place: Place,
  { find, targets, isConsistent }: Verified,
  limits: Limits,
  signal: AbortSignal,
): Promise<Offer> => {
  for (const { chosenBy, path } of pointersFor(machine, channel, store)) {
    const found = await find(path);
    if (found === undefined) continue;
    const bytes = await targetBytes(place, found, isConsistent, limits, signal);
    return offerOf(parsePointer(bytes, path), { chosenBy, path, machine }, targets);
  }
  return { chosenBy: 'channel', firmware: {} };
};

// What is asked for may be an offer of yesterday: it counts if it is signed for today as well.
const trustedTarget = ({ path, bytes, sha256 }: Target, { targets }: Verified): TargetFile => {
  const found = topLevelTarget(targets, path);
  if (found?.length === bytes && found.hashes['sha256'] === sha256) return found;
  throw new Refused('content', `the maker has not signed for ${path} as it is asked for`);
};
