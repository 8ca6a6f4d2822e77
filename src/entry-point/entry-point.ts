import type { Outcome } from '#kernels/shared/outcome.ts';
import type { Step } from '#kernels/shared/step.ts';
import type { ReaderConfiguration } from './configuration.ts';
import { announce } from './kernel-activation.ts';
import { phases } from './phases.ts';
import type { Activation, ActivationEnd, EntryPointState, PhaseName, Run } from './run.ts';

export const newTransaction: EntryPointState = {
  restart: false,
  retainedUi: null,
  indicators: [],
  candidates: [],
  selected: null,
};

/**
 * Entry Point, Book B 2.12: from the amount to a Final Outcome.
 * Yields what it asks of reader, display and kernel; keeps nothing but the state it is given.
 */
export function* activate(
  configuration: ReaderConfiguration,
  state: EntryPointState,
  activation: Activation,
): Step<ActivationEnd> {
  const run: Run = {
    configuration,
    combinations: configuration.combinations.get(activation.transaction.type) ?? [],
    activation,
    ...state,
    elsewhere: undefined,
    fci: new Uint8Array(0),
    byReader: true,
    stands: activation.start,
    why: [],
  };
  let phase: PhaseName = startPhase[activation.start];
  for (;;) {
    const next: PhaseName | Outcome | null = yield* phases[phase](run);
    if (next === null) return end(run, null);
    if (typeof next !== 'string') {
      yield* announce(next);
      return end(run, next);
    }
    phase = next;
  }
}

const startPhase = {
  A: 'preProcessing',
  B: 'protocolActivation',
  C: 'restartedSelection',
  D: 'restartedKernel',
} as const;

const end = (run: Run, final: Outcome | null): ActivationEnd => ({
  end: final === null ? 'cardTimeout' : 'final',
  outcome: final === null ? null : { ...final, why: [...run.why, ...final.why] },
  selected: run.selected,
  state: {
    // Book A 6.3: set by a Final Outcome that names a start point, or by Try Again before; only a
    // new transaction clears it.
    restart: run.restart || (final !== null && final.start !== 'none'),
    retainedUi: final === null ? run.retainedUi : final.uiOnRestart,
    indicators: run.indicators,
    candidates: run.candidates,
    selected: run.selected,
    before: final?.report?.known ?? run.before,
  },
});
