import type { UpkeepStanding } from '#ports/upkeep.ts';
import type { Outcome } from '#upkeep/index.ts';

/** A line of the control socket about updates. */
export interface UpdateRequest {
  readonly op: 'update';
  readonly order: 'status' | 'look' | 'install' | 'rollBack';
  readonly from?: string | undefined;
  readonly atOnce?: boolean | undefined;
  readonly why?: string | undefined;
}

/** What an order came to: the running terminal's word, or the command's own. */
export interface UpdateAnswer {
  readonly outcome?: Outcome;
  readonly standing: UpkeepStanding;
}
