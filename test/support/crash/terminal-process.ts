import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AcquirerProcess } from '#drivers/simulated/acquirer/index.ts';
import { freePort } from '#test/support/running-terminal.ts';
import { POI_ID } from '#test/support/till-words.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const COUNTERTAP = join(ROOT, 'scripts', 'countertap');

export const TERMINAL_ID = 'CTAP0001';

/** A terminal's folder, which outlives its processes. */
export interface TerminalFolder {
  readonly state: string;
  readonly config: string;
  readonly socket: string;
  readonly journal: string;
  /** Where tills reach it. */
  readonly tillPort: number;
}

/** One process, from its start to its end. */
export interface Life {
  readonly pid: number;
  /** Resolves when it is ready for a tap, to the display's address; undefined: it ended before. */
  readonly ready: Promise<string | undefined>;
  /** Once it is ready: what its start took. */
  readonly start: () => Start | undefined;
  /** Ends by SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends as a person would end it; resolves to its exit code. */
  stop(): Promise<number | null>;
  readonly ended: Promise<void>;
  /** What it wrote to its standard output and error. */
  output(): string;
}

export interface Start {
  /** From the start of the process to "ready for a tap". */
  readonly tookMs: number;
  /** How much of it the process stood in line for a processor: the machine's affair. */
  readonly inLineMs: number;
}

/** A new terminal that pays at `host`, keys loaded as a person would load them. */
export const newTerminal = async (
  root: string,
  { port, certificates, keys }: AcquirerProcess,
  messages: 'single' | 'dual',
  withTill: boolean,
): Promise<TerminalFolder> => {
  const state = join(root, 'terminal');
  const config = join(root, 'config');
  await mkdir(state, { recursive: true });
  await cp(join(ROOT, 'test', 'support', 'offline-configuration'), config, { recursive: true });
  const [displayPort, consolePort, tillPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  await change(join(config, 'terminal.json'), (terminal) => ({
    ...terminal,
    display: { host: '127.0.0.1', port: displayPort },
    console: { port: consolePort },
    payment: { cardTimeoutSeconds: 5, resultSeconds: 1, attempts: 3 },
    offline: { kernel: true, deferred: true },
    ...(withTill ? { till: { port: tillPort, plain: true, page: false, poiId: POI_ID } } : {}),
    host: {
      answerWithinSeconds: 1,
      echoAfterSeconds: 60,
      messages,
      connection: {
        kind: 'tls',
        address: '127.0.0.1',
        port,
        serverName: 'localhost',
        certificationAuthority: certificates.authority,
        certificate: certificates.clientCertificate,
        privateKey: certificates.clientKey,
        mac: true,
      },
    },
  }));
  // Refunds by card as well.
  await change(join(config, 'combinations.json'), (sets) =>
    (sets as unknown as readonly object[]).map((set) => ({
      ...set,
      transactionTypes: ['00', '20'],
    })),
  );
  const transport = Buffer.from((await readFile(keys.transport, 'utf8')).trim(), 'hex');
  const first = randomBytes(transport.length);
  const second = transport.map((byte, at) => byte ^ (first[at] ?? 0));
  await keysCommand(state, ['transport'], `${first.toString('hex')}\n${hex(second)}\n`);
  await keysCommand(state, ['load', keys.account]);
  await keysCommand(state, ['load', keys.mac]);
  return {
    state,
    config,
    socket: join(state, 'run', 'countertap.sock'),
    journal: join(state, 'journal', 'journal.db'),
    tillPort,
  };
};

/** `countertap …` to its end; its exit code and what it said. */
export const countertap = (
  words: readonly string[],
  input = '',
): Promise<{ readonly code: number; readonly said: string }> =>
  new Promise((resolve) => {
    const child = execFile(COUNTERTAP, [...words], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (child.exitCode ?? -1), said: stdout + stderr });
    });
    child.stdin?.end(input);
  });

export const startLife = ({ state, config }: TerminalFolder): Life => {
  const words = ['--state', state, 'run', '--config', config, '--reader', 'in-process'];
  const startedMs = performance.now();
  const child = spawn(COUNTERTAP, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  // It doesn't outlive us, whatever becomes of us.
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit').then(() => void process.off('exit', kill));
  let start: Start | undefined;
  let output = '';
  const ready = new Promise<string | undefined>((resolve) => {
    const onData = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-8_000);
      const url = /ready for a tap {2}display=(\S+)/.exec(output)?.[1];
      if (url === undefined || start !== undefined) return;
      start = { tookMs: performance.now() - startedMs, inLineMs: inLineMs(child.pid ?? 0) };
      resolve(url);
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    void ended.then(() => resolve(undefined));
  });
  return {
    pid: child.pid ?? 0,
    ready,
    start: () => start,
    kill: async () => {
      kill();
      await ended;
    },
    stop: () => stop(child, ended),
    ended,
    output: () => output,
  };
};

// Time on a processor, time in line for one, in nanoseconds; of the main thread.
const inLineMs = (pid: number): number => {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'ascii').split(' ')[1] ?? 0) / 1e6;
  } catch {
    return 0;
  }
};

const stop = async (child: ChildProcess, ended: Promise<void>): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  await ended;
  return child.exitCode;
};

const keysCommand = async (state: string, words: readonly string[], input = '') => {
  const { code, said } = await countertap(['--state', state, 'keys', ...words], input);
  if (code !== 0) throw new Error(`countertap keys ${words.join(' ')}: ${said}`);
};

const change = async (
  file: string,
  how: (value: Record<string, unknown>) => unknown,
): Promise<void> => {
  const value = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  await writeFile(file, JSON.stringify(how(value)));
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
