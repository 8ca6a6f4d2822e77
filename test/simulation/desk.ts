import type { TillDesk } from '#ports/till-line.ts';
import type { DeskParts } from './desk-parts.ts';
import { standInDesk } from './stand-in-desk.ts';

/**
 * The desk that the simulated till talks to. Until `src/till` is there it is a stand-in: then this
 * becomes `createTillDesk` of '#till/index.ts', and `stand-in-desk.ts` goes.
 */
export const openDesk = (parts: DeskParts): TillDesk => standInDesk(parts);
