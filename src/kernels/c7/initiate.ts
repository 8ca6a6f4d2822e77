import { getProcessingOptions } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { bit, withBit } from '#bytes/bytes.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseDol } from '#tlv/dol.ts';
import { inSoleTemplate, primitives } from '../shared/card-data.ts';
import { keep } from '../shared/card-objects.ts';
import { dolValues } from '../shared/dol-values.ts';
import { type Outcome, type Reason, reason, reasonOf } from '../shared/outcome.ts';
import { clearance, exchange } from '../shared/step.ts';
import { cardElements } from './card-elements.ts';
import {
  EMPTY,
  endApplication,
  type Kernel7Run,
  linkError,
  type Phase,
  selectNext,
  tryAgain,
  tryAnotherInterface,
} from './run.ts';

/** C-7, Initiate Application Processing: GET PROCESSING OPTIONS, whose answer holds everything. */
export const initiateApplicationProcessing: Phase = function* (run) {
  const fci = primitives(run.input.fci);
  if (isMalformed(fci)) return selectNext(run, reasonOf('FCI', fci));
  for (const { tag: found, value } of fci) if (!run.fci.has(found)) run.fci.set(found, value);
  const pdol = parseDol(run.fci.get(tag.pdol) ?? EMPTY);
  if (isMalformed(pdol)) return selectNext(run, reasonOf('PDOL', pdol));
  if (!pdol.some((entry) => entry.tag === tag.terminalTransactionQualifiers)) {
    return selectNext(run, reason('the PDOL does not ask for the TTQ', tag.pdol));
  }
  const legacy = fitToTransit(run);
  if (legacy !== undefined) return selectNext(run, legacy);
  const values = dolValues(pdol, 'K7', (wanted) => readerData(run, wanted));
  if (values.length > 252) {
    return endApplication(run, reason('PDOL asks for over 252 bytes', tag.pdol));
  }
  yield* clearance(run.input, '07', (wanted) => run.fci.get(wanted));
  const answer = yield* exchange(getProcessingOptions(values));
  if ('fault' in answer) return linkError(run, reason(`GPO: ${answer.fault}`));
  if (answer.sw !== sw.ok) return refusal(run, answer.sw);
  // Format 2 only.
  const objects = inSoleTemplate(answer.data, tag.responseMessageTemplateFormat2);
  if (isMalformed(objects)) return endApplication(run, reasonOf('GPO answer', objects));
  keep(run, cardElements, objects);
  return 'readApplicationData';
};

/**
 * At a gate a card that says so in its FCI (DF61 byte 1 bit 7) pays online with fDDA, without the
 * rest of the flow. All others would have to go the way of older books, which this kernel doesn't
 * know: they are passed over.
 */
const fitToTransit = (run: Kernel7Run): Reason | undefined => {
  if (!run.options.transitReader) return undefined;
  if (!bit(run.fci.get(tag.nonEmvTransitFeatureFlagInFci) ?? EMPTY, 1, 7)) {
    return reason('a card for gates of older books only', tag.nonEmvTransitFeatureFlagInFci);
  }
  // Byte 1: no full contactless flow, EMV mode, authentication for online; byte 2: online.
  const emv = withBit(withBit(run.ttq, 1, 7, false), 1, 6, true);
  run.ttq = withBit(withBit(emv, 1, 1, true), 2, 8, true);
  return undefined;
};

const readerData = (run: Kernel7Run, wanted: number): Uint8Array | undefined => {
  if (wanted === tag.terminalTransactionQualifiers) return run.ttq;
  if (wanted === tag.unpredictableNumber) return run.input.unpredictableNumber;
  return run.input.terminal.get(wanted);
};

// 6985 has no rule of its own here, unlike in kernel 3.
const refusal = (run: Kernel7Run, status: number): Outcome => {
  const why = reason(`GPO answered ${swText(status)}`);
  // The phone wants its owner first. The amount stays for the next tap.
  return status === sw.commandNotAllowed
    ? tryAgain(run, '20', [...run.why, why])
    : tryAnotherInterface(run, why);
};
