import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { machineDisk } from '#drivers/disk/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type FirmwareParts, type FirmwareResult, updateFirmware } from '#upkeep/firmware/index.ts';
import { type ExitCode, exit, say } from '../exit.ts';
import { loadConfiguration } from '../load-configuration.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';
import { openFirmwareSource } from './firmware-source.ts';
import { openPeripherals } from './open-peripherals.ts';

/** What a worker asks of the terminal that it works for; each question has a number of its own. */
export type Question =
  | { readonly what: 'mayBegin' }
  | { readonly what: 'takeOut' | 'giveBack'; readonly peripheral: string }
  | { readonly what: 'record'; readonly result: FirmwareResult };

/** Lines of a worker's standard output. */
export type WorkerLine =
  | { readonly ask: number; readonly question: Question }
  | { readonly results: readonly FirmwareResult[] }
  | { readonly problem: string };

export interface WorkerOptions {
  /** The configuration's folder. */
  readonly config: string;
  readonly from?: string | undefined;
}

/** A line of its standard input: null stands for undefined. */
export interface AnswerLine {
  readonly answer: number;
  readonly value: unknown;
}

/**
 * `countertap firmware-worker`: looks, fetches and loads for a terminal that runs, in a process of
 * its own. The terminal says when a device may be touched, lets go of it, and keeps the record;
 * when it is gone, so that standard input ends, a transfer is ended between two blocks.
 */
export const firmwareWorker = async (
  places: Places,
  { config, from }: WorkerOptions,
): Promise<ExitCode> => {
  const ending = new AbortController();
  process.once('SIGTERM', () => ending.abort());
  const last = await work(places, { config, from }, terminalBehind(ending), ending.signal);
  say(JSON.stringify(last));
  return 'problem' in last ? exit.error : exit.ok;
};

type Ask = (question: Question) => Promise<unknown>;

const terminalBehind = (ending: AbortController): Ask => {
  const waiting = new Map<number, (value: unknown) => void>();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const { answer, value } = JSON.parse(line) as AnswerLine;
    waiting.get(answer)?.(value ?? undefined);
    waiting.delete(answer);
  });
  lines.once('close', () => {
    ending.abort();
    for (const resolve of waiting.values()) resolve(GONE);
  });
  let count = 0;
  return (question) => {
    const ask = count++;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waiting.set(ask, resolve);
    say(JSON.stringify({ ask, question } satisfies WorkerLine));
    return ending.signal.aborted ? Promise.resolve(GONE) : promise;
  };
};

const GONE: Fault = { fault: 'aborted', detail: 'the terminal has ended' };

const work = async (
  places: Places,
  { config, from }: WorkerOptions,
  ask: Ask,
  signal: AbortSignal,
): Promise<Exclude<WorkerLine, { ask: number }>> => {
  const configuration = loadConfiguration(config);
  if (isConfigProblem(configuration)) return { problem: describeConfigProblem(configuration) };
  mkdirSync(places.state, { recursive: true, mode: 0o700 });
  const source = await openFirmwareSource(configuration, places, from);
  if (source === undefined) return { problem: 'the configuration has no upkeep.repository' };
  try {
    const offer = await source.look(signal);
    if ('untrusted' in offer) return { problem: `${offer.untrusted}: ${offer.detail}` };
    const peripherals = await openPeripherals(configuration.terminal.upkeep.peripherals);
    const parts = { peripherals, source, notes: places.firmware, ...hooksOf(ask) };
    return { results: await updateFirmware(offer, parts, signal) };
  } finally {
    await source.close();
  }
};

const hooksOf = (ask: Ask): Omit<FirmwareParts, 'peripherals' | 'source' | 'notes'> => ({
  disk: machineDisk,
  log: quiet,
  monotonicMs: clock.monotonicMs,
  mayBegin: async () => {
    const why = await ask({ what: 'mayBegin' });
    return isFault(why) ? why.detail : (why as string | undefined);
  },
  takeOut: async (peripheral) => {
    const kept = await ask({ what: 'takeOut', peripheral });
    if (isFault(kept)) return kept;
    return async () => void (await ask({ what: 'giveBack', peripheral }));
  },
  record: async (result) => (await ask({ what: 'record', result })) as Fault | undefined,
});

/** The terminal logs what it is asked and told. */
const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
