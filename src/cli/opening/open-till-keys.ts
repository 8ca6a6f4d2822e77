import { type KeptKeyRing, keepKeyRing } from '#drivers/till/index.ts';
import type { Log } from '#ports/log.ts';
import type { Places } from '../places.ts';
import { tillKeysPath } from './till-places.ts';

/**
 * The keys that are shared with tills, for the desk: followed while it runs. Asked for with the
 * first till, and not before: deriving them takes some milliseconds each.
 */
export const openTillKeys = (places: Pick<Places, 'state'>, log: Log): Promise<KeptKeyRing> =>
  keepKeyRing(tillKeysPath(places), { log });
