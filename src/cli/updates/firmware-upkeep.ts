import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { machineDisk } from '#drivers/disk/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Audit } from '#staff/index.ts';
import { type FirmwareResult, type GiveBack, unfinishedFirmware } from '#upkeep/firmware/index.ts';
import type { FirmwareWork } from '#upkeep/index.ts';
import type { Configuration } from '../load-configuration.ts';
import { INSTALLATION, type Places } from '../places.ts';
import { clock } from '../world.ts';
import { firmwareAudit } from './firmware-text.ts';
import type { AnswerLine, Question, WorkerLine } from './firmware-worker.ts';
import { takeOutOf } from './open-peripherals.ts';

export interface FirmwareSurroundings {
  /** No payment, no question, no result that somebody still reads. */
  readonly quiet: () => boolean;
  readonly audit: Audit;
  readonly log: Log;
}

/**
 * Firmware of a running terminal's peripherals, in a process of its own. To be loaded only where a
 * configuration names peripherals.
 */
export const firmwareUpkeep = (
  { terminal, folder }: Pick<Configuration, 'terminal' | 'folder'>,
  places: Places,
  surroundings: FirmwareSurroundings,
): FirmwareWork => {
  const takeOut = takeOutOf(terminal.upkeep.peripherals);
  return {
    run: (signal, from) =>
      runWorker({ folder, state: places.state, surroundings, takeOut, from }, signal),
    isUnfinished: async () => {
      const names = await unfinishedFirmware({ disk: machineDisk, notes: places.firmware });
      return !isFault(names) && names.length > 0;
    },
  };
};

interface Run {
  readonly folder: string;
  readonly state: string;
  readonly surroundings: FirmwareSurroundings;
  readonly takeOut: (name: string) => Promise<GiveBack>;
  readonly from: string | undefined;
}

const runWorker = async (
  run: Run,
  signal: AbortSignal,
): Promise<readonly FirmwareResult[] | Fault> => {
  const main = join(INSTALLATION, 'src', 'cli', 'main.ts');
  const words = [process.execPath, ...process.execArgv, main, '--state', run.state];
  const source = run.from === undefined ? [] : ['--from', run.from];
  const command = ['-n', '19', ...words, 'firmware-worker', '--config', run.folder, ...source];
  const child = spawn('nice', command, { stdio: ['pipe', 'pipe', 'ignore'] });
  // It ends a transfer properly when its input does.
  const end = () => child.stdin.end();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  child.stdin.on('error', () => {});
  const out = new Map<string, GiveBack>();
  let last: readonly FirmwareResult[] | Fault = fault('device', 'the firmware worker said nothing');
  const handle = async (text: string): Promise<void> => {
    const line = JSON.parse(text) as WorkerLine;
    if ('results' in line) last = line.results;
    else if ('problem' in line) last = fault('device', line.problem);
    else {
      const value = await answerTo(line.question, run, out);
      const answer: AnswerLine = { answer: line.ask, value: value ?? null };
      if (!child.stdin.writableEnded) child.stdin.write(`${JSON.stringify(answer)}\n`);
    }
  };
  // One after the other, and none of them ends the terminal.
  let handled: Promise<void> = Promise.resolve();
  createInterface({ input: child.stdout }).on('line', (text) => {
    handled = handled
      .then(() => handle(text))
      .catch((error: unknown) => {
        last = fault('device', `the firmware worker: ${String(error)}`);
        end();
      });
  });
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  child.once('error', ({ message }) => {
    last = fault('device', message);
    resolve();
  });
  child.once('close', () => resolve());
  await closed;
  await handled;
  signal.removeEventListener('abort', end);
  // Whatever became of it: nobody stays without a scanner for it.
  for (const giveBack of out.values()) await giveBack();
  return last;
};

const answerTo = async (
  question: Question,
  { surroundings: { quiet, audit, log }, takeOut }: Run,
  out: Map<string, GiveBack>,
): Promise<unknown> => {
  switch (question.what) {
    case 'mayBegin':
      return quiet() ? undefined : 'a payment is under way';
    case 'takeOut':
      log.warn({ peripheral: question.peripheral }, 'out of use for its firmware');
      out.set(question.peripheral, await takeOut(question.peripheral));
      return undefined;
    case 'giveBack':
      await out.get(question.peripheral)?.();
      out.delete(question.peripheral);
      return undefined;
    case 'record': {
      const { result } = question;
      const isWell = result.outcome === 'begun' || result.outcome === 'loaded';
      log[isWell ? 'info' : 'error']({ ...result }, `firmware: ${result.outcome}`);
      return audit(firmwareAudit(result, { ...ITSELF, atMs: clock.wallMs() }));
    }
  }
};

const ITSELF = { person: 'countertap', role: 'machine', from: 'terminal' } as const;
