import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Disk } from '#ports/disk.ts';
import { fault } from '#ports/fault.ts';
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
  /** What is trusted is written by it, so that a power cut leaves it as it was or as it shall be. */
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
  const above = options.work ?? join(options.state, 'trust');
  const closing = new AbortController();
  const place = openPlace(options.source, options.authority, limits);
  let work: Promise<string> | undefined;
  let last: Verified | undefined;
  let count = 0;

  const checkedUse = async <T>(signal: AbortSignal, use: (verified: Verified) => Promise<T>) => {
    if ('untrusted' in place) throw new Refused(place.untrusted, place.detail);
    work ??= makeWorkFolder(above);
    const folder = await work.catch((error) => {
      work = undefined;
      throw error;
    });
    const { root, disk, state, now = Date.now, tell = () => undefined } = options;
    const kept = join(state, 'trust');
    const paths = { root, kept, work: join(folder, 'metadata') };
    return lookAt({ place, disk, limits, now, tell, ...paths }, signal, async (verified) => {
      last = verified;
      return use(verified);
    });
  };

  const look = (signal: AbortSignal): Promise<Offer | Untrusted> =>
    asValue(async () => {
      // What an earlier look trusted counts no more, whatever comes of this one.
      last = undefined;
      const late = AbortSignal.timeout(limits.lookMs);
      const either = AbortSignal.any([signal, closing.signal, late]);
      try {
        return await checkedUse(either, (verified) =>
          offered(options, place as Place, verified, limits, either),
        );
      } catch (error) {
        if (!late.aborted || signal.aborted || closing.signal.aborted) throw error;
        const detail = `${options.source} is too slow: its metadata took over ${limits.lookMs} ms`;
        throw new Refused('slow', detail);
      }
    });

  const fetch: TrustedSource['fetch'] = (target, signal, progress = () => undefined) =>
    asValue(async () => {
      const either = AbortSignal.any([signal, closing.signal]);
      if (last === undefined) await checkedUse(either, async () => undefined);
      const found = last && trustedTarget(target, last);
      if (!found || !last || !work || 'untrusted' in place) {
        throw new Refused('content', `the maker has not signed for ${target.path} as it is asked`);
      }
      const folder = await work;
      count += 1;
      const file = join(folder, `target-${count}`);
      const to = { file, folder };
      await targetFile(place, found, last.isConsistent, to, limits, either, progress);
      return { file };
    });

  return {
    look,
    fetch,
    close: async () => {
      closing.abort();
      if (!('untrusted' in place)) place.close();
      try {
        const folder = await work?.catch(() => undefined);
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
const trustedTarget = ({ path, bytes, sha256 }: Target, { targets }: Verified) => {
  const found = topLevelTarget(targets, path);
  return found?.length === bytes && found.hashes['sha256'] === sha256 ? found : undefined;
};
