import { getProcessingOptions } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { inSoleTemplate, primitives } from '../shared/card-data.ts';
import { keep } from '../shared/card-objects.ts';
import { dolValues } from '../shared/dol-values.ts';
import { type Outcome, outcome, reason, reasonOf } from '../shared/outcome.ts';
import { clearance, exchange } from '../shared/step.ts';
import { cardElements } from './card-elements.ts';
import {
  EMPTY,
  endApplication,
  type Kernel3Run,
  linkError,
  message,
  type Phase,
  tryAnotherInterface,
} from './run.ts';

/** C-3 5.2: GET PROCESSING OPTIONS. */
export const initiateApplicationProcessing: Phase = function* (run) {
  const fci = primitives(run.input.fci);
  if (isMalformed(fci)) return endApplication(run, reasonOf('FCI', fci));
  for (const { tag: found, value } of fci) if (!run.fci.has(found)) run.fci.set(found, value);
  const pdol = parseDol(run.fci.get(tag.pdol) ?? EMPTY);
  if (isMalformed(pdol)) return endApplication(run, reasonOf('PDOL', pdol));
  const values = dolValues(pdol, 'K3', (wanted) => readerData(run, wanted));
  if (values.length > 252)
    return endApplication(run, reason('PDOL asks for over 252 bytes', tag.pdol));
  // The answer to this command holds the cryptogram already. 5.2.2
  yield* clearance(run.input, '03', (wanted) => run.fci.get(wanted));
  const answer = yield* exchange(getProcessingOptions(values));
  if ('fault' in answer) return linkError(run, reason(`GPO: ${answer.fault}`));
  if (answer.sw !== sw.ok) return refusal(run, answer.sw);
  // Format 2 is required; format 1 (80) is refused like any other template. C-3 5.2.2
  const objects = inSoleTemplate(answer.data, tag.responseMessageTemplateFormat2);
  if (isMalformed(objects)) return endApplication(run, reasonOf('GPO answer', objects));
  keep(run, cardElements, objects);
  return 'readApplicationData';
};

const readerData = (run: Kernel3Run, wanted: number): Uint8Array | undefined => {
  if (wanted === tag.terminalTransactionQualifiers) return run.ttq;
  if (wanted === tag.unpredictableNumber) return run.input.unpredictableNumber;
  return run.input.terminal.get(wanted);
};

// C-3 5.2.2.2, Table 5-3.
const refusal = (run: Kernel3Run, status: number): Outcome => {
  const why = reason(`GPO answered ${swText(status)}`);
  switch (status) {
    case sw.useAnotherInterface:
      return tryAnotherInterface(run, why);
    case sw.conditionsNotSatisfied:
      return outcome('selectNext', { start: 'C', why: [...run.why, why] });
    case sw.commandNotAllowed:
      // The phone wants its owner first: "See phone", field off so that it can be taken away, and
      // the amount stays for the next tap.
      return outcome('tryAgain', {
        start: 'B',
        uiOnOutcome: message(run, '20', 'processingError', { holdMs: 1300 }),
        uiOnRestart: message(run, null, 'readyToRead'),
        fieldOffMs: 1300,
        why: [...run.why, why],
      });
    default:
      return endApplication(run, why);
  }
};
