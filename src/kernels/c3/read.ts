import { readRecord } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { fromCompressedNumeric } from '#bytes/bcd.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { lookUp, tag } from '#data/dictionary.ts';
import { parseAfl } from '../shared/application-file-locator.ts';
import { primitives, soleTemplate } from '../shared/card-data.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { type Reason, reason, reasonOf } from '../shared/outcome.ts';
import { exchange, showUi } from '../shared/step.ts';
import { parseTrack2 } from '../shared/track2.ts';
import { store } from './initiate.ts';
import {
  EMPTY,
  endApplication,
  type Kernel3Run,
  linkError,
  message,
  type Phase,
  ttqSays,
} from './run.ts';

/** C-3 5.3: READ RECORD for what the AFL lists. No AFL: nothing to read. */
export const readApplicationData: Phase = function* (run) {
  const records = parseAfl(run.card.get(tag.applicationFileLocator) ?? EMPTY);
  if (isMalformed(records)) return endApplication(run, reasonOf('AFL', records));
  for (const { record, sfi } of records) {
    const where = `READ RECORD ${record} of SFI ${sfi}`;
    const answer = yield* exchange(readRecord(record, sfi));
    if ('fault' in answer) return linkError(run, reason(`${where}: ${answer.fault}`));
    if (answer.sw !== sw.ok) {
      return endApplication(run, reason(`${where} answered ${swText(answer.sw)}`));
    }
    const template = soleTemplate(answer.data, tag.readRecordResponseTemplate);
    const objects = isMalformed(template) ? template : primitives(answer.data);
    if (isMalformed(objects)) return endApplication(run, reasonOf(where, objects));
    store(run, objects);
  }
  return 'cardReadComplete';
};

/** C-3 5.4: the card may leave; is all there, and what does it say? */
export const cardReadComplete: Phase = function* (run) {
  yield* showUi(message(run, '17', 'cardReadSuccessfully'));
  const problem = missing(run) ?? redundant(run) ?? badlyFormatted(run) ?? contradiction(run);
  if (problem !== undefined) return endApplication(run, problem);
  const type = cryptogramType(run);
  run.card.set(
    tag.cryptogramInformationData,
    run.card.get(tag.cryptogramInformationData) ?? Uint8Array.of((type ?? 0) << 6),
  );
  if (type === AAC) {
    run.declineRequired = true;
    run.why.push(reason('the card declined (AAC)', tag.cryptogramInformationData));
  } else if (type === TC || type === ARQC) {
    // A TC goes online all the same where the reader needs an online cryptogram.
    run.onlineRequired = type === ARQC || ttqSays(run, 'onlineCryptogramRequired');
  } else {
    run.declineRequired = true;
    run.why.push(reason('the cryptogram type cannot be told', tag.issuerApplicationData));
  }
  return 'processingRestrictions';
};

/** Of 9F27, else of the CVR in the IAD; undefined when neither tells. */
export const cryptogramType = (run: Kernel3Run): number | undefined => {
  const information = run.card.get(tag.cryptogramInformationData);
  if (information?.[0] !== undefined) return information[0] >> 6;
  // 5.4.3: IAD byte 5 bits 6-5, the same place in every Visa IAD format.
  const cvr = run.card.get(tag.issuerApplicationData)?.[4];
  return cvr === undefined ? undefined : (cvr >> 4) & 3;
};

const MANDATORY = [
  tag.applicationCryptogram,
  tag.applicationTransactionCounter,
  tag.issuerApplicationData,
  tag.applicationInterchangeProfile,
  tag.track2EquivalentData,
];

// A zero-length object counts as absent here (our choice: the book is silent).
const missing = (run: Kernel3Run): Reason | undefined => {
  const absent = MANDATORY.find((wanted) => (run.card.get(wanted)?.length ?? 0) === 0);
  return absent === undefined ? undefined : reason('mandatory data is missing', absent);
};

const redundant = (run: Kernel3Run): Reason | undefined => {
  const [twice] = run.duplicates;
  return twice === undefined ? undefined : reason('the card sent it twice', twice);
};

const badlyFormatted = (run: Kernel3Run): Reason | undefined => {
  for (const [found, value] of run.card) {
    const row = lookUp(found, 'K3');
    if (row === undefined || value.length === 0) continue;
    if (value.length < row.min || value.length > (row.max ?? value.length)) {
      return reason(`length ${value.length} is not ${row.min} to ${row.max}`, found);
    }
  }
  return undefined;
};

// 5.4.2.3: the account number must be the same wherever it stands.
const contradiction = (run: Kernel3Run): Reason | undefined => {
  const track2 = parseTrack2(run.card.get(tag.track2EquivalentData) ?? EMPTY);
  if (track2 === undefined) return reason('not track 2 equivalent data', tag.track2EquivalentData);
  const pan = run.card.get(tag.applicationPan);
  if (pan === undefined || pan.length === 0) return undefined;
  return fromCompressedNumeric(pan) === track2.pan
    ? undefined
    : reason('differs from the account number in 57', tag.applicationPan);
};
