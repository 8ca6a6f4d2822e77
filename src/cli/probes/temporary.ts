import { rmSync } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Gives `work` a folder of its own, which nobody else may read, and removes it: also when this
 * process ends before it is done. Resolves to undefined where there is no room.
 * @param bytes how much `work` may write
 */
export const inTemporaryFolder = async <T>(
  bytes: number,
  work: (folder: string) => Promise<T>,
): Promise<T | undefined> => {
  const place = await placeFor(bytes);
  if (place === undefined) return undefined;
  const folder = await mkdtemp(join(place, 'countertap-probe-'));
  const clear = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', clear);
  try {
    return await work(folder);
  } finally {
    process.off('exit', clear);
    await rm(folder, { recursive: true, force: true });
  }
};

/** Where there is room: /tmp may lie in memory, /var/tmp does not. */
export const TEMPORARY_PLACES: readonly string[] = [...new Set([tmpdir(), '/var/tmp'])];

const placeFor = async (bytes: number): Promise<string | undefined> => {
  for (const place of TEMPORARY_PLACES) {
    const found = await statfs(place).catch(() => undefined);
    if (found && found.bavail * found.bsize >= bytes) return place;
  }
  return undefined;
};
