import type { Disk } from '#ports/disk.ts';
import { isFault } from '#ports/fault.ts';
import { type Refusal, refusal } from './refusal.ts';
import { onDisk } from './slot.ts';

/**
 * Does `work` while nobody else holds the lock of this name, in whatever process; a process that
 * dies holds none any more. "busy" when another holds it for longer than `patienceMs`.
 * @param what who else may hold it, for the refusal: "another process installs a release"
 */
export const whileLocked = async <T>(
  disk: Disk,
  path: string,
  what: string,
  work: () => Promise<T>,
  patienceMs = 0,
): Promise<T | Refusal> => {
  for (let waitedMs = 0; ; waitedMs += AGAIN_MS) {
    const lock = await disk.lock(path);
    if (isFault(lock)) return onDisk(lock);
    if (lock !== 'taken') return work().finally(() => lock.release());
    if (waitedMs >= patienceMs) return refusal('busy', `${what}: wait until it is done`);
    await new Promise((again) => setTimeout(again, AGAIN_MS));
  }
};

const AGAIN_MS = 20;
