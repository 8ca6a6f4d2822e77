import type { Cue } from '#ports/card-reader.ts';
import { fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { SignalRequest } from './messages.ts';
import type { ProcessLink } from './process-link.ts';
import { type Escape, quirksOf, type ToldCue } from './quirks.ts';
import type { Supervisor } from './supervisor.ts';

/** A reader's own lights and buzzer, told between two taps and never during one. */
export interface Cues {
  /** Told once nobody is in its way, unless another has come by then. */
  signal(cue: Cue): void;
  /** Nothing is told while this lasts; what it comes to. */
  during<T>(wait: Promise<T>): Promise<T>;
  /** Puts out what is lit. Resolves when the reader has done it, or won't. */
  close(): Promise<void>;
}

type Watched = Pick<Supervisor, 'situation$' | 'situation' | 'silent$' | 'isSilent'>;

/** `powered` says whether a card is powered up. */
export const openCues = (log: Log, supervisor: Watched, powered: () => boolean): Cues => {
  const tell = teller(log);
  const told: Told = { latest: 'off', next: undefined, shown: undefined };
  let waits = 0;
  let work: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  const look = (): void => {
    timer ??= setTimeout(lookNow, SETTLE_MS);
  };
  const lookNow = (): void => {
    timer = undefined;
    const situation = supervisor.situation();
    const silent = supervisor.isSilent();
    if (work !== undefined || situation.reader === undefined) return;
    // Being told to be silent, or not any more, comes first. Silent, nobody has a card.
    if (silent !== (situation.silenced !== undefined)) return;
    if (!silent && (waits > 0 || powered())) return;
    const { name } = situation.reader;
    const cue = dueFor(name, silent, told);
    if (cue === undefined) return;
    told.next = undefined;
    work = tell(situation.process, name, cue).then((became) => {
      work = undefined;
      if (became === 'told') told.shown = { reader: name, cue };
      // Lights that silence put out, or that a card was in the way of, are lit again after it.
      if (cue === 'off' || became === 'inTheWay') lightAgain(told);
      look();
    });
  };
  const watch = supervisor.situation$.subscribe((situation) => {
    if (situation.reader === undefined && situation.why.fault === 'readerLost') {
      tell.forget();
      told.shown = undefined;
      lightAgain(told);
    }
    look();
  });
  // How a payment ended before is not told after.
  const listening = supervisor.silent$.subscribe((silent) => {
    if (silent && told.next !== 'idle') told.next = undefined;
  });

  return {
    signal: (cue) => {
      told.latest = cue;
      told.next = isTold(cue) && (cue === 'idle' || !supervisor.isSilent()) ? cue : undefined;
      clearTimeout(timer);
      timer = undefined;
      look();
    },
    during: async (wait) => {
      waits++;
      return await wait.finally(() => {
        waits--;
        look();
      });
    },
    close: async () => {
      for (const each of [watch, listening]) each.unsubscribe();
      clearTimeout(timer);
      await work;
      clearTimeout(timer);
      const situation = supervisor.situation();
      if (situation.reader === undefined || !isLit(situation.reader.name, told)) return;
      await tell(situation.process, situation.reader.name, 'off');
    },
  };
};

interface Told {
  latest: Cue;
  /** What waits to be told. */
  next: ToldCue | undefined;
  /** What a reader was told last, as long as it has power. */
  shown: { readonly reader: string; readonly cue: ToldCue } | undefined;
}

const isLit = (reader: string, { shown }: Told): boolean =>
  shown?.reader === reader && shown.cue !== 'off';

const lightAgain = (told: Told): void => {
  if (told.latest === 'idle') told.next ??= 'idle';
};

/** What a reader is to be told; undefined where it would change nothing. */
const dueFor = (reader: string, silent: boolean, told: Told): ToldCue | undefined => {
  const { next, shown } = told;
  const lit = isLit(reader, told);
  if (silent || next === 'off') return lit ? 'off' : undefined;
  return next === 'idle' && lit && shown?.cue === 'idle' ? undefined : next;
};

/** More than passes between the events of one moment: an amount is asked for, a card awaited. */
const SETTLE_MS = 60;
/** Connecting to the reader, and two escapes of a second each at most. */
const SIGNAL_WITHIN_MS = 3000;

const isTold = (cue: Cue): cue is ToldCue => cue !== 'ready' && cue !== 'processing';

interface Tell {
  (process: ProcessLink, reader: string, cue: ToldCue): Promise<'told' | 'inTheWay' | 'refused'>;
  /** Readers that refused may have been mended, or be others of the same name. */
  forget(): void;
}

const teller = (log: Log): Tell => {
  const refused = new Set<string>();
  /** Hanging costs a reader process, and a moment in which no card is served: once is enough. */
  const hung = new Set<string>();
  const complaints = new Set<string>();
  const complain = (reader: string, detail: string): void => {
    if (complaints.has(reader)) return;
    complaints.add(reader);
    log.warn({ reader, refused: detail }, 'the reader shows and sounds nothing of its own');
  };

  const tell = async (process: ProcessLink, reader: string, cue: ToldCue) => {
    const escapes = escapesOf(reader, cue);
    if (escapes.length === 0 || refused.has(reader) || hung.has(reader)) return 'refused';
    const request: SignalRequest = { kind: 'signal', reader, escapes, lightsOut: cue === 'off' };
    const reply = await process.ask(request, SIGNAL_WITHIN_MS);
    if (isFault(reply) && reply.fault !== 'timeout') return 'inTheWay';
    if (!isFault(reply) && reply.escapes === 'obeyed') return 'told';
    complain(reader, reply.detail);
    if (!isFault(reply) && reply.escapes === 'refused') refused.add(reader);
    else {
      hung.add(reader);
      void process.kill(STUCK);
    }
    return 'refused';
  };
  return Object.assign(tell, { forget: () => refused.clear() });
};

// No card's fault: what waits for one goes on waiting.
const STUCK = fault('serviceDown', 'the reader is reset: it hung on a command for its lights');

const escapesOf = (reader: string, cue: ToldCue): readonly Escape[] => {
  const { cues } = quirksOf(reader);
  return typeof cues === 'string' ? [] : cues[cue];
};
