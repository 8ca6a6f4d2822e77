import { tag } from '#data/dictionary.ts';
import { keep } from '../shared/card-objects.ts';
import { readRecords } from '../shared/read-records.ts';
import { cardElements } from './card-elements.ts';
import { endApplication, linkError, type Phase } from './run.ts';

/**
 * C-3 5.3: READ RECORD for what the AFL lists. No AFL: nothing to read. A record that can't be had
 * is the generic error of 5.2.3.
 */
export const readApplicationData: Phase = function* (run) {
  const afl = run.card.get(tag.applicationFileLocator);
  if (afl === undefined) return 'cardReadComplete';
  const problem = yield* readRecords(
    afl,
    (objects) => keep(run, cardElements, objects),
    run.signedRecords,
  );
  if (problem === undefined) return 'cardReadComplete';
  return problem.failed === 'link' ? linkError(run, problem.why) : endApplication(run, problem.why);
};
