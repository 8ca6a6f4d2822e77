import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { type CheckName, type Diagnosis, examine, finding, type Probes } from '#doctor/index.ts';
import { listKeys } from '#drivers/keystore/index.ts';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import { listPayments, lookAtJournal } from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Finding, Probe } from '#ports/finding.ts';
import type { Log } from '#ports/log.ts';
import { sealerOf } from '../keys.ts';
import { configuredDevices } from '../list-devices.ts';
import { type Configuration, loadConfiguration } from '../load-configuration.ts';
import { configurationFor } from '../noted-configuration.ts';
import { openDecisions } from '../opening/open-decisions.ts';
import { tryCard } from '../opening/reader-trials.ts';
import type { Places } from '../places.ts';
import { attachedProbes } from '../probes/attached.ts';
import { cardPathProbe, type ReaderToLookAt, readerProbe } from '../probes/card-path.ts';
import { certificateProbes } from '../probes/certificates.ts';
import { firmwareProbe } from '../probes/firmware.ts';
import { displayPlaceProbe, hostHereProbe, journalFileProbe } from '../probes/here.ts';
import { keysProbe } from '../probes/keys.ts';
import { clockProbe, diskProbe, memoryProbe, nodeProbe, pcscdProbe } from '../probes/machine.ts';
import { nfcProbe } from '../probes/nfc.ts';
import { slotsProbe } from '../probes/slots.ts';
import { clock } from '../world.ts';

export interface HereOptions {
  readonly only?: readonly CheckName[] | undefined;
  /** A configuration set, where no terminal ran. */
  readonly config?: string | undefined;
  /** What came of asking a terminal. */
  readonly terminal: Finding;
}

/** Looks at everything from outside, where no terminal runs. Nothing is changed. */
export const examineHere = async (places: Places, options: HereOptions): Promise<Diagnosis> => {
  const configuration = configurationHere(places, options.config);
  const usable = 'problem' in configuration ? undefined : configuration;
  const opened: { close(): Promise<void> }[] = [];
  try {
    return await examine({
      ...{ by: 'here', wallMs: clock.wallMs, only: options.only },
      probes: {
        ...ofTheMachine(places),
        ...(usable && ofTheConfiguration(usable, places, opened)),
        terminal: async () =>
          'problem' in configuration
            ? finding('terminal', 'unconfigured', { why: configuration.problem })
            : options.terminal,
      },
    });
  } finally {
    for (const one of opened) await one.close();
  }
};

/** The configuration of the terminal that last ran here, or why it can't be used. */
export const configurationHere = (
  places: Places,
  asked: string | undefined,
): Configuration | { readonly problem: string } => {
  const which = configurationFor(places, asked);
  // Whoever names one means it, though another ran.
  const named = asked ?? process.env['COUNTERTAP_CONFIG'];
  const name = 'problem' in which ? named : which.name;
  if (name === undefined) return { problem: 'problem' in which ? which.problem : '' };
  const configuration = loadConfiguration(name);
  return isConfigProblem(configuration)
    ? { problem: describeConfigProblem(configuration) }
    : configuration;
};

const ofTheMachine = (places: Places): Probes => ({
  update: slotsProbe(),
  node: nodeProbe,
  memory: memoryProbe(undefined),
  disk: diskProbe(places.state),
  clock: clockProbe({
    wallMs: clock.wallMs,
    lastPaymentMs: async () => {
      const latest = listPayments(places.journal, 1);
      return isFault(latest) ? undefined : latest[0]?.startedMs;
    },
  }),
  journal: journalFileProbe(places),
  nfc: async () => finding('nfc', 'notHere'),
  firmware: async () => finding('firmware', 'notHere'),
  keys: keysProbe({ ...keysIn(places, undefined), macWanted: false }),
});

const ofTheConfiguration = (
  configuration: Configuration,
  places: Places,
  opened: { close(): Promise<void> }[],
): Probes => {
  const { terminal: config } = configuration;
  const inProcess = config.reader.kind === 'in-process';
  const { connection } = config.host;
  return {
    ...certificateProbes(configuration, places, clock.wallMs),
    ...attachedProbes(config.devices, () => configuredDevices(config.devices)),
    ...(inProcess ? IN_PROCESS : readerProbes(config.reader.name, opened)),
    firmware: firmwareProbe(config.upkeep.peripherals, places, () => false),
    display: displayPlaceProbe(config.display),
    host: hostHereProbe(configuration, places),
    keys: keysProbe({
      ...keysIn(places, config.securityModule),
      macWanted: connection.kind === 'tls' && connection.mac,
      tamperSignal: config.tamperSignal,
    }),
    nfc: nfcProbe(
      () => openDecisions(configuration, lookAtJournal(places.journal), quiet),
      config.acceptance.lane,
    ),
  };
};

const IN_PROCESS: Probes = {
  pcscd: async () => finding('pcscd', 'notUsed'),
  reader: async () => finding('reader', 'well', { name: 'The reader in the process itself' }),
  cardPath: async () => finding('cardPath', 'noCard'),
};

/** A service that starts when it is asked, and a reader that wakes up. */
const PATIENCE_MS = 4000;

// One reader for both: it is opened with the first that looks.
const readerProbes = (name: string | undefined, opened: { close(): Promise<void> }[]): Probes => {
  let watched: ReaderToLookAt | undefined;
  const open = (): ReaderToLookAt => {
    if (watched !== undefined) return watched;
    const reader = openPcscReader({ log: quiet, ...(name ? { readerName: name } : {}) });
    opened.push(reader);
    watched = {
      state$: reader.state$,
      trial: (command, signal) => tryCard(reader, command, signal),
      hindrance: () => undefined,
    };
    return watched;
  };
  const later =
    (probe: (reader: ReaderToLookAt, patienceMs: number) => Probe): Probe =>
    (signal) =>
      probe(open(), PATIENCE_MS)(signal);
  return { pcscd: pcscdProbe(), reader: later(readerProbe), cardPath: later(cardPathProbe) };
};

const keysIn = (places: Places, module: Configuration['terminal']['securityModule']) => {
  const options =
    module === undefined
      ? {}
      : { moduleLibrary: module.library, moduleToken: module.token, modulePin: module.pinFile };
  const look = async () => {
    const sealer = sealerOf(options, quiet);
    if (isFault(sealer)) return sealer;
    const keys = await listKeys({ folder: places.keys, ...(sealer ? { sealer } : {}) });
    await sealer?.close();
    return keys;
  };
  let looked: ReturnType<typeof look> | undefined;
  const once = () => {
    looked ??= look();
    return looked;
  };
  return {
    list: async () => {
      const keys = await once();
      return isFault(keys) ? [] : keys;
    },
    refusal: async () => {
      const keys = await once();
      if (isFault(keys)) return keys.detail;
      const account = keys.some(({ name }) => name === 'account');
      return account ? undefined : 'the account key is not loaded';
    },
    erased: () => false,
    atWork: false,
  };
};

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
