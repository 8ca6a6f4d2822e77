import { generateAc as generateAcCommand } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import type { Tlv } from '#tlv/tlv.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { dolValues } from '../shared/dol-values.ts';
import { type Reason, reason, reasonOf } from '../shared/outcome.ts';
import { clearance, exchange, showUi } from '../shared/step.ts';
import { authenticate } from './data-authentication.ts';
import { exchangeForDol } from './data-exchange.ts';
import { storeCryptogram } from './generate-ac-answer.ts';
import { endWithError, message, retry } from './outcomes.ts';
import { relayResistanceInTrack2 } from './relay-resistance-track2.ts';
import {
  bytesOf,
  cdcvmSupported,
  dataBit,
  isNotEmpty,
  type Kernel2Run,
  type l2,
  type State,
  tvrBit,
} from './run.ts';
import { validResponse } from './valid-response.ts';

/** S456 end, S9: GENERATE AC, and whether its answer is one to the question asked. C-2 6.12 */
export const generateAc: State = function* (run) {
  const cdol = parseDol(bytesOf(run, tag.cdol1));
  if (isMalformed(cdol)) return endWithError(run, 'cardDataError', reasonOf('CDOL1', cdol));
  const tooLate = yield* exchangeForDol(run, cdol);
  if (tooLate !== undefined) return tooLate;
  run.cdol1Values = dolValues(cdol, 'K2', (wanted) => run.data.get(wanted));
  if (run.cdol1Values.length > 255) {
    return endWithError(run, 'cardDataError', reason('asks for over 255 bytes', tag.cdol1));
  }
  yield* clearance(run.input, '02', (wanted) => run.data.get(wanted));
  const answer = yield* exchange(generateAcCommand(referenceControl(run), run.cdol1Values));
  if ('fault' in answer) return retry(run, answer.fault, 'GENERATE AC');
  if (answer.sw !== sw.ok) {
    run.error.sw12 = answer.sw;
    return endWithError(run, 'statusBytes', reason(`GENERATE AC answered ${swText(answer.sw)}`));
  }
  const objects = storeCryptogram(run, answer.data);
  if (isMalformed(objects)) {
    return endWithError(run, 'parsingError', reasonOf('GENERATE AC', objects));
  }
  const early = missing(run, MANDATORY) ?? wrongType(run);
  if (early !== undefined) return endWithError(run, early.error, early.why);
  yield* showUi(message(run, '1E', 'cardReadSuccessfully'));
  const late = isNotEmpty(run, tag.signedDynamicApplicationData)
    ? signed(run, objects)
    : unsigned(run);
  if (late !== undefined) return endWithError(run, late.error, late.why);
  return yield* validResponse(run);
};

// P1: bits 8-7 which cryptogram, bit 5 "sign it" (CDA). C-2 7.6 (GAC)
const referenceControl = (run: Kernel2Run): number => {
  if (run.cda && tvrBit(run, 'cdaFailed')) {
    // What the phone says of its owner's verification would rest on a card that isn't proven.
    if (cdcvmSupported(run)) run.acType = AAC;
  } else if (run.cda) {
    // A decline needs no proof, unless the card signs all its cryptograms: 9F5D byte 2 bit 1.
    run.cdaRequested =
      run.acType !== AAC || dataBit(run, tag.applicationCapabilitiesInformation, 2, 1);
  }
  return (run.acType << 6) | (run.cdaRequested ? 0x10 : 0);
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

const typeOf = (run: Kernel2Run): number =>
  (bytesOf(run, tag.cryptogramInformationData)[0] ?? 0) >> 6;

// A card may be stricter than asked, never more lenient. S9
const wrongType = (run: Kernel2Run): Problem | undefined => {
  const type = typeOf(run);
  const legal =
    type === AAC ||
    (type === TC && run.acType === TC) ||
    (type === ARQC && (run.acType === TC || run.acType === ARQC));
  if (legal) return undefined;
  const why = reason('not a cryptogram that was asked for', tag.cryptogramInformationData);
  return { error: 'cardDataError', why };
};

// With a signature everything rests on it. Where CDA isn't in use, or has failed already, nobody
// can check it: decided as a failure, for the records that it would certify were not kept. S910
const signed = (run: Kernel2Run, answer: readonly Tlv[]): Problem | undefined => {
  const problem = authenticate(run, answer);
  if (problem === undefined) return undefined;
  return { error: 'camFailed', why: reason(problem, tag.signedDynamicApplicationData) };
};

const unsigned = (run: Kernel2Run): Problem | undefined => {
  const absent = missing(run, [tag.applicationCryptogram]);
  if (absent !== undefined) return absent;
  const declined = typeOf(run) === AAC;
  if (run.cdaRequested && (!declined || run.acType === AAC)) {
    run.oda = 'CDA failed: the card did not sign';
    const why = reason('asked for, and not sent', tag.signedDynamicApplicationData);
    return { error: 'cardDataError', why };
  }
  if (run.cdaRequested) run.oda = 'not performed: the card declined';
  if (declined || !tvrBit(run, 'relayResistancePerformed')) return undefined;
  // Nothing signs what relay resistance found: the issuer gets it in track 2.
  const why = relayResistanceInTrack2(run);
  return why === undefined ? undefined : { error: 'cardDataError', why };
};
