import { BehaviorSubject, Subject } from 'rxjs';
import { concat } from '#bytes/bytes.ts';
import type { ByteLine, ByteLineState } from '#ports/byte-line.ts';
import { type Fault, fault } from '#ports/fault.ts';

/** A printer at the other end of a byte line, and what a person can do to it. */
export interface ScriptedPrinter {
  readonly line: ByteLine;
  /** Each job's bytes, without what was only asked. */
  readonly jobs: readonly Uint8Array[];
  paper(state: 'ok' | 'low' | 'out'): void;
  cover(open: boolean): void;
  /** Doesn't answer, as when it is switched off behind a serial adapter. */
  silent: boolean;
  /** Doesn't know GS r. */
  plain: boolean;
  /** Does this once, in the middle of the next job. */
  midway: (() => void) | undefined;
  unplug(): void;
  plugIn(): void;
  /** How many jobs were written at the same time, at most. */
  readonly atOnce: number;
}

export type Paper = 'ok' | 'low' | 'out';

// As Epson's command reference has them: DLE EOT 2, DLE EOT 4, GS r 1.
export const offlineCause = (paper: Paper, open: boolean): number =>
  0x12 | (open ? 0x04 : 0) | (paper === 'out' ? 0x20 : 0);
export const paperSensors = (paper: Paper): number =>
  0x12 | (paper === 'ok' ? 0 : 0x0c) | (paper === 'out' ? 0x60 : 0);
export const roll = (paper: Paper): number => ({ ok: 0, low: 0x03, out: 0x0f })[paper];

const UNPLUGGED = fault('device', '/dev/ttyS9 is unplugged');

export const scriptedPrinter = (): ScriptedPrinter => {
  const state$ = new BehaviorSubject<ByteLineState>({ line: 'up' });
  const received$ = new Subject<Uint8Array>();
  const jobs: Uint8Array[] = [];
  let paper: Paper = 'ok';
  let [open, writing, atOnce] = [false, 0, 0];
  const down = () => state$.value.line === 'down';
  const say = (...bytes: number[]) => {
    if (!self.silent) received$.next(Uint8Array.from(bytes));
  };
  // In two pieces: a line cuts where it likes.
  const sayAutomatically = () => {
    say(0x10 | (open ? 0x28 : 0), 0);
    say(roll(paper), 0x0f);
  };
  const take = (text: string, bytes: Uint8Array): void => {
    if (text === '16 4 2') say(offlineCause(paper, open));
    else if (text === '16 4 4') say(paperSensors(paper));
    else if (text === '29 97 14') sayAutomatically();
    else {
      self.midway?.();
      self.midway = undefined;
      jobs.push(bytes);
      // What is out of paper stays in the buffer, and GS r behind it.
      if (!self.plain && paper !== 'out' && !open) say(roll(paper));
    }
  };
  const self = {
    jobs,
    silent: false,
    plain: false,
    midway: undefined as (() => void) | undefined,
    get atOnce() {
      return atOnce;
    },
    paper(now: Paper) {
      paper = now;
      sayAutomatically();
    },
    cover(now: boolean) {
      open = now;
      sayAutomatically();
    },
    unplug: () => state$.next({ line: 'down', why: UNPLUGGED }),
    plugIn: () => state$.next({ line: 'up' }),
    line: {
      path: '/dev/ttyS9',
      state$,
      received$,
      write: async (bytes: Uint8Array): Promise<Fault | undefined> => {
        if (down()) return UNPLUGGED;
        const text = [...bytes].join(' ');
        const share = text.length > 12 ? 1 : 0;
        writing += share;
        atOnce = Math.max(atOnce, writing);
        await new Promise(setImmediate);
        take(text, concat(bytes));
        writing -= share;
        return down() ? UNPLUGGED : undefined;
      },
      close: async () => {
        state$.complete();
        received$.complete();
      },
    },
  };
  return self;
};
