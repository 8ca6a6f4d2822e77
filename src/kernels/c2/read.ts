import { readRecord } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { reason, reasonOf } from '../shared/outcome.ts';
import { exchange } from '../shared/step.ts';
import { parseAndStore } from './database.ts';
import { endWithError, retry } from './outcomes.ts';
import { dataBit, isNotEmpty, type Kernel2Run, type State } from './run.ts';

/** S3R1, S4: READ RECORD until the active AFL is empty. C-2 6.8 */
export const readRecords: State = function* (run) {
  if (run.toRead.length === 0) {
    return endWithError(run, 'cardDataError', reason('it is empty', tag.applicationFileLocator));
  }
  for (const { record, sfi } of run.toRead) {
    if (enoughRead(run)) break;
    const where = `READ RECORD ${record} of SFI ${sfi}`;
    const answer = yield* exchange(readRecord(record, sfi));
    if ('fault' in answer) return retry(run, answer.fault, where);
    if (answer.sw !== sw.ok) {
      run.error.sw12 = answer.sw;
      return endWithError(run, 'statusBytes', reason(`${where} answered ${swText(answer.sw)}`));
    }
    // Files 11 to 30 are the scheme's own; the kernel only reads them. S4.24
    if (sfi > 10) continue;
    const template = soleTemplate(answer.data, tag.readRecordResponseTemplate);
    const problem = isMalformed(template) ? template : parseAndStore(run, answer.data);
    if (problem !== undefined) return endWithError(run, 'parsingError', reasonOf(where, problem));
  }
  return 'checkBeforeGenerateAc';
};

// S4.30: without CDA the certificates need not be read, unless the configuration wants all records.
const enoughRead = (run: Kernel2Run): boolean =>
  !run.cda &&
  !dataBit(run, tag.kernelConfigurationK2, 1, 3) &&
  ENOUGH_WITHOUT_CDA.every((wanted) => isNotEmpty(run, wanted));

const ENOUGH_WITHOUT_CDA = [
  tag.applicationExpirationDate,
  tag.applicationPan,
  tag.applicationPanSequenceNumber,
  tag.applicationUsageControl,
  tag.cvmList,
  tag.issuerActionCodeDefault,
  tag.issuerActionCodeDenial,
  tag.issuerActionCodeOnline,
  tag.issuerCountryCode,
  tag.track2EquivalentData,
  tag.cdol1,
];
