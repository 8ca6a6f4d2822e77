import type { SchedulerLike } from 'rxjs';
import { type Decision, type DecisionProblem, type Facts, zoneOf } from '#acceptance/index.ts';
import { type DecisionBook, type DecisionConfig, openDecisionBook } from '#decisions/index.ts';
import type { Standing } from '#decisions/types.ts';
import type { Clock } from '#ports/clock.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import { createAgenda, schedulerOn } from '#test/simulation/time.ts';

/** Monday, 10:00 in Berlin. */
export const START_MS = Date.UTC(2026, 10, 23, 9);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

export const ann = { person: 'ann', role: 'manager' };
export const bob = { person: 'bob', role: 'manager' };

export const lane3: Facts = { method: 'contactless', lane: '3' };
export const phone: Facts = {
  ...lane3,
  amount: { minor: 6000, currency: 'EUR' },
  aid: 'A0000000031010',
  scheme: 'Visa',
  kernel: '03',
  device: 'phone',
  account: '48999912345',
};

const berlin = zoneOf('Europe/Berlin');
if (berlin === undefined) throw new Error('no zone Europe/Berlin');

export const config: DecisionConfig = {
  zone: berlin,
  approval: { off: false, on: false, urgent: ['security'], roles: ['manager'] },
  applications: [
    { aid: 'A0000000031010', kernel: '03', scheme: 'Visa' },
    { aid: 'A0000000041010', kernel: '02', scheme: 'Mastercard' },
  ],
  wallets: ['alipay'],
  lanes: ['1', '2', '3'],
  currencies: ['EUR'],
  languages: ['de', 'en'],
  alternatives: ['insert', 'cash'],
};
export const twoPeople: DecisionConfig = {
  ...config,
  approval: { ...config.approval, off: true, on: true },
};

/** What a person asks for. */
export const off = (more: object = {}) => ({
  action: 'off',
  reason: { category: 'commercial', text: 'fees' },
  ...more,
});
export const on = (more: object = {}) => off({ action: 'on', ...more });

/** Time that passes only when a test lets it, and a wall clock that a test may set. */
export interface ShopClock extends Clock {
  /** Time passes, also for timers; what they set off has happened when this resolves. */
  pass(ms: number): Promise<void>;
  /** Somebody sets the clock on the wall: no timer notices. */
  set(byMs: number): void;
}

export const shopClock = (): ShopClock => {
  const agenda = createAgenda();
  let setBy = 0;
  const scheduler: SchedulerLike = schedulerOn(agenda, () => true);
  return {
    scheduler,
    monotonicMs: agenda.nowMs,
    wallMs: () => START_MS + setBy + agenda.nowMs(),
    set: (byMs) => {
      setBy += byMs;
    },
    pass: async (ms) => {
      let over = false;
      // Behind all that is due in the last millisecond.
      const end = (): void => {
        over = true;
      };
      agenda.at(ms, () => void agenda.at(0, end));
      while (!over) {
        agenda.step();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
};

export interface Logged {
  readonly log: Log;
  readonly errors: string[];
}

export const errorLog = (): Logged => {
  const errors: string[] = [];
  const nothing = (): void => {};
  const error: Log['error'] = (fields, message) =>
    void errors.push(`${message}: ${wordsOf(fields['problem'])}`);
  return { log: { debug: nothing, info: nothing, warn: nothing, error }, errors };
};

const wordsOf = (problem: unknown): string => (isFault(problem) ? problem.detail : String(problem));

/** A terminal's book, and all that it said since. */
export interface Bench {
  readonly book: DecisionBook;
  readonly said: Standing[];
  readonly errors: string[];
  /** Nobody listens any more: as when the process ends. */
  leave(): void;
}

export const openBench = async (
  journal: Journal,
  clock: Clock,
  how: DecisionConfig = config,
): Promise<Bench> => {
  const { log, errors } = errorLog();
  const book = await openDecisionBook({ journal, clock, log, config: how });
  const said: Standing[] = [];
  const subscription = book.standing$.subscribe((standing) => void said.push(standing));
  return { book, said, errors, leave: () => subscription.unsubscribe() };
};

/** The decision, or why there is none as a failed test. */
export const made = (outcome: Decision | DecisionProblem | Fault): Decision => {
  if (isFault(outcome)) throw new Error(outcome.detail);
  if ('decisionProblem' in outcome) throw new Error(`${outcome.field}: ${outcome.problem}`);
  return outcome;
};

export const why = (outcome: Decision | DecisionProblem | Fault): string => {
  if (isFault(outcome)) return outcome.detail;
  return 'decisionProblem' in outcome ? `${outcome.field}: ${outcome.problem}` : 'decided';
};

export const idsOf = ({ inForce }: Standing): string[] => inForce.map(({ id }) => id);
