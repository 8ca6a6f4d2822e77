import { isAbsolute, join, resolve } from 'node:path';
import { machineDisk } from '#drivers/disk/index.ts';
import { openTrustedSource } from '#drivers/tuf/index.ts';
import type { TrustedSource } from '#ports/trusted-source.ts';
import type { Configuration } from './load-configuration.ts';
import type { Places } from './places.ts';

/** As the section `upkeep` of terminal.json has them. */
interface Upkeep {
  readonly repository?: string;
  readonly root: string;
  readonly channel: string;
  readonly store?: string;
}

const DEFAULTS: Upkeep = { root: 'trust/root.json', channel: 'stable' };

// Until terminal.json has the section, and this file is no longer needed.
const sectionOf = (terminal: object): Upkeep =>
  'upkeep' in terminal ? { ...DEFAULTS, ...(terminal.upkeep as Partial<Upkeep>) } : DEFAULTS;

/**
 * Where firmware comes from: what staff say, or the configuration's own address. Undefined where
 * there is neither. Nothing else vouches for firmware.
 */
export const openFirmwareSource = async (
  { folder, terminal }: Pick<Configuration, 'folder' | 'terminal'>,
  { state }: Pick<Places, 'state'>,
  from: string | undefined,
): Promise<TrustedSource | undefined> => {
  const upkeep = sectionOf(terminal);
  const source = from === undefined ? upkeep.repository : sourceIn(from);
  if (source === undefined) return undefined;
  const { root, channel, store } = upkeep;
  return openTrustedSource({
    ...{ source, state: resolve(state), disk: machineDisk, channel, machine: machineHere() },
    root: isAbsolute(root) ? root : join(folder, root),
    ...(store === undefined ? {} : { store }),
  });
};

const sourceIn = (from: string): string => (from.includes('://') ? from : resolve(from));

const machineHere = (): string => `linux-${process.arch === 'arm' ? 'armv7' : process.arch}`;
