import { type Stats, unwatchFile, watchFile } from 'node:fs';

/** How often files are looked at: somebody who renews one waits this long for it. */
export const LOOK_MS = 2000;

/**
 * Tells, some time after it, that one of the files was written, replaced or removed. By their
 * inodes and times: whoever renews certificates replaces files, or what a link leads to, and a
 * watch of folders would miss the second.
 */
export const watchFiles = (
  paths: readonly string[],
  onChange: () => void,
  lookMs = LOOK_MS,
): { close(): void } => {
  let pause: NodeJS.Timeout | undefined;
  const look = (now: Stats, before: Stats) => {
    if (same(now, before)) return;
    // A pair is replaced one after the other: what is looked at then belongs together.
    clearTimeout(pause);
    pause = setTimeout(onChange, lookMs / 4).unref();
  };
  for (const path of paths) watchFile(path, { interval: lookMs, persistent: false }, look);
  return {
    close: () => {
      clearTimeout(pause);
      for (const path of paths) unwatchFile(path, look);
    },
  };
};

// Whoever reads a file changes a time of it, too.
const same = (a: Stats, b: Stats): boolean =>
  a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;
