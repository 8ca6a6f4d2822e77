import { join } from 'node:path';
import type { Places } from '../places.ts';

/** Where the tills' line keeps its certificate; certificate.pem in it is for tills to trust. */
export const tillFolder = ({ state }: Pick<Places, 'state'>): string => join(state, 'till');

/** The file of the keys that are shared with tills. */
export const tillKeysPath = (places: Pick<Places, 'state'>): string =>
  join(tillFolder(places), 'keys.json');
