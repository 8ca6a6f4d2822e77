import type { TrustedSource } from '#ports/trusted-source.ts';
import type { Machine } from '#upkeep/index.ts';
import type { Configuration } from './load-configuration.ts';
import type { Places } from './places.ts';

/**
 * Where updates come from: what staff say, or the configuration's own address. Undefined where
 * there is neither.
 */
export const openSource = (
  _configuration: Configuration,
  _places: Places,
  _machine: Machine,
  _from: string | undefined,
): TrustedSource | undefined => undefined;
