import { readRecord } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import type { Tlv } from '#tlv/tlv.ts';
import { parseAfl } from '../shared/application-file-locator.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { type Outcome, reason, reasonOf } from '../shared/outcome.ts';
import { exchange } from '../shared/step.ts';
import { parseAndStore } from './database.ts';
import { endWithError, retry } from './outcomes.ts';
import { bytesOf, type Kernel8Run, type State } from './run.ts';
import { decryptFromCard } from './secure-channel.ts';

/**
 * S22: READ RECORD until the active AFL is empty. Records in clear come in template 70, encrypted
 * ones in template DA; the card counts the latter in the order in which they are read. The book
 * allows to decrypt and store them later; here both are done at once. C-8
 */
export const readRecords: State = function* (run) {
  const records = parseAfl(bytesOf(run, tag.applicationFileLocator));
  if (isMalformed(records)) return endWithError(run, 'cardDataError', reasonOf('AFL', records));
  // Files 11 to 30 are the scheme's and the issuer's own: they are not in the active AFL.
  for (const { record, sfi, signed } of records.filter((one) => one.sfi <= LAST_FILE)) {
    const where = `READ RECORD ${record} of SFI ${sfi}`;
    const answer = yield* exchange(readRecord(record, sfi));
    if ('fault' in answer) return retry(run, answer.fault, where);
    if (answer.sw !== sw.ok) {
      run.error.sw12 = answer.sw;
      return endWithError(run, 'statusBytes', reason(`${where} answered ${swText(answer.sw)}`));
    }
    const template = soleTemplate(answer.data, ...RECORDS);
    if (isMalformed(template)) return endWithError(run, 'parsingError', reasonOf(where, template));
    const content = inClear(run, template);
    if (content === undefined) {
      return endWithError(run, 'decryptionFailed', reason(`${where}: it can't be decrypted`));
    }
    const end = store(run, content, where);
    if (end !== undefined) return end;
    if (signed) run.signedRecords.push(content.value);
  }
  run.recordsRead = true;
  return 'awaitFirstWrite';
};

const LAST_FILE = 10;

/** Application private class, constructed off: the template of an encrypted record. */
const ENCRYPTED_RECORD = 0xda;

const RECORDS = [tag.readRecordResponseTemplate, ENCRYPTED_RECORD];

const inClear = (run: Kernel8Run, template: Tlv): Tlv | undefined => {
  if (template.tag !== ENCRYPTED_RECORD) return template;
  const value = decryptFromCard(run.channel, template.value);
  return value && { ...template, tag: tag.readRecordResponseTemplate, value };
};

const store = (run: Kernel8Run, content: Tlv, where: string): Outcome | undefined => {
  const problem: Malformed | undefined = parseAndStore(run, content);
  if (problem === undefined) return undefined;
  return endWithError(run, 'parsingError', reasonOf(where, problem));
};
