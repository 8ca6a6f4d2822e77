import { BehaviorSubject, type Observable } from 'rxjs';
import { fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { ReplyTo, SilenceRequest } from './messages.ts';
import type { ProcessLink } from './process-link.ts';
import { type Escape, quirksOf } from './quirks.ts';

/** What became of the antenna of a reader that is silenced. */
export type Silenced = 'antennaOff' | 'antennaOn';

/** Whether cards are to be left alone, and what each reader has done about it. */
export interface Silence {
  /** Whether silence is wanted: holds at once, whatever the reader has to be told yet. */
  readonly silent$: Observable<boolean>;
  wanted(): boolean;
  want(silent: boolean): void;
  /**
   * Whether this reader of this process is as it is wanted to be. If not, it is told once, and
   * `done` is called when it has been.
   */
  isSo(process: ProcessLink, reader: string | undefined, done: () => void): boolean;
  /** What a reader that is as wanted says about itself. */
  silenced(): Silenced | undefined;
  /** Resolves when nobody is being told anything any more. */
  settled(): Promise<void>;
  close(): void;
}

export const keepSilence = (log: Log, silent: boolean): Silence => {
  const wanted = new BehaviorSubject(silent);
  const tell = teller(log);
  /** A reader that nobody ever silenced needs no command to be awake. */
  let everSilent = silent;
  let told: Told | undefined;
  let work: Promise<void> = Promise.resolve();

  const isSo = (process: ProcessLink, reader: string | undefined, done: () => void): boolean => {
    const silent = wanted.value;
    if (!everSilent) return true;
    if (told?.process === process && told.reader === reader && told.silent === silent) {
      return told.antenna !== undefined;
    }
    const now: Told = { process, reader, silent, antenna: undefined };
    told = now;
    work = tell(process, reader, silent).then((antenna) => {
      if (antenna === undefined || told !== now) return;
      told = { ...now, antenna };
      done();
    });
    return false;
  };

  return {
    silent$: wanted.asObservable(),
    wanted: () => wanted.value,
    want: (silent) => {
      everSilent ||= silent;
      if (wanted.value !== silent) wanted.next(silent);
    },
    isSo,
    silenced: () => (told?.silent ? told.antenna : undefined),
    settled: async () => {
      for (let now = work; ; now = work) {
        await now;
        if (now === work) return;
      }
    },
    close: () => wanted.complete(),
  };
};

interface Told {
  readonly process: ProcessLink;
  readonly reader: string | undefined;
  readonly silent: boolean;
  /** Undefined while it is being told. */
  readonly antenna: Silenced | undefined;
}

/** Power down, connect to the reader, two escapes of a second each at most. */
const SILENCE_WITHIN_MS = 4000;

type Tell = (
  process: ProcessLink,
  reader: string | undefined,
  silent: boolean,
) => Promise<Silenced | undefined>;

/** Tells a reader; undefined when the process ended over it, and the next one is told anew. */
const teller = (log: Log): Tell => {
  /** Readers that hang on an escape: they get none any more. */
  const mute = new Set<string>();
  /** Readers whose antenna is down by our command. */
  const dark = new Set<string>();
  const complaints = new Set<string>();

  return async (process, reader, silent) => {
    const escapes = reader === undefined || mute.has(reader) ? [] : escapesOf(reader, silent);
    const request: SilenceRequest = { kind: 'silence', silent, reader, escapes };
    const reply = await process.ask(request, SILENCE_WITHIN_MS);
    if (isFault(reply)) {
      if (reply.fault === 'timeout') void process.kill(STUCK);
      return undefined;
    }
    if (reader === undefined || escapes.length === 0) return 'antennaOn';
    if (reply.escapes === 'obeyed') {
      if (silent) dark.add(reader);
      else dark.delete(reader);
      return 'antennaOff';
    }
    if (silent || dark.has(reader)) complain(reader, silent, reply);
    if (reply.escapes === 'refused') return 'antennaOn';
    mute.add(reader);
    void process.kill(STUCK);
    return undefined;
  };

  function complain(reader: string, silent: boolean, reply: ReplyTo<SilenceRequest>): void {
    const complaint = `${reader} ${silent} ${reply.detail}`;
    if (complaints.has(complaint)) return;
    complaints.add(complaint);
    const what = { reader, refused: reply.detail };
    if (silent) log.warn(what, ANTENNA_STAYS_ON);
    else log.error(what, ANTENNA_STAYS_OFF);
  }
};

const ANTENNA_STAYS_ON =
  'the reader did not obey the command that puts its antenna down: no card is talked to, but the ' +
  'antenna stays on. If libccid refused it, set bit 0 of ifdDriverOptions in ' +
  '/etc/libccid_Info.plist and restart pcscd';
const ANTENNA_STAYS_OFF =
  'the reader did not obey the command that puts its antenna up again: plug it out and in';

const STUCK = fault('timeout', 'the reader is reset: it could not be told whether to be silent');

const escapesOf = (reader: string, silent: boolean): readonly Escape[] => {
  const { fieldOff, fieldOn } = quirksOf(reader);
  // One without the other would leave the reader dark.
  if (typeof fieldOff === 'string' || typeof fieldOn === 'string') return [];
  return silent ? fieldOff.escapes : fieldOn.escapes;
};
