import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { call } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import type { SaleResult } from '#terminal/types.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const COUNTERTAP = join(ROOT, 'scripts', 'countertap');

const LOOP_WATCH = join(ROOT, 'test', 'support', 'loop-watch.ts');

export interface Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The whole terminal as a process of its own, in a folder of its own. */
export interface RunningTerminal {
  readonly state: string;
  readonly displayUrl: string;
  readonly consoleUrl: string;
  readonly pid: number;
  /** Milliseconds from the start of the process to "ready for a tap", as it says itself. */
  readonly readyAfterMs: number;
  /** Runs `countertap …` beside it, as a person would. */
  countertap(...words: readonly string[]): Promise<Finished>;
  /** The same, with the process to send signals to. */
  running(...words: readonly string[]): Running;
  /** One payment of 1.00 through the in-process reader, without a process for each command. */
  pay(card: string): Promise<SaleResult>;
  /** What `countertap status --json` says. */
  status(): Promise<ControlLine>;
  /**
   * The longest time its event loop was blocked since the last call, in milliseconds; for a
   * terminal run with `watchLoop`.
   */
  longestPauseMs(): Promise<number>;
  /** Resident memory of the terminal and its reader process, the acquirer's left out, in bytes. */
  residentBytes(): Promise<number>;
  /** Everything it wrote: log and ledger. */
  writings(): Promise<string>;
  /** Sends it a signal and waits for its end; its folder stays. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Ends it so, and starts it again with what it has written. */
  restart(signal: NodeJS.Signals): Promise<void>;
  close(): Promise<void>;
}

export interface TerminalOptions {
  readonly reader: 'pcsc' | 'in-process';
  /** PC/SC socket of the test's own service. */
  readonly socketPath?: string;
  readonly watchLoop?: boolean;
  /** Puts something into its folder before it starts. */
  readonly prepare?: (state: string) => void | Promise<void>;
  /** What starts it; scripts/countertap when absent. */
  readonly command?: string;
  /** Changes to terminal.json, merged section by section; lists are replaced. */
  readonly config?: ConfigChanges;
}

type ConfigChanges = Readonly<
  Record<string, Readonly<Record<string, unknown>> | readonly unknown[]>
>;

export const runTerminal = async (options: TerminalOptions): Promise<RunningTerminal> => {
  const state = await mkdtemp(join(tmpdir(), 'countertap-system-'));
  const config = join(state, 'config');
  const consolePort = await freePort();
  await cp(join(ROOT, 'config', 'base'), config, { recursive: true });
  await changeConfig(join(config, 'terminal.json'), {
    ...options.config,
    display: { port: await freePort(), ...options.config?.['display'] },
    console: { port: consolePort, ...options.config?.['console'] },
  });
  await options.prepare?.(state);
  const env = {
    ...process.env,
    ...(options.socketPath ? { PCSCLITE_CSOCK_NAME: options.socketPath } : {}),
  };
  const words = ['--state', state, 'run', '--config', config, '--reader', options.reader];
  const watch = {
    NODE_OPTIONS: `--import ${LOOP_WATCH}`,
    COUNTERTAP_LOOP_WATCH: join(state, 'loop.json'),
  };
  const { command = COUNTERTAP } = options;
  const start = () =>
    spawn(command, words, {
      env: options.watchLoop ? { ...env, ...watch } : env,
      stdio: 'pipe',
    });
  let terminal = start();
  const ready = await readiness(terminal);
  return {
    state,
    ...ready,
    consoleUrl: `https://127.0.0.1:${consolePort}/`,
    get pid() {
      return terminal.pid ?? 0;
    },
    countertap: (...more) => countertap(['--state', state, ...more], env, command),
    running: (...more) => countertapRunning(['--state', state, ...more], env, command),
    status: async () => {
      const answer = await call(join(state, 'run', 'countertap.sock'), { op: 'status' });
      if (isFault(answer)) throw new Error(answer.detail);
      return answer;
    },
    pay: (card) => pay(join(state, 'run', 'countertap.sock'), card),
    longestPauseMs: () => longestPause(terminal, join(state, 'loop.json')),
    residentBytes: () => residentBytes(terminal.pid ?? 0),
    writings: async () =>
      `${await readFile(join(state, 'log', 'terminal.log'), 'utf8')}\n${await ledgerOf(state)}`,
    end: (signal) => endOf(terminal, signal),
    restart: async (signal) => {
      await endOf(terminal, signal);
      terminal = start();
      await readiness(terminal);
    },
    close: async () => {
      await endOf(terminal, 'SIGTERM');
      await rm(state, { recursive: true, force: true });
    },
  };
};

const pay = async (socket: string, card: string): Promise<SaleResult> => {
  const paying = call(socket, { op: 'sale', amountMinor: 100, currency: 840 });
  await call(socket, { op: 'tap', card, holdMs: 40 });
  const answer = await paying;
  if (isFault(answer)) throw new Error(answer.detail);
  return answer['result'] as SaleResult;
};

const longestPause = async (terminal: ChildProcess, file: string): Promise<number> => {
  await rm(file, { force: true });
  terminal.kill('SIGUSR2');
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '') return (JSON.parse(text) as { longestMs: number }).longestMs;
    await sleep(20);
  }
};

// Its children are the reader process and the acquirer; the latter stands for the world outside.
const residentBytes = async (pid: number): Promise<number> => {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  let sum = await residentOf(String(pid));
  for (const child of children.trim().split(' ').filter(Boolean)) {
    const words = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
    if (!words.includes('acquirer')) sum += await residentOf(child);
  }
  return sum;
};

const residentOf = async (pid: string): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
};

const endOf = async (terminal: ChildProcess, signal: NodeJS.Signals): Promise<void> => {
  if (terminal.exitCode !== null || terminal.signalCode !== null) return;
  const exit = once(terminal, 'exit');
  terminal.kill(signal);
  await exit;
};

/** Runs `countertap …` to its end. */
export const countertap = (
  words: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  command = COUNTERTAP,
): Promise<Finished> => countertapRunning(words, env, command).finished;

const countertapRunning = (
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  command: string,
): Running => {
  const { promise: finished, resolve } = Promise.withResolvers<Finished>();
  const child = execFile(command, [...words], { env }, (error, stdout, stderr) => {
    const code = error === null ? 0 : (child.exitCode ?? -1);
    resolve({ code, stdout, stderr });
  });
  return { process: child, finished };
};

export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

const changeConfig = async (file: string, changes: ConfigChanges): Promise<void> => {
  const config = JSON.parse(await readFile(file, 'utf8')) as Record<string, object>;
  for (const [section, values] of Object.entries(changes)) {
    config[section] = Array.isArray(values) ? values : { ...config[section], ...values };
  }
  await writeFile(file, JSON.stringify(config));
};

const readiness = (
  terminal: ChildProcess,
): Promise<Pick<RunningTerminal, 'displayUrl' | 'readyAfterMs'>> =>
  new Promise((resolve, reject) => {
    let output = '';
    const onData = (chunk: Buffer) => {
      output += chunk.toString();
      const match = /ready for a tap {2}display=(\S+) readyAfterMs=(\d+)/.exec(output);
      if (match !== null) {
        resolve({ displayUrl: match[1] ?? '', readyAfterMs: Number(match[2]) });
      }
    };
    terminal.stdout?.on('data', onData);
    terminal.stderr?.on('data', onData);
    terminal.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });

const ledgerOf = async (state: string): Promise<string> => {
  const file = join(state, 'acquirer', 'ledger.jsonl');
  return readFile(file, 'utf8').catch(() => '');
};
