import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { Refused } from './place.ts';
import type { TrustedFiles } from './store.ts';

/**
 * A folder of this process's own, where tuf-js keeps metadata while it works and where targets are
 * until they are installed. What processes that are gone have left is removed.
 * Throws `Refused` of reason "disk".
 */
export const makeWorkFolder = (above: string): Promise<string> =>
  onDisk(async () => {
    await mkdir(above, { recursive: true });
    for (const name of await readdir(above)) {
      const pid = /^work-(\d+)-/.exec(name)?.[1];
      if (pid !== undefined && !isRunning(Number(pid))) {
        await rm(`${above}/${name}`, { recursive: true, force: true });
      }
    }
    return mkdtemp(`${above}/work-${process.pid}-`);
  });

/** Lays these metadata out for tuf-js, and nothing else. */
export const layOut = (folder: string, files: TrustedFiles): Promise<void> =>
  onDisk(async () => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { mode: 0o700 });
    for (const [role, text] of Object.entries(files)) {
      await writeFile(`${folder}/${encodeURIComponent(role)}.json`, text, { mode: 0o600 });
    }
  });

/** The metadata that are there now, by role. tuf-js writes none that it hasn't verified. */
export const layIn = (folder: string): Promise<TrustedFiles> =>
  onDisk(async () => {
    const files: Record<string, string> = {};
    for (const name of (await readdir(folder)).toSorted()) {
      const role = decodeURIComponent(name.replace(/\.json$/, ''));
      files[role] = await readFile(`${folder}/${name}`, 'utf8');
    }
    return files;
  });

/** Runs work on our own disk: an error of the system's is of reason "disk". */
export const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused || (error as NodeJS.ErrnoException).code === undefined)
      throw error;
    const { message } = error as Error;
    throw new Refused('disk', `this machine's disk can't take an update: ${message}`);
  }
};

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
