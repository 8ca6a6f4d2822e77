import { filter } from 'rxjs';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import type { UpkeepStanding } from '#ports/upkeep.ts';
import type { Keeper } from '#upkeep/index.ts';
import type { UpdateRequest } from './requests.ts';

export type UpdateUpkeep = Pick<Keeper, 'standing' | 'standing$' | 'order' | 'done'>;

/**
 * What `countertap update` asks of a running terminal: progress as lines with `event`, then how
 * updates stand and what came of the order. Who hangs up stops nothing.
 */
export const updateService = async (
  upkeep: UpdateUpkeep,
  { order, from, atOnce = false, why = 'staff order it' }: UpdateRequest,
  reply: (line: ControlLine) => void,
): Promise<ControlLine> => {
  if (order === 'status') return { standing: upkeep.standing() };
  if (order === 'rollBack') {
    const problem = await upkeep.order({ order, why });
    return isFault(problem) ? { error: problem.detail } : { standing: upkeep.standing() };
  }
  const following = upkeep.standing$
    .pipe(filter(isAtWork))
    .subscribe((standing) => reply({ event: standing.work, ...offered(standing) }));
  const evenIfFailed = order === 'install';
  const job = { do: order, evenIfFailed, atOnce, ...(from === undefined ? {} : { from }) };
  const outcome = await upkeep.done(job);
  following.unsubscribe();
  return { outcome, standing: upkeep.standing() };
};

const isAtWork = ({ work }: UpkeepStanding): boolean =>
  work === 'looking' || work === 'fetching' || work === 'installing';

const offered = ({ offered: version }: UpkeepStanding) =>
  version === undefined ? {} : { version };
