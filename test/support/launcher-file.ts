import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Puts the launcher into a folder as scripts/install does, and returns its path. */
export const launcherIn = (folder: string): string => {
  const words = ['--no-warnings', 'scripts/lib/without-types.mjs', 'src/upkeep/launcher.ts'];
  const path = join(folder, 'launcher.mjs');
  writeFileSync(path, execFileSync(process.execPath, words));
  return path;
};
