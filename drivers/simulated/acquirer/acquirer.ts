import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import type { Log } from '#ports/log.ts';
import { verifyCryptogram } from '../issuer/index.ts';
import type { Booked, Position } from './books.ts';
import { type CertificatePaths, ensureCertificates } from './certificates.ts';
import type { Totals } from './entries.ts';
import { createFaultPlan, type FaultPlan, type FaultTarget, respond } from './fault-plan.ts';
import type { FaultName, Wire } from './faults.ts';
import { createHost, type Host, type HostProfile, hostDefaults } from './host.ts';
import { ensureKeys, type KeyPaths } from './keys.ts';
import { openLedger } from './ledger.ts';
import { type Listener, listen } from './listener.ts';
import type { HostOptions } from './options.ts';
import { loadRules, shippedRules } from './rules.ts';
import { createSpeech, type Speech } from './speech.ts';

export interface AcquirerOptions extends HostOptions {
  /** Ledger, certificates and keys live here. */
  readonly stateDir: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Log;
  readonly profile?: Partial<HostProfile>;
  /** What the fault `restart` does. Without it the connection is dropped. */
  readonly restart?: () => void;
}

export interface AcquirerStatus {
  readonly port: number;
  readonly present: boolean;
  readonly connections: number;
  /** Every answer is held back for so long. */
  readonly slowMs: number;
  readonly nextFault: FaultName | undefined;
  /** How many messages it will strike, and which. */
  readonly faultTimes?: number;
  readonly faultOn?: FaultTarget;
  readonly payments: number;
  readonly reversals: number;
  /** Frames that were no messages, or had a wrong MAC. */
  readonly garbage: number;
  readonly damagedLines: number;
}

/** One terminal's books: each payment's final position, and what the next 0500 should say. */
export interface TerminalBooks {
  readonly terminal: string;
  readonly payments: readonly Position[];
  readonly totals: Totals;
}

export interface Acquirer {
  readonly port: number;
  readonly certificates: CertificatePaths;
  readonly keys: KeyPaths;
  status(): AcquirerStatus;
  slow(ms: number): void;
  /** The next `times` messages go wrong in this way; payments unless `on` says which. */
  goWrong(name: FaultName, times: number, lateMs: number, on?: FaultTarget): void;
  absent(): Promise<void>;
  present(): Promise<void>;
  /** Present, fast and without faults. */
  normal(): Promise<void>;
  last(count: number): readonly Booked[];
  /** Of one terminal, or of every one that paid. */
  books(terminal?: string): readonly TerminalBooks[];
  close(): Promise<void>;
}

/** The state that a person sets by the control socket. */
interface Mood {
  readonly plan: FaultPlan;
  slowMs: number;
  lateMs: number;
  garbage: number;
  present: boolean;
}

/** An acquirer and issuer in one: TLS in front, a ledger behind. */
export const createAcquirer = async (options: AcquirerOptions): Promise<Acquirer> => {
  const { stateDir, log, framing, dialect = 'iso8583-1987-ascii' } = options;
  const certificates = await ensureCertificates(join(stateDir, 'certificates'), Date.now());
  const { paths: keys, macKey } = await ensureKeys(join(stateDir, 'keys'));
  const rules = await loadRules(options.rulesPath ?? shippedRules);
  const ledger = await openLedger(stateDir);
  const profile = { ...hostDefaults, ...options.profile };
  const host = createHost({
    ledger,
    rules,
    verify: verifyCryptogram,
    log,
    wallMs: Date.now,
    profile,
  });
  const speech = createSpeech({
    dialect,
    wallMs: Date.now,
    ...(framing === undefined ? {} : { framing }),
    ...(options.mac === true ? { macKey } : {}),
  });
  const mood: Mood = {
    plan: createFaultPlan(),
    slowMs: 0,
    lateMs: LATE_MS,
    garbage: 0,
    present: true,
  };
  const closing = new AbortController();
  const message = receiver({ host, speech, mood, options, signal: closing.signal });
  const { split } = speech;
  const listener = await listen({ port: options.port, certificates, log, split, message });
  return {
    port: listener.port,
    certificates,
    keys,
    status: () => ({
      ...statusOf(listener, mood),
      ...ledger.counts(),
      damagedLines: ledger.damagedLines,
    }),
    ...commandsOf(listener, mood),
    last: (count) => ledger.last(count),
    books: (terminal) =>
      (terminal === undefined ? ledger.terminals() : [terminal]).map((id) => ({
        terminal: id,
        payments: ledger.positions(Date.now(), id),
        totals: ledger.totals(id),
      })),
    close: async () => {
      closing.abort();
      await listener.absent();
      // A request that is being answered still gets its line.
      await host({ mti: '0000', fields: new Map() });
      await ledger.close();
    },
  };
};

const LATE_MS = 20_000;

type Commands = Pick<Acquirer, 'slow' | 'goWrong' | 'absent' | 'present' | 'normal'>;

const commandsOf = (listener: Listener, mood: Mood): Commands => {
  const setPresent = (present: boolean) => {
    mood.present = present;
    return present ? listener.present() : listener.absent();
  };
  return {
    slow: (ms) => {
      mood.slowMs = ms;
    },
    goWrong: (name, times, lateMs, on = 'payment') => {
      mood.lateMs = lateMs;
      mood.plan.order({ name, times, on });
    },
    absent: () => setPresent(false),
    present: () => setPresent(true),
    normal: () => {
      mood.slowMs = 0;
      mood.plan.order(undefined);
      return setPresent(true);
    },
  };
};

const statusOf = (listener: Listener, mood: Mood) => {
  const next = mood.plan.next();
  return {
    port: listener.port,
    present: mood.present,
    connections: listener.connections(),
    slowMs: mood.slowMs,
    nextFault: next?.name,
    ...(next === undefined ? {} : { faultTimes: next.times, faultOn: next.on }),
    garbage: mood.garbage,
  };
};

interface Receiving {
  readonly host: Host;
  readonly speech: Speech;
  readonly mood: Mood;
  readonly options: AcquirerOptions;
  readonly signal: AbortSignal;
}

const receiver = (parts: Receiving) => {
  const { host, speech, mood, signal } = parts;
  const { log } = parts.options;
  return (bytes: Uint8Array, socket: TLSSocket): void => {
    const request = speech.read(bytes);
    if (isMalformed(request)) {
      mood.garbage += 1;
      log.warn({ problem: describeMalformed(request) }, 'not a message: ignored');
      return;
    }
    const turn = respond(
      request,
      host,
      mood.plan.take(request),
      wireOf(socket, parts),
      mood.slowMs,
    );
    turn.catch((error: unknown) => {
      if (!signal.aborted) log.error({ detail: String(error) }, 'a request was not answered');
    });
  };
};

const wireOf = (socket: TLSSocket, { speech, mood, options, signal }: Receiving): Wire => {
  const raw = (bytes: Uint8Array) => {
    if (socket.writable) socket.write(bytes);
  };
  // What was written before still goes out.
  const drop = () => socket.destroySoon();
  return {
    encoded: speech.encoded,
    framed: speech.framed,
    raw,
    send: (message) => raw(speech.framed(speech.encoded(message))),
    drop,
    restart: options.restart ?? drop,
    pause: (ms) => pause(ms, undefined, { signal }),
    lateMs: mood.lateMs,
  };
};
