import { concat } from '#bytes/bytes.ts';
import { lookUp } from '#data/dictionary.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import type { Answer, Ask, Step } from '#kernels/shared/step.ts';
import { parameterOf } from './check.ts';
import type { Exchange, Expectation, OutcomeParameter, Transcript } from './transcript.ts';

/** What a tap leaves behind while it runs. */
export interface Tape {
  readonly exchanges: Exchange[];
  /** All random bytes that were drawn, in order. */
  readonly random: Uint8Array[];
}

export const newTape = (): Tape => ({ exchanges: [], random: [] });

/** The same step, with its exchanges and random bytes kept on a tape. */
export function* recorded<Result>(step: Step<Result>, tape: Tape): Step<Result> {
  let next = step.next();
  while (next.done !== true) {
    const answer: Answer = yield next.value;
    note(next.value, answer, tape);
    next = step.next(answer);
  }
  return next.value;
}

/** The transcript of a tap: what is on the tape, what it took to run, and what came out. */
export const transcriptOf = (
  tape: Tape,
  header: Omit<Transcript, 'random' | 'exchanges' | 'expectations'>,
  outcome: Outcome | null,
): Transcript => {
  const drawn = concat(...tape.random);
  return {
    ...header,
    random: drawn.length > 0 ? shortestPeriod(drawn) : Uint8Array.of(0),
    exchanges: tape.exchanges,
    expectations: outcome === null ? [] : expectationsOf(outcome),
  };
};

const note = (ask: Ask, answer: Answer, tape: Tape): void => {
  if (answer.to === 'random') tape.random.push(answer.bytes);
  if (ask.ask !== 'exchange' || answer.to !== 'exchange') return;
  const { command } = ask;
  if ('fault' in answer) tape.exchanges.push({ command, fault: answer.fault });
  else {
    const { response, microseconds } = answer;
    const time = microseconds > 0 ? { microseconds: Math.round(microseconds) } : {};
    tape.exchanges.push({ command, response, ...time });
  }
};

// Bytes that repeat are written once: they are used over and over.
const shortestPeriod = (bytes: Uint8Array): Uint8Array => {
  for (let length = 1; length < bytes.length; length++) {
    if (bytes.every((byte, at) => byte === bytes[at % length])) return bytes.slice(0, length);
  }
  return bytes;
};

const WORTH_NAMING: readonly OutcomeParameter[] = ['start', 'cvm', 'uiOnOutcome', 'uiOnRestart'];

const expectationsOf = (outcome: Outcome): Expectation[] => [
  {
    outcome: outcome.outcome,
    parameters: WORTH_NAMING.map((key) => [key, parameterOf(outcome, key)] as const).filter(
      ([, value]) => value !== 'none',
    ),
  },
  // Account data stand in the exchanges; they need not be repeated.
  ...outcome.dataRecord.filter(({ tag }) => lookUp(tag)?.sensitivity === 'open'),
];
