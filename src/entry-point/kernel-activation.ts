import { equal } from '#bytes/bytes.ts';
import { tag } from '#data/dictionary.ts';
import type { DataMap } from '#kernels/shared/kernel.ts';
import { type Outcome, outcome, reason } from '#kernels/shared/outcome.ts';
import { random, type Step, setField, showUi } from '#kernels/shared/step.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import type { Combination } from './configuration.ts';
import { fixedIndicators } from './pre-processing.ts';
import { type Phase, type PhaseName, type Run, removeCandidate, type Selected } from './run.ts';

/** Book B 3.4 (Start D) and 3.5: the kernel runs; Try Again and Select Next stay in here. */
export const kernelActivation: Phase = function* (run) {
  const { selected } = run;
  const kernel = selected && run.configuration.kernels.get(selected.combination.kernelId);
  if (!selected || !kernel) {
    return outcome('endApplication', {
      uiOnOutcome: uiRequest('1C', 'processingError'),
      why: [reason('no kernel for the application that was selected')],
    });
  }
  const { activation } = run;
  const { options, kernelId } = selected.combination;
  const { authentication, clearance, ephemeralKeys } = run.configuration;
  const result = yield* kernel({
    start: run.stands,
    restart: run.restart,
    adfName: selected.candidate.adfName,
    aid: selected.combination.aid,
    fci: run.fci,
    transaction: activation.transaction,
    preprocessing: indicatorsOf(run, selected),
    terminal: terminalData(run, selected),
    // Book A: a fresh one for every kernel activation, also after Try Again and Select Next.
    unpredictableNumber: yield* random(4),
    ...(activation.issuerData ? { issuerData: activation.issuerData } : {}),
    ...(activation.onlineResponse ? { onlineResponse: activation.onlineResponse } : {}),
    ...(authentication ? { authentication } : {}),
    ...(ephemeralKeys && kernelId === '08' ? { ephemeralKey: ephemeralKeys() } : {}),
    ...(clearance ? { clearance } : {}),
    ...(options ? { options } : {}),
  });
  return yield* processOutcome(run, selected, result);
};

/**
 * Kernel Identifier – Terminal (96), Book B 3.4.1.2: kernel id in three bytes; byte 4 tells of
 * kernel 8: b8 the reader has it, b7 it is configured for this AID and transaction type.
 */
export const kernelIdentifierTerminal = (run: Run, { aid, kernelId }: Combination): Uint8Array => {
  const identifier = new Uint8Array(8);
  for (let i = 0; i < Math.min(3, kernelId.length / 2); i++) {
    identifier[i] = Number.parseInt(kernelId.slice(2 * i, 2 * i + 2), 16);
  }
  const configured = run.combinations.some(
    (other) => other.kernelId === '08' && equal(other.aid, aid),
  );
  identifier[3] = (run.configuration.kernels.has('08') ? 0x80 : 0) | (configured ? 0x40 : 0);
  return identifier;
};

/** UI Request on Outcome, then Field Off Request: the same for every outcome. Book B 3.5.1 */
export function* announce(result: Outcome): Step<void> {
  if (result.uiOnOutcome !== null) yield* showUi(result.uiOnOutcome);
  if (result.fieldOffMs !== null) yield* setField(false, result.fieldOffMs);
}

// Book B 3.5.1, in the order of its steps.
function* processOutcome(run: Run, selected: Selected, result: Outcome) {
  if (result.outcome === 'tryAgain') {
    yield* announce(result);
    run.why = [...run.why, ...result.why];
    run.restart = true;
    run.retainedUi = result.uiOnRestart;
    run.byReader = false;
    run.stands = 'B';
    return 'protocolActivation' satisfies PhaseName;
  }
  if (result.outcome === 'selectNext') {
    yield* announce(result);
    run.why = [...run.why, ...result.why];
    removeCandidate(run, selected.candidate);
    return 'finalSelection' satisfies PhaseName;
  }
  return result;
}

const indicatorsOf = (run: Run, { combination }: Selected) =>
  run.indicators[run.combinations.indexOf(combination)] ?? fixedIndicators(combination.entryPoint);

const terminalData = (run: Run, selected: Selected): DataMap => {
  const data = new Map(run.configuration.terminal);
  for (const [element, value] of selected.combination.data) data.set(element, value);
  for (const [element, value] of run.activation.transactionData) data.set(element, value);
  data.set(tag.applicationIdentifierTerminal, selected.combination.aid);
  data.set(tag.kernelIdentifierTerminal, selected.kernelIdentifierTerminal);
  return data;
};
