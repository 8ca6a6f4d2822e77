import { getProcessingOptions } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { bit } from '#bytes/bytes.ts';
import { isMalformed, type Malformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import type { Tlv } from '#tlv/tlv.ts';
import { inSoleTemplate, primitives } from '../shared/card-data.ts';
import { keep } from '../shared/card-objects.ts';
import { dolValues } from '../shared/dol-values.ts';
import { processingOptionsFields } from '../shared/format-one.ts';
import { reason, reasonOf } from '../shared/outcome.ts';
import { exchange } from '../shared/step.ts';
import { cardElements } from './card-elements.ts';
import { sideBySide } from './format-1.ts';
import { endApplication, linkError, selectNext } from './outcomes.ts';
import { EMPTY, elementIn, type Phase } from './run.ts';

/** C-5, Initiate Application Processing: from the FCI to the answer of GPO. */
export const initiateApplicationProcessing: Phase = function* (run) {
  const fci = primitives(run.input.fci);
  if (isMalformed(fci)) return selectNext(run, reasonOf('FCI', fci));
  for (const { tag: found, value } of fci) if (!run.fci.has(found)) run.fci.set(found, value);
  const pdol = parseDol(run.fci.get(tag.pdol) ?? EMPTY);
  if (isMalformed(pdol)) return selectNext(run, reasonOf('PDOL', pdol));
  if (pdol.length === 0) return selectNext(run, reason('it is missing or empty', tag.pdol));
  run.legacy = !pdol.some((entry) => entry.tag === tag.terminalCompatibilityIndicator);
  if (run.legacy) {
    const refused = legacyRefused(run.options.legacyMode, amountReaches(run));
    if (refused !== undefined) return selectNext(run, refused);
  }
  run.pdolValues = dolValues(pdol, 'K5', (wanted) => elementIn(run, wanted));
  if (run.pdolValues.length > 252) {
    return selectNext(run, reason('asks for over 252 bytes', tag.pdol));
  }
  const answer = yield* exchange(getProcessingOptions(run.pdolValues));
  if ('fault' in answer) return linkError(run, 'GPO', answer.fault);
  if (answer.sw !== sw.ok) {
    const why = reason(`GPO answered ${swText(answer.sw)}`);
    return answer.sw === CARD_ERROR ? endApplication(run, why, '06') : selectNext(run, why);
  }
  const objects = processingOptions(answer.data);
  if (isMalformed(objects)) return selectNext(run, reasonOf('GPO answer', objects));
  keep(run, cardElements, objects);
  const aip = run.card.get(tag.applicationInterchangeProfile);
  if (aip === undefined) {
    return selectNext(run, reason('it is missing', tag.applicationInterchangeProfile));
  }
  if (!run.legacy && !bit(aip, 2, 8)) {
    return selectNext(run, reason('no EMV mode', tag.applicationInterchangeProfile));
  }
  return 'readApplicationData';
};

// ISO 7816-4: no precise diagnosis.
const CARD_ERROR = 0x6f00;

const amountReaches = ({ options: { transactionLimit }, input }: Parameters<Phase>[0]) =>
  transactionLimit !== null && input.transaction.amountAuthorised >= transactionLimit;

const legacyRefused = (taken: boolean, overLimit: boolean) => {
  if (!taken)
    return reason('the card knows no EMV mode (9F52), and this reader wants it', tag.pdol);
  return overLimit ? reason('the amount reaches the transaction limit') : undefined;
};

// Template 77 holds objects, 80 has AIP and AFL side by side; the book names no format, so that
// both will do. (our choice)
const processingOptions = (data: Uint8Array): readonly Tlv[] | Malformed => {
  const format1 = sideBySide(data, processingOptionsFields);
  if (format1 !== undefined) return format1;
  return inSoleTemplate(data, tag.responseMessageTemplateFormat2);
};
