import { getProcessingOptions } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type DolEntry, parseDol } from '#tlv/dol.ts';
import { parseTlvs, rawOf } from '#tlv/tlv.ts';
import { child, primitives, soleTemplate } from '../shared/card-data.ts';
import { keep } from '../shared/card-objects.ts';
import { dolValues } from '../shared/dol-values.ts';
import { type Outcome, outcome, type Reason, reason, reasonOf } from '../shared/outcome.ts';
import { clearance, exchange } from '../shared/step.ts';
import { cardElements } from './card-elements.ts';
import {
  EMPTY,
  endApplication,
  type Kernel6Run,
  message,
  otherInterfaceOrEnd,
  type Phase,
  tryAnotherInterface,
} from './run.ts';

/** C-6, Initiate Application Processing: GET PROCESSING OPTIONS. */
export const initiateApplicationProcessing: Phase = function* (run) {
  const wrong = readFci(run);
  if (wrong !== undefined) return tryAnotherInterface(run, wrong);
  const pdol = parseDol(run.fci.get(tag.pdol) ?? EMPTY);
  if (isMalformed(pdol)) return otherInterfaceOrEnd(run, reasonOf('PDOL', pdol));
  const lacking = NEEDED.find((needed) => !pdol.some((entry) => sameEntry(entry, needed)));
  if (lacking !== undefined) {
    const [element] = lacking;
    return otherInterfaceOrEnd(run, reason('the PDOL does not ask for it as it must', element));
  }
  run.pdolValues = dolValues(pdol, 'K6', (wanted) => readerData(run, wanted));
  if (run.pdolValues.length > 252) {
    return otherInterfaceOrEnd(run, reason('PDOL asks for over 252 bytes', tag.pdol));
  }
  // The answer to this command holds the cryptogram already.
  yield* clearance(run.input, '06', (wanted) => run.fci.get(wanted));
  const answer = yield* exchange(getProcessingOptions(run.pdolValues));
  if ('fault' in answer) return endApplication(run, reason(`GPO: ${answer.fault}`));
  if (answer.sw !== sw.ok) return refusal(run, answer.sw);
  const problem = keepAnswer(run, answer.data);
  return problem === undefined ? 'readApplicationData' : otherInterfaceOrEnd(run, problem);
};

// 84 beside A5, label and PDOL in it.
const readFci = (run: Kernel6Run): Reason | undefined => {
  const template = soleTemplate(run.input.fci, tag.fciTemplate);
  if (isMalformed(template)) return reasonOf('FCI', template);
  const objects = primitives(run.input.fci);
  if (isMalformed(objects)) return reasonOf('FCI', objects);
  for (const { tag: found, value } of objects) if (!run.fci.has(found)) run.fci.set(found, value);
  const name = child(template, tag.dfName);
  const proprietary = child(template, tag.fciProprietaryTemplate);
  if (name === undefined) return reason('FCI: it is missing', tag.dfName);
  if (proprietary === undefined || isMalformed(proprietary)) {
    return reason('FCI: it is missing', tag.fciProprietaryTemplate);
  }
  const absent = [tag.applicationLabel, tag.pdol].find(
    (wanted) => child(proprietary, wanted) === undefined,
  );
  return absent === undefined ? undefined : reason('FCI: it is missing', absent);
};

// The book's list is exact; what a card asks for beside it is filled as usual, with zeros where it
// is unknown (our reading: the book has a rule for unknown tags).
const NEEDED: readonly (readonly [element: number, length: number])[] = [
  [tag.terminalTransactionQualifiers, 4],
  [tag.amountAuthorisedNumeric, 6],
  [tag.amountOtherNumeric, 6],
  [tag.terminalCountryCode, 2],
  [tag.transactionCurrencyCode, 2],
  [tag.transactionDate, 3],
  [tag.transactionType, 1],
  [tag.unpredictableNumber, 4],
];

const sameEntry = (entry: DolEntry, [element, length]: readonly [number, number]): boolean =>
  entry.tag === element && entry.length === length;

const readerData = (run: Kernel6Run, wanted: number): Uint8Array | undefined => {
  if (wanted === tag.terminalTransactionQualifiers) return run.ttq;
  if (wanted === tag.unpredictableNumber) return run.input.unpredictableNumber;
  return run.input.terminal.get(wanted);
};

const keepAnswer = (run: Kernel6Run, data: Uint8Array): Reason | undefined => {
  const template = soleTemplate(data, tag.responseMessageTemplateFormat2);
  if (isMalformed(template)) return reasonOf('GPO answer', template);
  const parts = parseTlvs(template.value, template.valueOffset, ['77']);
  const objects = primitives(template.value, template.valueOffset, ['77']);
  if (isMalformed(parts)) return reasonOf('GPO answer', parts);
  if (isMalformed(objects)) return reasonOf('GPO answer', objects);
  keep(run, cardElements, objects);
  // What the card signs of its answer: every object in its order but the signature itself.
  run.answered = parts
    .filter((one) => one.tag !== tag.signedDynamicApplicationData)
    .map((one) => rawOf(one));
  const absent = MANDATORY.find((wanted) => !run.card.has(wanted));
  return absent === undefined ? undefined : reason('mandatory data is missing', absent);
};

const MANDATORY = [
  tag.applicationInterchangeProfile,
  tag.applicationTransactionCounter,
  tag.issuerApplicationData,
  tag.cryptogramInformationData,
  tag.cardProcessingRequirementsCpr,
];

// A figure of the book lists 6986 twice; 6987 is taken to be meant.
const refusal = (run: Kernel6Run, status: number): Outcome => {
  const why = reason(`GPO answered ${swText(status)}`);
  if (status === sw.useAnotherInterface) return tryAnotherInterface(run, why);
  if (status !== sw.commandNotAllowed && status !== SECURE_MESSAGING_MISSING) {
    return endApplication(run, why);
  }
  return outcome('tryAgain', {
    start: 'B',
    uiOnOutcome: message(run, '20', 'processingError', { holdMs: 1300 }),
    uiOnRestart: message(run, null, 'readyToRead'),
    fieldOffMs: 1300,
    why: [...run.why, why],
  });
};

// ISO 7816-4's name for 6987; D-PAS means the holder.
const SECURE_MESSAGING_MISSING = 0x6987;
