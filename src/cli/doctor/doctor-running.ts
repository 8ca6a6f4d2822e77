import { firstValueFrom } from 'rxjs';
import type { DecisionBook } from '#decisions/index.ts';
import {
  type CheckName,
  type Diagnosis,
  examine,
  finding,
  standingFinding,
} from '#doctor/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Finding, Probe } from '#ports/finding.ts';
import type { Upkeep } from '#ports/upkeep.ts';
import type { Terminal } from '#terminal/types.ts';
import type { Uplink } from '#uplink/index.ts';
import { journalBytes } from '../journal-bytes.ts';
import type { Configuration } from '../load-configuration.ts';
import type { OpenedDevices } from '../opening/open-devices.ts';
import type { Host } from '../opening/open-host.ts';
import type { OpenedReader } from '../opening/open-reader.ts';
import type { Safe } from '../opening/open-safe.ts';
import type { Places } from '../places.ts';
import { attachedProbes } from '../probes/attached.ts';
import { cardPathProbe, type ReaderToLookAt, readerProbe } from '../probes/card-path.ts';
import { certificateProbes } from '../probes/certificates.ts';
import { firmwareProbe } from '../probes/firmware.ts';
import { keysProbe } from '../probes/keys.ts';
import { clockProbe, diskProbe, memoryProbe, nodeProbe, pcscdProbe } from '../probes/machine.ts';
import { nfcProbe } from '../probes/nfc.ts';
import {
  displayProbe,
  hostProbe,
  journalFinding,
  sharedEcho,
  terminalProbe,
} from '../probes/running.ts';
import { slotsProbe } from '../probes/slots.ts';
import { clock } from '../world.ts';

/** What the doctor of a running terminal looks at, as main has it. */
export interface DoctorSurroundings {
  readonly configuration: Configuration;
  readonly places: Places;
  readonly terminal: Pick<Terminal, 'status' | 'refusedLater'>;
  readonly uplink: Pick<Uplink, 'echo' | 'lastAnswerMs'>;
  readonly host: Pick<Host, 'link' | 'profile'>;
  readonly display: { readonly url: string };
  readonly counter: { readonly devices: Pick<OpenedDevices, 'devices'> };
  readonly safe: Pick<Safe, 'journal' | 'books' | 'keys'>;
  readonly reader: OpenedReader;
  readonly decisions: DecisionBook;
  /** Where updates are kept by this terminal; else the slots are read. */
  readonly upkeep?: Pick<Upkeep, 'standing'>;
}

/** Looks at everything with what the terminal has open: nobody else may touch its devices. */
export const examineRunning = (
  surroundings: DoctorSurroundings,
  only?: readonly CheckName[],
): Promise<Diagnosis> => {
  const { configuration, places, terminal, uplink, host, display } = surroundings;
  const { counter, safe, reader, decisions, upkeep } = surroundings;
  const { terminal: config } = configuration;
  const { wallMs, monotonicMs } = clock;
  const echo = sharedEcho(uplink);
  const watched = readerOf(surroundings);
  return examine({
    ...{ by: 'terminal', wallMs, only },
    probes: {
      ...certificateProbes(configuration, places, wallMs),
      ...attachedProbes(config.devices, counter.devices.devices),
      terminal: terminalProbe,
      update: upkeep ? async () => standingFinding(upkeep.standing(), wallMs()) : slotsProbe(),
      firmware: firmwareProbe(config.upkeep.peripherals, places, () => isLoading(upkeep)),
      node: nodeProbe,
      memory: memoryProbe(() => process.memoryUsage.rss()),
      disk: diskProbe(places.state),
      clock: clockProbe({
        wallMs,
        lastPaymentMs: () => latestPaymentMs(safe),
        hostAheadMs: (signal) => hostAheadMs(surroundings, echo, signal),
      }),
      pcscd: reader.kind === 'pcsc' ? pcscdProbe() : async () => finding('pcscd', 'notUsed'),
      reader: readerProbe(watched, 0),
      cardPath: cardPathProbe(watched, 0),
      display: displayProbe(display.url, terminal),
      host: hostProbe({ link: host.link, echo, uplink, terminal, monotonicMs }),
      journal: journalProbe(surroundings),
      keys: keysProbe({
        list: async () => safe.keys.list(),
        refusal: async () => safe.keys.refusal()?.detail,
        erased: () => safe.keys.erased,
        atWork: true,
        macWanted: host.profile.mac,
        tamperSignal: config.tamperSignal,
      }),
      nfc: nfcProbe(async () => decisions, config.acceptance.lane),
    },
  });
};

const isLoading = (upkeep: DoctorSurroundings['upkeep']): boolean =>
  upkeep?.standing().work === 'firmware';

const readerOf = ({ reader, terminal }: DoctorSurroundings): ReaderToLookAt => ({
  state$: reader.port.state$,
  trial: reader.trial,
  hindrance: () => {
    const { state, acceptance } = terminal.status();
    if (state !== 'idle') return 'paying';
    return acceptance.off === undefined ? undefined : 'off';
  },
  lay: reader.tap && ((signal) => void reader.tap?.(EMULATED, { signal, holdMs: HOLD_MS })),
});

/** Any card of the catalogue answers SELECT PPSE. */
const EMULATED = 'visa-phone';
const HOLD_MS = 2000;

const latestPaymentMs = async ({ journal }: Pick<Safe, 'journal'>): Promise<number | undefined> => {
  const rows = await journal.latestPayments(1);
  return isFault(rows) ? undefined : rows[0]?.startedMs;
};

// No payment waits behind an echo of ours.
const hostAheadMs = async (
  { terminal, host }: DoctorSurroundings,
  echo: ReturnType<typeof sharedEcho>,
  signal: AbortSignal,
): Promise<number | undefined> => {
  const { link } = await firstValueFrom(host.link.state$);
  if (link === 'down' || terminal.status().state !== 'idle') return undefined;
  const echoed = await Promise.race([echo(signal), afterPatience()]);
  return echoed === undefined || isFault(echoed) ? undefined : echoed.aheadMs;
};

const afterPatience = (): Promise<undefined> =>
  new Promise((resolve) => setTimeout(resolve, CLOCK_PATIENCE_MS, undefined).unref());

const CLOCK_PATIENCE_MS = 2500;

const journalProbe =
  ({ safe, places, terminal, configuration }: DoctorSurroundings): Probe =>
  async (signal) => {
    const refusal = safe.journal.refusal();
    if (refusal !== undefined) return finding('journal', 'refuses', { why: refusal.detail });
    const end = await lookAtEnd(safe, signal);
    if (typeof end !== 'number') return end;
    const { openReversals, toForward } = terminal.status();
    const open = await firstValueFrom(safe.books.open$);
    const oldest = Math.min(...open.map(({ startedMs }) => startedMs));
    return journalFinding({
      bytes: await journalBytes(places.journal),
      mostBytes: configuration.terminal.journal.keepMegabytes << 20,
      looked: `its last ${end} entries now, the rest all the time`,
      reversals: openReversals,
      forwards: toForward,
      oldestMs: open.length === 0 ? undefined : clock.wallMs() - oldest,
      refusedLater: (await terminal.refusedLater()) ?? 0,
    });
  };

// The terminal reads its whole chain by itself, over and over; here it is the end that counts.
const lookAtEnd = async (
  { journal }: Pick<Safe, 'journal'>,
  signal: AbortSignal,
): Promise<number | Finding> => {
  const rows = await journal.latestPayments(1);
  if (isFault(rows)) return finding('journal', 'unreadable', { why: rows.detail });
  const [latest] = rows;
  const entries = latest === undefined ? [] : await journal.entriesOf(latest.id);
  if (isFault(entries)) return finding('journal', 'unreadable', { why: entries.detail });
  const last = entries.at(-1)?.sequence ?? 1;
  let looked = 0;
  for (let from: number | undefined = Math.max(1, last - AT_ONCE); from !== undefined; ) {
    const slice: Awaited<ReturnType<typeof journal.inspect>> = await journal.inspect(from, AT_ONCE);
    if (isFault(slice)) return finding('journal', 'unreadable', { why: slice.detail });
    const { state, next } = slice;
    if (state.chain === 'broken') {
      return finding('journal', 'broken', { sequence: state.sequence, problem: state.problem });
    }
    looked += state.entries;
    from = signal.aborted || looked > MOST_ENTRIES ? undefined : next;
    // Others may have their turn: a tap doesn't wait for a doctor.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return looked;
};

const AT_ONCE = 500;
const MOST_ENTRIES = 5000;
