import { mkdirSync } from 'node:fs';
import type { PeripheralConfig } from '#config/peripherals-config.ts';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { call } from '#drivers/control/index.ts';
import { machineDisk } from '#drivers/disk/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { PeripheralFirmware } from '#ports/peripheral-firmware.ts';
import type { Offer, TrustedSource } from '#ports/trusted-source.ts';
import {
  type FirmwareParts,
  type FirmwareResult,
  unfinishedFirmware,
  updateFirmware,
} from '#upkeep/firmware/index.ts';
import { commandAudit } from '../command-audit.ts';
import { type ExitCode, exit, fail, failAs, say } from '../exit.ts';
import { type Configuration, loadConfiguration } from '../load-configuration.ts';
import { machinePerson } from '../machine-person.ts';
import { configurationFor } from '../noted-configuration.ts';
import { realPath } from '../opening/machine-devices.ts';
import type { Places } from '../places.ts';
import type { SignInOptions } from '../sign-in.ts';
import { clock } from '../world.ts';
import { firmwareAudit, firmwareWords } from './firmware-text.ts';
import { openPeripherals, placeOf, takeOutOf } from './open-peripherals.ts';
import { mayOrder } from './sign-in.ts';

export interface ListOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export interface LoadOptions extends ListOptions, SignInOptions {
  readonly from?: string;
  readonly again?: boolean;
}

/** Opens a source; undefined where none is configured or said. */
export type OpenSource = (
  configuration: Configuration,
  places: Places,
  from: string | undefined,
) => Promise<TrustedSource | undefined>;

/** `countertap firmware list`: 0 all say what they run, 3 one doesn't. */
export const list = async (places: Places, options: ListOptions): Promise<ExitCode> => {
  const named = await namedIn(places, options);
  if ('problem' in named) return failAs(options.json, named.problem);
  const { configs, peripherals, configuration } = named;
  const unfinished = await unfinishedFirmware({ disk: machineDisk, notes: places.firmware });
  const isRunning = await terminalRuns(places);
  const rows: Row[] = [];
  for (const [index, peripheral] of peripherals.entries()) {
    const config = configs[index];
    if (config === undefined) continue;
    const version = await peripheral.version(AbortSignal.timeout(ANSWER_MS));
    const isHeld = isRunning && isInUse(config, configuration);
    rows.push({
      ...{ name: config.name, kind: config.kind, place: placeOf(config) },
      ...(isFault(version) ? { problem: isHeld ? HELD : version.detail } : { version }),
      unfinished: !isFault(unfinished) && unfinished.includes(config.name),
    });
  }
  if (options.json) say(JSON.stringify(rows));
  else if (rows.length === 0) say('no peripheral is named in terminal.json: "upkeep.peripherals"');
  else for (const row of rows) say(rowWords(row));
  return rows.some(({ problem }) => problem !== undefined) ? exit.error : exit.ok;
};

/** `countertap firmware load`: 0 all run what is offered, 1 refused, 3 error. */
export const load = async (
  places: Places,
  name: string | undefined,
  options: LoadOptions,
  openSource: OpenSource = signedSource,
): Promise<ExitCode> => {
  const named = await namedIn(places, options);
  if ('problem' in named) return failAs(options.json, named.problem);
  const { configs, configuration } = named;
  const wanted = configs.filter((one) => name === undefined || one.name === name);
  if (wanted.length === 0) return failAs(options.json, nobody(name, configs));
  if (await terminalRuns(places)) return failAs(options.json, inTheWay(wanted, configuration));
  mkdirSync(places.state, { recursive: true, mode: 0o700 });
  const names = wanted.map((one) => one.name).join(' and ');
  const says = `load the firmware of ${names} from ${options.from ?? 'the repository'}`;
  const who = await mayOrder(places, options, { action: 'load firmware', says });
  if ('exit' in who) return who.exit;
  const source = await openSource(configuration, places, options.from);
  if (source === undefined) return failAs(options.json, NO_SOURCE);
  const ending = new AbortController();
  // A device is left in its bootloader, and told so, rather than in the middle of a block.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => ending.abort());
  }
  try {
    const offer = await source.look(ending.signal);
    if ('untrusted' in offer) {
      failAs(options.json, `${offer.untrusted}: ${offer.detail}`);
      return exit.declined;
    }
    const peripherals = named.peripherals.filter((one) => wanted.some((w) => w.name === one.name));
    const takeOut = takeOutOf(configs);
    const work = { source, peripherals, takeOut, options, signal: ending.signal };
    return report(await loadAll(places, offer, work), options);
  } finally {
    await source.close();
  }
};

// tuf-js is large, and `list` needs none of it.
const signedSource: OpenSource = async (configuration, places, from) => {
  const { openFirmwareSource } = await import('./firmware-source.ts');
  return openFirmwareSource(configuration, places, from);
};

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly place: string;
  readonly version?: string;
  readonly problem?: string;
  /** A transfer to it began and never came to its end. */
  readonly unfinished: boolean;
}

interface Named {
  readonly configuration: Configuration;
  readonly configs: readonly PeripheralConfig[];
  readonly peripherals: readonly PeripheralFirmware[];
}

const namedIn = async (
  places: Places,
  { config }: ListOptions,
): Promise<Named | { readonly problem: string }> => {
  const which = configurationFor(places, config);
  if ('problem' in which) return which;
  const configuration = loadConfiguration(which.name);
  if (isConfigProblem(configuration)) return { problem: describeConfigProblem(configuration) };
  const configs = configuration.terminal.upkeep.peripherals;
  return { configuration, configs, peripherals: await openPeripherals(configs) };
};

interface Work {
  readonly source: TrustedSource;
  readonly peripherals: readonly PeripheralFirmware[];
  readonly takeOut: FirmwareParts['takeOut'];
  readonly options: LoadOptions;
  readonly signal: AbortSignal;
}

const loadAll = (
  places: Places,
  offer: Offer,
  { source, peripherals, takeOut, options, signal }: Work,
): Promise<readonly FirmwareResult[]> => {
  const audit = commandAudit(places);
  const parts = {
    ...{ peripherals, source, disk: machineDisk, notes: places.firmware, log: quiet },
    monotonicMs: clock.monotonicMs,
    // One that was started meanwhile may be taking a payment.
    mayBegin: async () => ((await terminalRuns(places)) ? STARTED : undefined),
    takeOut,
    record: (result: FirmwareResult) =>
      audit(
        firmwareAudit(result, { ...machinePerson(), from: 'command line', atMs: clock.wallMs() }),
      ),
    evenIf: options.again ? ('same' as const) : ('failed' as const),
    ...(options.json ? {} : { progress: inSteps() }),
  };
  return updateFirmware(offer, parts, signal);
};

// Some twenty lines for a transfer, however many blocks it has.
const inSteps = () => {
  let last = '';
  return (peripheral: string, bytes: number, of: number): void => {
    const line = `${peripheral} ${Math.floor((bytes / of) * 20) * 5} %`;
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
  };
};

const report = (results: readonly FirmwareResult[], { json }: LoadOptions): ExitCode => {
  if (json) say(JSON.stringify(results));
  for (const result of results) {
    if (WELL.has(result.outcome)) {
      if (!json) say(firmwareWords(result));
    } else fail(firmwareWords(result));
  }
  if (results.some(({ outcome }) => outcome === 'failed' || outcome === 'waits')) return exit.error;
  return results.some(({ outcome }) => outcome === 'untrusted') ? exit.declined : exit.ok;
};

const WELL: ReadonlySet<FirmwareResult['outcome']> = new Set([
  ...(['loaded', 'same', 'notOffered'] as const),
]);

const ANSWER_MS = 10_000;

const terminalRuns = async ({ controlSocket }: Places): Promise<boolean> => {
  const answer = await call(controlSocket, { op: 'status' });
  return !isFault(answer) || answer.fault !== 'serviceDown';
};

const isInUse = (config: PeripheralConfig, { terminal }: Configuration): boolean => {
  const { scanners, printers, lineDisplays } = terminal.devices;
  if (config.kind === 'hid') return scanners.some(({ kind }) => kind === 'hid');
  const places = [...scanners, ...printers, ...lineDisplays].map((one) =>
    'path' in one ? realPath(one.path) : '',
  );
  return places.includes(realPath(config.path));
};

const HELD = 'the terminal that runs here has it open: stop the terminal to ask it';

const STOP = 'Stop it (systemctl stop countertap), load, and start it again';
const STARTED = `a terminal was started meanwhile, and may take a payment. ${STOP}`;

const inTheWay = (wanted: readonly PeripheralConfig[], configuration: Configuration): string => {
  const held = wanted.filter((one) => isInUse(one, configuration)).map(({ name }) => name);
  const why =
    held.length > 0 ? `has ${held.join(' and ')} open` : 'could begin a payment at any time';
  return `the terminal that runs here ${why}. ${STOP}`;
};

const NO_SOURCE =
  'the configuration has no upkeep.repository: say where the firmware lies with --from';

const nobody = (name: string | undefined, configs: readonly PeripheralConfig[]): string => {
  if (configs.length === 0) return 'no peripheral is named in terminal.json: "upkeep.peripherals"';
  return `there is no ${name}: ${configs.map((one) => one.name).join(', ')}`;
};

const rowWords = ({ name, kind, place, version, problem, unfinished }: Row): string =>
  [
    `${name.padEnd(16)}${version ?? `NOT KNOWN  ${problem}`}`,
    `                ${kind}  ${place}`,
    ...(unfinished ? [`                a transfer was broken off: ${AGAIN} ${name}`] : []),
  ].join('\n');

const AGAIN = 'countertap firmware load';

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
