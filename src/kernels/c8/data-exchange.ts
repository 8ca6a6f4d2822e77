import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { parseTagList } from '#tlv/dol.ts';
import { parseTlvs, rawOf } from '#tlv/tlv.ts';
import { present } from '../shared/data-elements.ts';
import type { DataMap } from '../shared/kernel.ts';
import { reason } from '../shared/outcome.ts';
import { exchangeData, type Step } from '../shared/step.ts';
import { endInSilence } from './outcomes.ts';
import { binaryOf, bytesOf, type Kernel8Run, type State } from './run.ts';

// Data exchange (DE) with the terminal and data storage (DS) in the card's envelopes. What is
// configured or comes with the transaction is read and written without a word: Tags To Read
// (9F8203), Data Envelopes To Write (BF8104). Where the terminal takes part
// (`KernelInput.dataExchange`) it is asked at two points: S2, where those two are there but empty,
// and before the first write, where the Proceed To First Write Flag (9F8202) is there and doesn't
// say yes.

/** S2: what is to be read and written, asked for if the terminal means to say it later. */
export function* openDataExchange(run: Kernel8Run): Step<void> {
  run.data.set(tag.readDataStatus, Uint8Array.of(READ_COMPLETE));
  run.data.set(tag.writeDataStatus, Uint8Array.of(0));
  const needed = [tag.tagsToReadK8, tag.dataEnvelopesToWrite].filter(
    (wanted) => run.data.get(wanted)?.length === 0,
  );
  if (run.input.dataExchange === true && needed.length > 0) {
    store(run, (yield* exchangeData([], needed, timeOutMs(run))) ?? new Map());
  }
  takeOver(run);
}

/**
 * The terminal sees what it wanted to read, and lets the first write go ahead. It may name
 * more envelopes with its answer: those are read before it is asked again.
 */
export const awaitFirstWrite: State = function* (run) {
  const flag = run.data.get(tag.proceedToFirstWriteFlagK8);
  const proceeds = flag === undefined || (flag.length > 0 && flag[0] !== 0);
  if (proceeds || run.input.dataExchange !== true) return 'checkBeforeGenerateAc';
  const send = present(run.data, tagsIn(bytesOf(run, tag.tagsToReadK8)));
  run.data.delete(tag.tagsToReadK8);
  const needed = [tag.proceedToFirstWriteFlagK8];
  const data = yield* exchangeData(send, needed, timeOutMs(run));
  const before = run.data.get(tag.proceedToFirstWriteFlagK8);
  if (data !== null) store(run, data);
  takeOver(run);
  if (run.tagsToReadYet.length > 0) return 'readEnvelopes';
  // An answer that brings nothing new is none: decided, so that nobody can hold up the card.
  if (data === null || run.data.get(tag.proceedToFirstWriteFlagK8) === before) {
    return endInSilence(run, 'timeOut', reason('data exchange: the time is over'));
  }
  return 'awaitFirstWrite';
};

/** Read Data Status and Write Data Status: bit 8, all went well. */
const READ_COMPLETE = 0x80;

/** Whether a tag is one of the ten data envelopes. */
export const isEnvelope = (wanted: number): boolean =>
  wanted >= tag.dataEnvelope1 && wanted <= tag.dataEnvelope10;

/** Tags side by side; of a list that can't be read none. */
const tagsIn = (list: Uint8Array): readonly number[] => {
  const tags = parseTagList(list);
  return isMalformed(tags) ? [] : tags;
};

const timeOutMs = (run: Kernel8Run): number => binaryOf(run, tag.timeOutValueK8);

// Tags To Read Yet and Data Envelopes To Write Yet. Only envelopes are fetched by a command of
// their own: whatever else the terminal wants to see comes with the records.
const takeOver = (run: Kernel8Run): void => {
  run.tagsToReadYet = tagsIn(bytesOf(run, tag.tagsToReadK8)).filter(
    (wanted) => isEnvelope(wanted) && !run.data.has(wanted),
  );
  const envelopes = parseTlvs(bytesOf(run, tag.dataEnvelopesToWrite));
  run.envelopesToWriteYet = isMalformed(envelopes)
    ? []
    : envelopes.filter((object) => isEnvelope(object.tag)).map(rawOf);
};

// What the terminal may set by a signal (DET). C-8, data dictionary
const TERMINAL: readonly number[] = [
  tag.accountType,
  tag.amountAuthorisedNumeric,
  tag.amountOtherNumeric,
  tag.transactionDate,
  tag.transactionTime,
  tag.proceedToFirstWriteFlagK8,
  tag.tagsToReadK8,
  tag.dataEnvelopesToWrite,
];

const store = (run: Kernel8Run, data: DataMap): void => {
  for (const wanted of TERMINAL) {
    const value = data.get(wanted);
    if (value !== undefined) run.data.set(wanted, value);
  }
};
