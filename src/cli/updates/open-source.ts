import { resolve } from 'node:path';
import { machineDisk } from '#drivers/disk/index.ts';
import type { TrustedSource } from '#ports/trusted-source.ts';
import type { Machine } from '#upkeep/index.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Places } from '../places.ts';

/**
 * Where updates come from: what staff say, or the configuration's own address. Undefined where
 * there is neither.
 */
export const openSource = async (
  { terminal: { upkeep }, folder }: Configuration,
  { state }: Places,
  machine: Machine,
  from: string | undefined,
): Promise<TrustedSource | undefined> => {
  const source = from ?? upkeep.repository;
  if (source === undefined) return undefined;
  const { openTrustedSource } = await import('#drivers/tuf/index.ts');
  const { certificationAuthority: authority, root, channel, store } = upkeep;
  return openTrustedSource({
    ...{ source, state, channel, machine, disk: machineDisk },
    root: resolve(folder, root),
    ...(authority === undefined ? {} : { authority: resolve(folder, authority) }),
    ...(store === undefined ? {} : { store }),
  });
};
