import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';

/** Simulated time: it stands still while anything can run, then jumps to the next timer. */
export interface Agenda {
  nowMs(): number;
  /** Calls `work` once, so much later; the result takes it off the agenda. */
  at(delayMs: number, work: () => void): () => void;
  sleep(ms: number): Promise<void>;
  /** Jumps to the next timer and runs it; false when there is none. */
  step(): boolean;
}

interface Appointment {
  readonly atMs: number;
  work: (() => void) | undefined;
}

export const createAgenda = (): Agenda => {
  // The next appointment lies at the end. Of two at the same time the older comes first.
  const appointments: Appointment[] = [];
  let nowMs = 0;
  const at: Agenda['at'] = (delayMs, work) => {
    const appointment: Appointment = { atMs: nowMs + Math.max(0, delayMs), work };
    let index = appointments.length;
    while (index > 0 && (appointments[index - 1]?.atMs ?? 0) <= appointment.atMs) index--;
    appointments.splice(index, 0, appointment);
    return () => {
      appointment.work = undefined;
    };
  };
  return {
    nowMs: () => nowMs,
    at,
    sleep: (ms) => new Promise((resolve) => void at(ms, resolve)),
    step: () => {
      for (let next = appointments.pop(); next !== undefined; next = appointments.pop()) {
        if (next.work === undefined) continue;
        nowMs = next.atMs;
        next.work();
        return true;
      }
      return false;
    },
  };
};

/** RxJS timers on simulated time; none fires any more once `alive` says no. */
export const schedulerOn = (agenda: Agenda, alive: () => boolean): SchedulerLike => ({
  now: agenda.nowMs,
  schedule<T>(
    work: (this: SchedulerAction<T>, state: T) => void,
    delay = 0,
    state?: T,
  ): Subscription {
    let cancel: (() => void) | undefined;
    const subscription = new Subscription(() => cancel?.());
    const action: SchedulerAction<T> = Object.assign(subscription, {
      schedule(next?: T, nextDelay = 0): Subscription {
        cancel = agenda.at(nextDelay, () => {
          if (alive() && !subscription.closed) work.call(action, next as T);
        });
        return subscription;
      },
    });
    return action.schedule(state, delay);
  },
});

/** Everything that can run without time passing has run when this resolves. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets time pass until `over`. Says how it ended. */
export const drive = async (
  agenda: Agenda,
  over: () => boolean,
  { steps, ms }: { readonly steps: number; readonly ms: number },
): Promise<'over' | 'stuck' | 'endless'> => {
  for (let step = 0; step < steps && agenda.nowMs() < ms; step++) {
    await settled();
    if (over()) return 'over';
    if (!agenda.step()) return 'stuck';
  }
  return 'endless';
};
