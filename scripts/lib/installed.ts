// Exits 0 when node_modules holds what package-lock.json asks for. npm notes what it installed in
// node_modules/.package-lock.json; what it left out there must be optional (other platforms).
import { readFileSync } from 'node:fs';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}
type Lock = { readonly packages?: Readonly<Record<string, Locked>> };

const read = (path: string): Lock | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

const wanted = read('package-lock.json')?.packages;
const present = read('node_modules/.package-lock.json')?.packages;

const fits = ([path, locked]: readonly [string, Locked]): boolean => {
  const found = present?.[path];
  if (!found) return locked.optional === true || locked.devOptional === true;
  return found.version === locked.version && found.integrity === locked.integrity;
};

const same =
  wanted !== undefined &&
  present !== undefined &&
  Object.keys(present).every((path) => path in wanted) &&
  Object.entries(wanted)
    .filter(([path]) => path !== '')
    .every(fits);
process.exit(same ? 0 : 1);
