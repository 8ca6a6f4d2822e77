import { readRecord } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseAfl } from '../shared/application-file-locator.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { reason, reasonOf } from '../shared/outcome.ts';
import { exchange } from '../shared/step.ts';
import { parseAndStore } from './database.ts';
import { endWithError, retry } from './outcomes.ts';
import { bytesOf, dataBit, isNotEmpty, type Kernel2Run, type State, setTvr } from './run.ts';

/** S3R1, S4: READ RECORD until the active AFL is empty. C-2 6.7, 6.8 */
export const readRecords: State = function* (run) {
  const records = parseAfl(bytesOf(run, tag.applicationFileLocator));
  if (isMalformed(records)) return endWithError(run, 'cardDataError', reasonOf('AFL', records));
  if (records.length === 0) {
    return endWithError(run, 'cardDataError', reason('it is empty', tag.applicationFileLocator));
  }
  run.cda =
    dataBit(run, tag.applicationInterchangeProfile, 1, 1) &&
    dataBit(run, tag.terminalCapabilities, 3, 4);
  if (!run.cda) {
    setTvr(run, 'odaNotPerformed');
    run.oda = 'not performed';
  }
  for (const { record, sfi, signed } of records) {
    const where = `READ RECORD ${record} of SFI ${sfi}`;
    const answer = yield* exchange(readRecord(record, sfi));
    if ('fault' in answer) return retry(run, answer.fault, where);
    if (answer.sw !== sw.ok) {
      run.error.sw12 = answer.sw;
      return endWithError(run, 'statusBytes', reason(`${where} answered ${swText(answer.sw)}`));
    }
    const problem = store(run, sfi, answer.data);
    if (problem !== undefined) return endWithError(run, 'parsingError', reasonOf(where, problem));
    if (signed && run.cda) run.signedRecords.push({ sfi, body: answer.data });
    if (enoughRead(run)) break;
  }
  return 'checkBeforeGenerateAc';
};

// Files 11 to 30 are the scheme's and the issuer's own: the kernel reads them, may authenticate
// them, and stores nothing. The record is stored before the next one is read. S4.24 to S4.27
const store = (run: Kernel2Run, sfi: number, data: Uint8Array): Malformed | undefined => {
  if (sfi > 10) return undefined;
  const template = soleTemplate(data, tag.readRecordResponseTemplate);
  if (isMalformed(template)) return template;
  const objects = parseAndStore(run, template);
  return isMalformed(objects) ? objects : undefined;
};

// Without CDA the certificates need not be read, unless the configuration wants all records.
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
