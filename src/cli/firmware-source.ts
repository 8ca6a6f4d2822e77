import type { TrustedSource } from '#ports/trusted-source.ts';
import type { Configuration } from './load-configuration.ts';
import type { Places } from './places.ts';

/**
 * Where firmware comes from: what staff say, or the configuration's own address. Undefined where
 * there is neither. Nothing else vouches for firmware.
 */
export const openFirmwareSource = async (
  _configuration: Configuration,
  _places: Places,
  _from: string | undefined,
): Promise<TrustedSource | undefined> => undefined;
