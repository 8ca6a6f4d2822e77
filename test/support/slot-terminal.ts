import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '#drivers/control/index.ts';
import { machineDisk } from '#drivers/disk/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import { install, readState, type State, switchOver } from '#upkeep/index.ts';
import { machineHere } from '../../src/cli/updates/slots-here.ts';
import { launcherIn } from './launcher-file.ts';
import { must } from './release.ts';
import { type Finished, freePort } from './running-terminal.ts';

/** A terminal as it is installed in a shop: the launcher, two slots, a configuration, a state. */
export interface SlotTerminal {
  readonly socket: string;
  /** Installs a first release by hand and starts the launcher. */
  start(bundle: string): Promise<void>;
  /** Starts the launcher, of what is there. */
  launch(): void;
  /** Runs `countertap …` of the release in this slot, as a person would. */
  countertap(slot: 'a' | 'b', ...words: readonly string[]): Promise<Finished>;
  /** What the running one answers; undefined while none does, or it is starting. */
  ask(request: ControlLine, onLine?: (line: ControlLine) => void): Promise<ControlLine | undefined>;
  /** How long its next releases may take to come up. */
  beHealthyWithin(seconds: number): Promise<void>;
  state(): Promise<State>;
  /** Waits for what the state is to become. */
  until(is: (state: State) => boolean): Promise<State>;
  /** What launcher and releases said. */
  said(): string;
  close(): Promise<void>;
}

export const slotTerminal = async (home: string, upkeep: object): Promise<SlotTerminal> => {
  const [root, config, state] = [join(home, 'root'), join(home, 'etc'), join(home, 'state')];
  await mkdir(root, { recursive: true });
  await cp('config/base', config, { recursive: true });
  await configure(join(config, 'terminal.json'), upkeep);
  const launcherFile = launcherIn(root);
  const socket = join(state, 'run', 'countertap.sock');
  let launcher: ChildProcess | undefined;
  let said = '';
  const { COUNTERTAP_ROOT: _, COUNTERTAP_SLOT: __, ...env } = process.env;
  const run = (command: string, words: readonly string[]) =>
    spawn(command, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const current = async () => {
    const found = must(await readState(machineDisk, root));
    if (found === 'absent') throw new Error('no state');
    return found;
  };
  const launch = () => {
    const words = [launcherFile, root, '--state', state, 'run', '--config', config];
    launcher = run(process.execPath, words);
    hear(launcher, (_, text) => {
      said += text;
    });
  };
  return {
    socket,
    launch,
    start: async (bundle) => {
      const site = { disk: machineDisk, root, selfTest: { run: async () => undefined } };
      const how = { machine: machineHere() ?? 'linux-x64', probationMs: 1_000 } as const;
      must(await install({ ...site, ...how }, createReadStream(bundle)));
      must(await switchOver(site));
      launch();
    },
    countertap: async (slot, ...words) => {
      const child = run(join(root, 'slots', slot, 'start'), ['--state', state, ...words]);
      const printed = { stdout: '', stderr: '' };
      hear(child, (name, text) => {
        printed[name] += text;
      });
      const [code] = await once(child, 'close');
      return { code: Number(code), ...printed };
    },
    ask: async (request, onLine) => {
      const answer = await call(socket, request, onLine);
      return isFault(answer) || 'error' in answer ? undefined : answer;
    },
    beHealthyWithin: async (healthyWithinSeconds) => {
      const file = join(config, 'terminal.json');
      const before = JSON.parse(await readFile(file, 'utf8'));
      const changed = { ...before.upkeep, healthyWithinSeconds };
      await writeFile(file, JSON.stringify({ ...before, upkeep: changed }));
    },
    state: current,
    until: async (is) => {
      for (;;) {
        const found = await current();
        if (is(found)) return found;
        await sleep(100);
      }
    },
    said: () => said,
    close: async () => {
      if (launcher === undefined || launcher.exitCode !== null) return;
      const ended = once(launcher, 'exit');
      launcher.kill('SIGTERM');
      await ended;
    },
  };
};

const hear = (child: ChildProcess, take: (from: 'stdout' | 'stderr', text: string) => void) => {
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk) => take(name, `${chunk}`));
};

const configure = async (file: string, upkeep: object): Promise<void> => {
  const { till: _, ...config } = JSON.parse(await readFile(file, 'utf8'));
  const changed = {
    ...{ ...config, upkeep, acceptance: { timeZone: 'UTC' } },
    reader: { ...config.reader, kind: 'in-process' },
    display: { ...config.display, port: await freePort() },
    console: { port: await freePort() },
    payment: { ...config.payment, cardTimeoutSeconds: 300, resultSeconds: 1 },
  };
  await writeFile(file, JSON.stringify(changed));
};
