import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A new folder for what takes this many bytes: in memory where that can be, since a sync costs
 * nothing there. That each of an installation comes in time is for test/upkeep/power-cuts.test.ts.
 */
export const cheapFolder = (prefix: string, bytes: number): string => {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    if (bavail * bsize < bytes) return mkdtempSync(join(tmpdir(), prefix));
    const folder = mkdtempSync(join(MEMORY, prefix));
    if (canRunIn(folder)) return folder;
    rmSync(folder, { recursive: true });
  } catch {
    // No such place on this machine.
  }
  return mkdtempSync(join(tmpdir(), prefix));
};

const MEMORY = '/dev/shm';

// Containers like to forbid it there.
const canRunIn = (folder: string): boolean => {
  const probe = join(folder, 'probe');
  writeFileSync(probe, '#!/bin/sh\n');
  chmodSync(probe, 0o755);
  try {
    execFileSync(probe);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe);
  }
};
