import { readRecord } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import type { SignedRecord } from '#oda/index.ts';
import type { Tlv } from '#tlv/tlv.ts';
import { parseAfl, type RecordToRead } from './application-file-locator.ts';
import { inSoleTemplate } from './card-data.ts';
import { type Reason, reason, reasonOf } from './outcome.ts';
import { exchange, type Step } from './step.ts';

/** Why records could not be read: the way to the card, or what the card answered. */
export interface ReadProblem {
  readonly failed: 'link' | 'card';
  readonly why: Reason;
}

/**
 * READ RECORD for what the AFL lists, in its order. There is no going on without a record, so the
 * first that fails is the last. Book 3 §10.2
 * @param take receives the primitive objects of each record
 * @param signedRecords gets those that are part of the static data to be authenticated
 */
export function* readRecords(
  afl: Uint8Array,
  take: (objects: readonly Tlv[]) => void,
  signedRecords: SignedRecord[],
): Step<ReadProblem | undefined> {
  const records = parseAfl(afl);
  if (isMalformed(records)) return { failed: 'card', why: reasonOf('AFL', records) };
  for (const record of records) {
    const objects = yield* readOne(record, signedRecords);
    if ('failed' in objects) return objects;
    take(objects);
  }
  return undefined;
}

function* readOne(
  { record, sfi, signed }: RecordToRead,
  signedRecords: SignedRecord[],
): Step<readonly Tlv[] | ReadProblem> {
  const answer = yield* exchange(readRecord(record, sfi));
  const where = () => `READ RECORD ${record} of SFI ${sfi}`;
  if ('fault' in answer) return { failed: 'link', why: reason(`${where()}: ${answer.fault}`) };
  if (answer.sw !== sw.ok) {
    return { failed: 'card', why: reason(`${where()} answered ${swText(answer.sw)}`) };
  }
  const objects = inSoleTemplate(answer.data, tag.readRecordResponseTemplate);
  if (isMalformed(objects)) return { failed: 'card', why: reasonOf(where(), objects) };
  if (signed) signedRecords.push({ sfi, body: answer.data });
  return objects;
}
