import { generateAc } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { parseTlvs, type Tlv, tagText } from '#tlv/tlv.ts';
import { badlyFormatted, sentTwice } from '../shared/card-formats.ts';
import { keep, noObjects } from '../shared/card-objects.ts';
import { AAC, ARQC, TC } from '../shared/cryptogram-type.ts';
import { dolValues } from '../shared/dol-values.ts';
import { cryptogramFields, fieldValues } from '../shared/format-one.ts';
import { type Outcome, type Reason, reason, reasonOf } from '../shared/outcome.ts';
import { clearance, exchange, showUi } from '../shared/step.ts';
import { answerTemplate } from './answer-template.ts';
import { cardElements } from './card-elements.ts';
import { completion } from './completion.ts';
import { asksForCda, notPerformed } from './offline-data-authentication.ts';
import {
  declined,
  endApplication,
  insertOrEnd,
  linkError,
  message,
  report,
  seePhone,
} from './outcomes.ts';
import { cardBytes, elementOf, type Kernel4Run, type Phase, typeIn } from './run.ts';

/** C-4, Card Action Analysis: GENERATE AC, and whether it answers the question asked. */
export const cardActionAnalysis: Phase = function* (run) {
  // A decline isn't signed.
  if (run.asked === AAC) notPerformed(run);
  const signed = asksForCda(run) && run.asked !== AAC;
  const cdol = parseDol(cardBytes(run, tag.cdol1));
  if (isMalformed(cdol)) return endApplication(run, reasonOf('CDOL1', cdol));
  run.cdol1Values = dolValues(cdol, 'K4', (wanted) => elementOf(run, wanted));
  if (run.cdol1Values.length > 255) {
    return endApplication(run, reason('asks for over 255 bytes', tag.cdol1));
  }
  yield* clearance(run.input, '04', report(run).known);
  // P1: bits 8-7 which cryptogram, bit 5 "sign it" (CDA). Book 3 §6.5.5
  const p1 = (run.asked << 6) | (signed ? 0x10 : 0);
  const answer = yield* exchange(generateAc(p1, run.cdol1Values));
  if ('fault' in answer) return linkError(run, reason(`GENERATE AC: ${answer.fault}`));
  if (answer.sw !== sw.ok) return refusal(run, answer.sw);
  const objects = store(run, answer.data, signed);
  if ('why' in objects) return insertOrEnd(run, objects);
  yield* showUi(message(run, '17', 'cardReadSuccessfully', 300));
  if (!legal(run)) {
    const why = reason('not a cryptogram that was asked for', tag.cryptogramInformationData);
    return declined(run, why);
  }
  return completion(run, signed ? objects : undefined);
};

// 6984: the phone wants its owner, once. For any other the book has no word; decided: as for an
// answer that can't be read.
const refusal = (run: Kernel4Run, status: number): Outcome => {
  const why = reason(`GENERATE AC answered ${swText(status)}`);
  if (status !== sw.useAnotherInterface) return insertOrEnd(run, why);
  return run.input.restart ? endApplication(run, why) : seePhone(run, why);
};

/** Stores the cryptogram and what comes with it; the objects as they stand in the answer. */
const store = (run: Kernel4Run, data: Uint8Array, signed: boolean): readonly Tlv[] | Reason => {
  const objects = objectsIn(data);
  if (isMalformed(objects)) return reasonOf('GENERATE AC answer', objects);
  // Apart from what the records held: only this answer tells of the cryptogram.
  const answer = noObjects();
  keep(answer, cardElements, objects);
  const wrong = sentTwice(answer) ?? badlyFormatted(answer, cardElements, []);
  if (wrong !== undefined) return wrong;
  for (const element of OF_THE_CRYPTOGRAM) run.card.delete(element);
  for (const [element, value] of answer.card) {
    // What was read already stays as it was read.
    if (!run.card.has(element)) run.card.set(element, value);
  }
  // The signature holds the cryptogram; one that wasn't asked for nobody looks into.
  const proven = signed && typeIn(run) !== AAC && run.card.has(tag.signedDynamicApplicationData);
  const wanted = proven ? MANDATORY : [...MANDATORY, tag.applicationCryptogram];
  const absent = wanted.find((one) => !run.card.has(one));
  if (absent !== undefined) return reason('GENERATE AC: it is missing', absent);
  return typeIn(run) === RESERVED
    ? reason('a cryptogram type that is reserved', tag.cryptogramInformationData)
    : objects;
};

const MANDATORY = [
  tag.cryptogramInformationData,
  tag.applicationTransactionCounter,
  tag.issuerApplicationData,
];

const OF_THE_CRYPTOGRAM = [
  ...MANDATORY,
  tag.applicationCryptogram,
  tag.signedDynamicApplicationData,
];

// The card hashes what it answers as it stands, in format 2.
const objectsIn = (data: Uint8Array): readonly Tlv[] | Malformed => {
  const template = answerTemplate(data);
  if (isMalformed(template)) return template;
  if (template.tag === tag.responseMessageTemplateFormat2) {
    return parseTlvs(template.value, template.valueOffset, ['77']);
  }
  const fields = cryptogramFields(template);
  return fields === undefined
    ? malformed([tagText(template.tag)], template.valueOffset, 'no CID, ATC, AC and IAD')
    : fieldValues(template, fields);
};

const RESERVED = 3;

// A card may be stricter than it was asked to be, never more lenient.
const legal = (run: Kernel4Run): boolean => {
  const type = typeIn(run);
  return (
    type === AAC ||
    (type === TC && run.asked === TC) ||
    (type === ARQC && (run.asked === TC || run.asked === ARQC))
  );
};
