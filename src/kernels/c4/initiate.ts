import { getProcessingOptions } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { type DolEntry, parseDol } from '#tlv/dol.ts';
import { type Tlv, tagText } from '#tlv/tlv.ts';
import { primitives } from '../shared/card-data.ts';
import { keep } from '../shared/card-objects.ts';
import { dolValues } from '../shared/dol-values.ts';
import { fieldValues, processingOptionsFields } from '../shared/format-one.ts';
import { type Outcome, reason, reasonOf } from '../shared/outcome.ts';
import { exchange } from '../shared/step.ts';
import { answerTemplate } from './answer-template.ts';
import { cardElements } from './card-elements.ts';
import { endApplication, insertOrEnd, linkError, seePhone, selectNext } from './outcomes.ts';
import { aipSays, EMPTY, elementOf, type Kernel4Run, type Phase } from './run.ts';

/** C-4, Initiate Application Processing: GET PROCESSING OPTIONS. No cryptogram comes with it. */
export const initiateApplicationProcessing: Phase = function* (run) {
  const fci = primitives(run.input.fci);
  if (isMalformed(fci)) return endApplication(run, reasonOf('FCI', fci));
  for (const { tag: found, value } of fci) if (!run.fci.has(found)) run.fci.set(found, value);
  // Without PDOL the command carries an empty template: 8300.
  const pdol = parseDol(run.fci.get(tag.pdol) ?? EMPTY);
  if (isMalformed(pdol)) return endApplication(run, reasonOf('PDOL', pdol));
  run.pdolValues = pdolValues(run, pdol);
  if (run.pdolValues.length > 252) {
    return endApplication(run, reason('PDOL asks for over 252 bytes', tag.pdol));
  }
  const answer = yield* exchange(getProcessingOptions(run.pdolValues));
  if ('fault' in answer) return linkError(run, reason(`GPO: ${answer.fault}`));
  if (answer.sw !== sw.ok) return refusal(run, answer.sw);
  const objects = processingOptions(answer.data);
  if (isMalformed(objects)) return endApplication(run, reasonOf('GPO answer', objects));
  keep(run, cardElements, objects);
  const missing = MANDATORY.find((wanted) => !run.card.has(wanted));
  if (missing !== undefined) {
    return endApplication(run, reason('mandatory data is missing', missing));
  }
  if (!aipSays(run, 'emvMode')) {
    const why = reason('the card knows no EMV mode', tag.applicationInterchangeProfile);
    return insertOrEnd(run, why);
  }
  return 'readApplicationData';
};

const MANDATORY = [tag.applicationInterchangeProfile, tag.applicationFileLocator];

// A card of before 9F6E has only Terminal Type to learn from what the reader can do: it gets it
// together with 9F6D ("modified terminal type"). For any other use it stays what it is.
const pdolValues = (run: Kernel4Run, pdol: readonly DolEntry[]): Uint8Array => {
  const knowsReader = pdol.some((one) => one.tag === tag.enhancedContactlessReaderCapabilities);
  const [type = 0] = run.input.terminal.get(tag.terminalType) ?? EMPTY;
  const [capabilities = 0] = run.reader.basic;
  return dolValues(pdol, 'K4', (wanted) =>
    wanted === tag.terminalType && !knowsReader
      ? Uint8Array.of(type | capabilities)
      : elementOf(run, wanted),
  );
};

// Format 2 (77) holds TLV; format 1 (80) is AIP and AFL side by side.
const processingOptions = (data: Uint8Array): readonly Tlv[] | Malformed => {
  const template = answerTemplate(data);
  if (isMalformed(template)) return template;
  if (template.tag === tag.responseMessageTemplateFormat2) {
    return primitives(template.value, template.valueOffset, ['77']);
  }
  const fields = processingOptionsFields(template);
  return fields === undefined
    ? malformed([tagText(template.tag)], template.valueOffset, 'no AIP and AFL')
    : fieldValues(template, fields);
};

// The book's digest names no status word of this command. Decided: 6985 leads to the next
// application (Book 3 §6.5.8), 6984 and 6986 mean what 6984 means to GENERATE AC, for other
// kernels' phones use either; anything else is the end.
const refusal = (run: Kernel4Run, status: number): Outcome => {
  const why = reason(`GPO answered ${swText(status)}`);
  switch (status) {
    case sw.conditionsNotSatisfied:
      return selectNext(run, why);
    case sw.useAnotherInterface:
    case sw.commandNotAllowed:
      return run.input.restart ? endApplication(run, why) : seePhone(run, why);
    default:
      return endApplication(run, why);
  }
};
