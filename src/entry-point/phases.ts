import { type CommandApdu, select } from '#apdu/command.ts';
import { swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { hex } from '#bytes/hex.ts';
import { outcome, reason } from '#kernels/shared/outcome.ts';
import { exchange, type Step, setField, showUi, waitForCard } from '#kernels/shared/step.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import { findCandidates, readDirectory, schemeElsewhere } from './directory.ts';
import { kernelActivation } from './kernel-activation.ts';
import { poiCommand } from './poi-information.ts';
import { fixedIndicators, preProcess } from './pre-processing.ts';
import type { Phase, PhaseName, Run } from './run.ts';
import { applicationSelection, finalSelection } from './selection.ts';

// "2PAY.SYS.DDF01", Book B 3.3.2.2
const PPSE = hex('325041592E5359532E4444463031');

/** Book B 3.1, Start A. */
const preProcessing: Phase = function* (run) {
  const { transaction } = run.activation;
  const exponent = run.configuration.currencyExponents.get(transaction.currency);
  const majorUnit = exponent === undefined ? undefined : 10 ** exponent;
  run.indicators = run.combinations.map(({ entryPoint }) =>
    preProcess(entryPoint, transaction, majorUnit),
  );
  if (run.indicators.every((one) => one.contactlessApplicationNotAllowed)) {
    run.selected = null;
    // 3.1.1.13: nothing on offer for this amount; another interface may take it.
    return outcome('tryAnotherInterface', {
      uiOnOutcome: uiRequest('18', 'processingError'),
      why: [reason('no combination may be used for this transaction type and amount')],
    });
  }
  return 'protocolActivation';
};

/** Book B 3.2, Start B. */
const protocolActivation: Phase = function* (run) {
  if (run.byReader && run.activation.start === 'B' && !run.restart) {
    run.indicators = run.combinations.map(({ entryPoint }) => fixedIndicators(entryPoint));
  }
  if (!run.restart) run.candidates = [];
  yield* showUi(takeRetainedUi(run) ?? uiRequest('15', 'readyToRead'));
  yield* setField(true);
  let collided = false;
  for (;;) {
    const card = yield* waitForCard();
    if (card === 'timeout') return null;
    if (card === 'collision') {
      collided = true;
      yield* showUi(uiRequest('19', 'processingError'));
    } else if (card === 'removed') {
      if (collided) yield* showUi(uiRequest('19', 'readyToRead'));
      collided = false;
    } else if (card === 'fault') {
      return backToActivation(run, 'the card could not be powered up');
    } else {
      const deliver = run.byReader && run.activation.start === 'B' && run.activation.issuerData;
      return deliver && run.selected ? 'applicationSelection' : 'directorySelection';
    }
  }
};

/** Book B 3.3.2, steps 1, 1a and 2. */
const directorySelection: Phase = function* (run) {
  run.candidates = [];
  run.selected = null;
  run.elsewhere = undefined;
  const first = yield* ask(run, 'SELECT PPSE', select(PPSE));
  if (typeof first === 'string') return first;
  const { poiInformation, terminal } = run.configuration;
  const command =
    poiInformation &&
    poiCommand(first, poiInformation, new Map([...terminal, ...run.activation.transactionData]));
  const fci = command ? yield* ask(run, 'SEND POI INFORMATION', command) : first;
  if (typeof fci === 'string') return fci;
  const directory = readDirectory(fci);
  run.why = [...run.why, ...directory.why];
  run.candidates = findCandidates(
    run.combinations.filter((_, i) => run.indicators[i]?.contactlessApplicationNotAllowed !== true),
    directory.entries,
  );
  run.elsewhere = schemeElsewhere(run.configuration, directory.entries);
  return 'finalSelection';
};

// The directory's bytes, or how it goes on without: any other status word leaves no candidates.
function* ask(run: Run, name: string, command: CommandApdu): Step<Uint8Array | PhaseName> {
  const answer = yield* exchange(command);
  if ('fault' in answer) return backToActivation(run, `${name}: ${answer.fault}`);
  if (answer.sw === sw.ok) return answer.data;
  run.why = [...run.why, reason(`${name} answered ${swText(answer.sw)}`)];
  return 'finalSelection';
}

/** Start C by the reader: the list as it was kept. */
const restartedSelection: Phase = function* (run) {
  yield* showRetainedUi(run);
  return 'finalSelection';
};

/** Start D by the reader: no new SELECT, so no FCI. Book B 3.4.1 */
const restartedKernel: Phase = function* (run) {
  yield* showRetainedUi(run);
  return 'kernelActivation';
};

export const phases: Readonly<Record<PhaseName, Phase>> = {
  preProcessing,
  protocolActivation,
  directorySelection,
  restartedSelection,
  finalSelection,
  applicationSelection,
  restartedKernel,
  kernelActivation,
};

/** A Level 1 error during activation or selection: start again at B. Book B 3.3.2.9 */
export const backToActivation = (run: Run, why: string): PhaseName => {
  run.byReader = false;
  run.stands = 'B';
  run.why = [...run.why, reason(why)];
  return 'protocolActivation';
};

// UI Request on Restart is sent once, on the restart itself. Book A 6.3
const takeRetainedUi = (run: Run) => {
  const retained = run.restart ? run.retainedUi : null;
  run.retainedUi = null;
  return retained;
};

function* showRetainedUi(run: Run) {
  const retained = takeRetainedUi(run);
  if (retained !== null) yield* showUi(retained);
}
