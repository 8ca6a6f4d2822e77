import { command } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { parseTlvs, type Tlv, tagText } from '#tlv/tlv.ts';
import { soleTemplate } from '../shared/card-data.ts';
import { reason, reasonOf } from '../shared/outcome.ts';
import { clearance, exchange, type Step, showUi } from '../shared/step.ts';
import { parseAndStore, valuesFor } from './database.ts';
import { endWithError, message, retry } from './outcomes.ts';
import { bytesOf, isNotEmpty, type Kernel8Run, type State } from './run.ts';

/** S26: GENERATE AC, and whether its answer has all that it must have. */
export const generateAc: State = function* (run) {
  const cdol = parseDol(bytesOf(run, tag.cdol1));
  if (isMalformed(cdol)) return endWithError(run, 'cardDataError', reasonOf('CDOL1', cdol));
  run.cdol1Values = valuesFor(run, cdol);
  if (run.cdol1Values.length > 255) {
    return endWithError(run, 'cardDataError', reason('asks for over 255 bytes', tag.cdol1));
  }
  yield* clearance(run.input, '08', (wanted) => run.data.get(wanted));
  const moreToCome = run.envelopesToWriteYet.length > 0 ? MORE_TO_COME : 0x00;
  const answer = yield* exchange(
    command(0x80, 0xae, run.requested << 6, moreToCome, run.cdol1Values),
  );
  if ('fault' in answer) return retry(run, answer.fault, 'GENERATE AC');
  if (answer.sw !== sw.ok) {
    run.error.sw12 = answer.sw;
    return endWithError(run, 'statusBytes', reason(`GENERATE AC answered ${swText(answer.sw)}`));
  }
  const objects = storeAnswer(run, answer.data);
  if (isMalformed(objects)) {
    return endWithError(run, 'parsingError', reasonOf('GENERATE AC', objects));
  }
  run.generateAcAnswer = objects;
  const absent = MANDATORY.find((wanted) => !isNotEmpty(run, wanted));
  if (absent !== undefined) {
    return endWithError(run, 'cardDataMissing', reason('the card has not sent it', absent));
  }
  if (run.envelopesToWriteYet.length === 0) yield* cardReadOk(run);
  return 'authenticate';
};

/** "Card read OK, remove card": from now on nothing more is asked of the card. */
export function* cardReadOk(run: Kernel8Run): Step<void> {
  yield* showUi(message(run, '1E', 'cardReadSuccessfully'));
}

// P2: data envelopes follow. WRITE DATA says the same of those that follow it.
export const MORE_TO_COME = 0x80;

const MANDATORY = [
  tag.applicationTransactionCounter,
  tag.cryptogramInformationData,
  tag.applicationCryptogram,
  tag.cardholderVerificationDecision,
  tag.enhancedDataAuthenticationMac,
  tag.issuerApplicationData,
  // The account number, wherever it came from.
  tag.applicationPan,
];

/** The objects that stand directly in template 77, as the card's MAC covers them. */
const storeAnswer = (run: Kernel8Run, data: Uint8Array): readonly Tlv[] | Malformed => {
  const template = soleTemplate(data, tag.responseMessageTemplateFormat2);
  if (isMalformed(template)) return template;
  const problem = parseAndStore(run, template);
  if (problem !== undefined) return problem;
  return parseTlvs(template.value, template.valueOffset, [tagText(template.tag)]);
};
