import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Places } from './places.ts';

/** The terminal leaves word of the folder it was configured from, for commands beside it. */
export const noteConfiguration = ({ configuration }: Places, folder: string): void => {
  try {
    mkdirSync(dirname(configuration), { recursive: true, mode: 0o700 });
    // Whole or not at all.
    writeFileSync(`${configuration}.new`, `${folder}\n`, { mode: 0o600 });
    renameSync(`${configuration}.new`, configuration);
  } catch {
    // A state folder that can't be written has louder witnesses.
  }
};

/**
 * The configuration that goes with this state folder: that of the terminal that last ran with it.
 * Where none ever did, or its folder is gone, the one that is asked for; COUNTERTAP_CONFIG where
 * none is.
 */
export const configurationFor = (
  { configuration }: Places,
  asked: string | undefined,
): { readonly name: string } | { readonly problem: string } => {
  const noted = read(configuration);
  if (noted === undefined) return { name: asked ?? process.env['COUNTERTAP_CONFIG'] ?? 'base' };
  if (existsSync(noted)) {
    if (asked === undefined) return { name: noted };
    const what = `the terminal here runs with ${noted}, and its rules count: leave --config out`;
    return { problem: what };
  }
  if (asked !== undefined) return { name: asked };
  return { problem: `the configuration ${noted} is gone, with which the terminal ran: --config` };
};

const read = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
};
