import { resolve } from 'node:path';
import type { TrustedSource } from '#ports/trusted-source.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Places } from '../places.ts';
import { openSource } from './open-source.ts';
import { machineHere } from './slots-here.ts';

/**
 * Where firmware comes from: the same as releases. Undefined where staff say nothing and the
 * configuration has no address. Nothing else vouches for firmware.
 * @param from an HTTPS address, or a path of a folder or file from here
 */
export const openFirmwareSource = async (
  configuration: Configuration,
  places: Places,
  from: string | undefined,
): Promise<TrustedSource | undefined> => {
  const machine = machineHere();
  if (machine === undefined) return undefined;
  const absolute = { ...places, state: resolve(places.state) };
  return openSource(configuration, absolute, machine, from && sourceIn(from));
};

const sourceIn = (from: string): string => (from.includes('://') ? from : resolve(from));
