import { readRecord } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseAfl, type RecordToRead } from '../shared/application-file-locator.ts';
import { primitives, soleTemplate } from '../shared/card-data.ts';
import { type Outcome, reason, reasonOf } from '../shared/outcome.ts';
import { exchange, type Step } from '../shared/step.ts';
import { store } from './card-elements.ts';
import { endApplication, type Kernel3Run, linkError, type Phase } from './run.ts';

/** C-3 5.3: READ RECORD for what the AFL lists. No AFL: nothing to read. */
export const readApplicationData: Phase = function* (run) {
  const afl = run.card.get(tag.applicationFileLocator);
  if (afl === undefined) return 'cardReadComplete';
  const records = parseAfl(afl);
  if (isMalformed(records)) return endApplication(run, reasonOf('AFL', records));
  for (const record of records) {
    const problem = yield* readOne(run, record);
    if (problem !== undefined) return problem;
  }
  return 'cardReadComplete';
};

function* readOne(
  run: Kernel3Run,
  { record, sfi, signed }: RecordToRead,
): Step<Outcome | undefined> {
  const answer = yield* exchange(readRecord(record, sfi));
  const where = () => `READ RECORD ${record} of SFI ${sfi}`;
  if ('fault' in answer) return linkError(run, reason(`${where()}: ${answer.fault}`));
  // Book 3 §10.2 and the generic error of 5.2.3: there is no going on without a record.
  if (answer.sw !== sw.ok) {
    return endApplication(run, reason(`${where()} answered ${swText(answer.sw)}`));
  }
  const template = soleTemplate(answer.data, tag.readRecordResponseTemplate);
  const objects = isMalformed(template)
    ? template
    : primitives(template.value, template.valueOffset, ['70']);
  if (isMalformed(objects)) return endApplication(run, reasonOf(where(), objects));
  store(run, objects);
  if (signed) run.signedRecords.push({ sfi, body: answer.data });
  return undefined;
}
