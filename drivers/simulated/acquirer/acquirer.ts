import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { type DialectName, decode, dialects, encode, frame, type Message } from '#iso8583/index.ts';
import type { Log } from '#ports/log.ts';
import { verifyCryptogram } from '../issuer/index.ts';
import { type CertificatePaths, ensureCertificates } from './certificates.ts';
import { type FaultName, faults, type HostFault, type Wire } from './faults.ts';
import { createHost, type Host } from './host.ts';
import { type Booked, openLedger } from './ledger.ts';
import { type Listener, listen } from './listener.ts';
import { loadRules, shippedRules } from './rules.ts';

export interface AcquirerOptions {
  /** Ledger, certificates and keys live here. */
  readonly stateDir: string;
  /** 0: any free port. */
  readonly port: number;
  readonly log: Log;
  readonly dialect?: DialectName;
  /** A file of rules in the place of the shipped one. */
  readonly rulesPath?: string;
}

export interface AcquirerStatus {
  readonly port: number;
  readonly present: boolean;
  readonly connections: number;
  /** Every answer is held back for so long. */
  readonly slowMs: number;
  readonly nextFault: FaultName | undefined;
  readonly payments: number;
  readonly reversals: number;
  /** Frames that were no messages. */
  readonly garbage: number;
  readonly damagedLines: number;
}

export interface Acquirer {
  readonly port: number;
  readonly certificates: CertificatePaths;
  status(): AcquirerStatus;
  slow(ms: number): void;
  /** The next `times` authorisations go wrong in this way. */
  goWrong(name: FaultName, times: number, lateMs: number): void;
  absent(): Promise<void>;
  present(): Promise<void>;
  /** Present, fast and without faults. */
  normal(): Promise<void>;
  last(count: number): readonly Booked[];
  close(): Promise<void>;
}

/** The state that a person sets by the control socket. */
interface Mood {
  slowMs: number;
  fault: FaultName | undefined;
  faultTimes: number;
  lateMs: number;
  garbage: number;
  present: boolean;
}

/** An acquirer and issuer in one: TLS in front, a ledger behind. */
export const createAcquirer = async (options: AcquirerOptions): Promise<Acquirer> => {
  const { stateDir, log } = options;
  const certificates = await ensureCertificates(join(stateDir, 'certificates'), Date.now());
  const rules = await loadRules(options.rulesPath ?? shippedRules);
  const ledger = await openLedger(stateDir);
  const host = createHost({ ledger, rules, verify: verifyCryptogram, log, wallMs: Date.now });
  const mood: Mood = {
    slowMs: 0,
    fault: undefined,
    faultTimes: 0,
    lateMs: 20_000,
    garbage: 0,
    present: true,
  };
  const closing = new AbortController();
  const message = receiver(host, mood, options, closing.signal);
  const listener = await listen({ port: options.port, certificates, log, message });
  const setPresent = (present: boolean) => {
    mood.present = present;
    return present ? listener.present() : listener.absent();
  };
  return {
    port: listener.port,
    certificates,
    status: () => ({
      ...statusOf(listener, mood),
      ...ledger.counts(),
      damagedLines: ledger.damagedLines,
    }),
    slow: (ms) => {
      mood.slowMs = ms;
    },
    goWrong: (fault, faultTimes, lateMs) => {
      Object.assign(mood, { fault, faultTimes, lateMs });
    },
    absent: () => setPresent(false),
    present: () => setPresent(true),
    normal: () => {
      Object.assign(mood, { slowMs: 0, fault: undefined, faultTimes: 0 });
      return setPresent(true);
    },
    last: (count) => ledger.last(count),
    close: async () => {
      closing.abort();
      await listener.absent();
      // A request that is being answered still gets its line.
      await host({ mti: '0000', fields: new Map() });
      await ledger.close();
    },
  };
};

const statusOf = (listener: Listener, mood: Mood) => ({
  port: listener.port,
  present: mood.present,
  connections: listener.connections(),
  slowMs: mood.slowMs,
  nextFault: mood.fault,
  garbage: mood.garbage,
});

const receiver =
  (
    host: Host,
    mood: Mood,
    { dialect = 'iso8583-1987-ascii', log }: AcquirerOptions,
    signal: AbortSignal,
  ) =>
  (bytes: Uint8Array, socket: TLSSocket): void => {
    const request = decode(bytes, dialects[dialect]);
    if (isMalformed(request)) {
      mood.garbage += 1;
      log.warn({ problem: describeMalformed(request) }, 'not a message: ignored');
      return;
    }
    const wire = wireOf(socket, dialect, mood, signal);
    const turn = respond(request, host, takeFault(request, mood), wire, mood.slowMs);
    turn.catch((error: unknown) => {
      if (!signal.aborted) log.error({ detail: String(error) }, 'a request was not answered');
    });
  };

// Only authorisations go wrong on command: a reversal is what a test waits for.
const takeFault = (request: Message, mood: Mood): HostFault | undefined => {
  if (mood.fault === undefined || !request.mti.startsWith('01')) return undefined;
  const fault = faults[mood.fault];
  mood.faultTimes -= 1;
  if (mood.faultTimes <= 0) mood.fault = undefined;
  return fault;
};

const respond = async (
  request: Message,
  host: Host,
  fault: HostFault | undefined,
  wire: Wire,
  slowMs: number,
): Promise<void> => {
  if (fault?.recorded === false) return fault.deliver(request, wire);
  const answer = await host(request);
  if (answer === undefined) return;
  if (slowMs > 0) await wire.pause(slowMs);
  if (fault === undefined) wire.send(answer);
  else await fault.deliver(answer, wire);
};

const wireOf = (socket: TLSSocket, dialect: DialectName, mood: Mood, signal: AbortSignal): Wire => {
  const framed = (message: Message): Uint8Array => {
    const bytes = encode(message, dialects[dialect]);
    const whole = isMalformed(bytes) ? bytes : frame(bytes);
    // Our own answer that can't be coded is a bug of ours.
    if (isMalformed(whole)) throw new Error(describeMalformed(whole));
    return whole;
  };
  const raw = (bytes: Uint8Array) => {
    if (socket.writable) socket.write(bytes);
  };
  return {
    framed,
    raw,
    send: (message) => raw(framed(message)),
    // What was written before still goes out.
    drop: () => socket.destroySoon(),
    pause: (ms) => pause(ms, undefined, { signal }),
    lateMs: mood.lateMs,
  };
};
