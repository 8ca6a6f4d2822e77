import type { Ask, Answer as CoreAnswer } from '#kernels/shared/step.ts';
import type { RecordedTap } from '../bench/taps.ts';
import { type Answer, mutate, type Random, randomOf } from './mutate.ts';
import { type Exchange, foundation } from './oracle.ts';

export interface FuzzReport {
  readonly taps: number;
  readonly mutated: number;
  readonly outcomes: ReadonlyMap<string, number>;
  /** One line each: which tap of which seed, and what happened. */
  readonly failures: readonly string[];
}

const HONEST = 0xc0ffee01;
const MOST_COMMANDS = 60;

/** Plays one recorded tap `count` times, each with one to three answers damaged. */
export const fuzz = (tap: RecordedTap, count: number, seed: number): FuzzReport => {
  const outcomes = new Map<string, number>();
  const failures: string[] = [];
  const honest = foundation(playTap(tap, tap.answers).exchanges);
  let mutated = 0;
  for (let i = 0; i < count; i++) {
    const random = randomOf(seed * 1_000_003 + i);
    const answers: Answer[] = [...tap.answers];
    for (let n = damages(random); n > 0; n--) {
      const at = random(answers.length);
      answers[at] = mutate(tap.answers, at, random);
      mutated += 1;
    }
    const problem = judge(tap, answers, honest, outcomes);
    if (problem !== undefined) failures.push(`seed ${seed}, tap ${i}: ${problem}`);
  }
  return { taps: count, mutated, outcomes, failures };
};

const damages = (random: Random): number => (random(4) === 0 ? 2 + random(2) : 1);

const judge = (
  tap: RecordedTap,
  answers: readonly Answer[],
  honest: string,
  outcomes: Map<string, number>,
): string | undefined => {
  try {
    const { outcome, exchanges } = playTap(tap, answers);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (outcome === 'endless') return 'still running after many commands';
    if (outcome !== 'approved') return undefined;
    return foundation(exchanges) === honest ? undefined : 'approved offline on altered ground';
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
};

const playTap = (tap: RecordedTap, answers: readonly Answer[]) => {
  const exchanges: Exchange[] = [];
  const step = tap.start();
  let next = step.next();
  let cards = 0;
  while (next.done !== true) {
    if (exchanges.length > MOST_COMMANDS) return { outcome: 'endless', exchanges };
    const ask = next.value;
    if (ask.ask === 'exchange') {
      // A card answers what it is asked, wherever in the tap; the first time as it was recorded.
      const answer = answers[exchanges.length] ?? 'timeout';
      exchanges.push({ command: ask.command, answer });
      next = step.next(toCore(answer));
    } else {
      if (ask.ask === 'card') cards += 1;
      next = step.next(answerOther(ask, cards));
    }
  }
  const outcome = next.value.outcome?.outcome ?? next.value.end;
  return { outcome, exchanges };
};

const toCore = (answer: Answer): CoreAnswer =>
  typeof answer === 'string'
    ? { to: 'exchange', fault: answer }
    : { to: 'exchange', response: answer, microseconds: 1000 };

// The card is presented once more after a fault, then no more: the tap comes to an end.
const answerOther = (ask: Ask, cards: number): CoreAnswer => {
  switch (ask.ask) {
    case 'card':
      return { to: 'card', card: cards > 2 ? 'timeout' : 'present' };
    case 'random':
      return { to: 'random', bytes: entropy(ask.length) };
    case 'ui':
      return { to: 'ui' };
    case 'field':
      return { to: 'field' };
    default:
      throw new TypeError(`the core asks for ${ask.ask}`);
  }
};

const entropy = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (HONEST >>> (8 * (3 - (i % 4)))) & 0xff);
