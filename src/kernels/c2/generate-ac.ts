import { generateAc as generateAcCommand } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { bitAt } from '#bytes/bytes.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { parseTlvs, tagText } from '#tlv/tlv.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { dolValues } from '../shared/dol-values.ts';
import { type Reason, reason, reasonOf } from '../shared/outcome.ts';
import { exchange, showUi } from '../shared/step.ts';
import { parseAndStore, storePrimitive } from './database.ts';
import { endWithError, message, retry } from './outcomes.ts';
import {
  bytesOf,
  cdcvmSupported,
  isNotEmpty,
  type Kernel2Run,
  type l2,
  type State,
  tvr,
} from './run.ts';
import { validResponse } from './valid-response.ts';

/** S456.50, S9: GENERATE AC, and whether its answer is one to the question asked. C-2 6.12 */
export const generateAc: State = function* (run) {
  // A failed CDA takes away what the phone's own verification rests on. C-2 7.3
  if (bitAt(run.tvr, tvr.cdaFailed) && cdcvmSupported(run)) run.acType = AAC;
  const cdol = parseDol(bytesOf(run, tag.cdol1));
  if (isMalformed(cdol)) return endWithError(run, 'cardDataError', reasonOf('CDOL1', cdol));
  const values = dolValues(cdol, 'K2', (wanted) => run.data.get(wanted));
  if (values.length > 255) {
    return endWithError(run, 'cardDataError', reason('asks for over 255 bytes', tag.cdol1));
  }
  const answer = yield* exchange(generateAcCommand(run.acType << 6, values));
  if ('fault' in answer) return retry(run, answer.fault, 'GENERATE AC');
  if (answer.sw !== sw.ok) {
    run.error.sw12 = answer.sw;
    return endWithError(run, 'statusBytes', reason(`GENERATE AC answered ${swText(answer.sw)}`));
  }
  const malformedAnswer = storeAnswer(run, answer.data);
  if (malformedAnswer !== undefined) {
    return endWithError(run, 'parsingError', reasonOf('GENERATE AC', malformedAnswer));
  }
  const early = missing(run, MANDATORY) ?? wrongType(run);
  if (early !== undefined) return endWithError(run, early.error, early.why);
  yield* showUi(message(run, '1E', 'cardReadSuccessfully'));
  const late = unaskedSignature(run) ?? missing(run, [tag.applicationCryptogram]);
  if (late !== undefined) return endWithError(run, late.error, late.why);
  return yield* validResponse(run);
};

interface Problem {
  readonly error: keyof typeof l2;
  readonly why: Reason;
}

const MANDATORY = [tag.applicationTransactionCounter, tag.cryptogramInformationData];

const missing = (run: Kernel2Run, wanted: readonly number[]): Problem | undefined => {
  const absent = wanted.find((one) => !isNotEmpty(run, one));
  if (absent === undefined) return undefined;
  return { error: 'cardDataMissing', why: reason('GENERATE AC: it is missing', absent) };
};

// S9.21: a card may be stricter than asked, never more lenient.
const wrongType = (run: Kernel2Run): Problem | undefined => {
  const type = (bytesOf(run, tag.cryptogramInformationData)[0] ?? 0) >> 6;
  const legal =
    type === AAC ||
    (type === TC && run.acType === TC) ||
    (type === ARQC && (run.acType === TC || run.acType === ARQC));
  if (legal) return undefined;
  const why = reason('not a cryptogram that was asked for', tag.cryptogramInformationData);
  return { error: 'cardDataError', why };
};

// No CDA was asked for, so a signature can't be checked, and nothing may rest on it. S910
const unaskedSignature = (run: Kernel2Run): Problem | undefined =>
  isNotEmpty(run, tag.signedDynamicApplicationData)
    ? {
        error: 'camFailed',
        why: reason('a signature that was not asked for', tag.signedDynamicApplicationData),
      }
    : undefined;

// Format 2 (77), or format 1 (80): CID, ATC, AC and perhaps the IAD side by side. S9.16 to S9.18
const storeAnswer = (run: Kernel2Run, data: Uint8Array): Malformed | undefined => {
  const objects = parseTlvs(data);
  if (isMalformed(objects)) return objects;
  const [first] = objects;
  if (first === undefined || objects.length > 1) return malformed([], 0, 'not one template');
  if (first.tag === tag.responseMessageTemplateFormat2) return parseAndStore(run, data);
  const path = [tagText(first.tag)];
  const { value, valueOffset } = first;
  if (first.tag !== tag.responseMessageTemplateFormat1)
    return malformed(path, 0, 'neither 77 nor 80');
  if (value.length < 11 || value.length > 43) {
    return malformed(path, valueOffset, `length ${value.length} is not 11 to 43`);
  }
  return (
    storePrimitive(run, tag.cryptogramInformationData, value.subarray(0, 1), path, valueOffset) ??
    storePrimitive(
      run,
      tag.applicationTransactionCounter,
      value.subarray(1, 3),
      path,
      valueOffset + 1,
    ) ??
    storePrimitive(run, tag.applicationCryptogram, value.subarray(3, 11), path, valueOffset + 3) ??
    (value.length > 11
      ? storePrimitive(run, tag.issuerApplicationData, value.subarray(11), path, valueOffset + 11)
      : undefined)
  );
};
