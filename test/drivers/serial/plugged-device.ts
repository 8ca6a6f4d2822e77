import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { filter, firstValueFrom, type Observable, timeout } from 'rxjs';

/** A device at a pseudo-terminal of socat's, played by the test. */
export interface PluggedDevice {
  /** Where the terminal finds it, while it is plugged in. */
  readonly path: string;
  plugIn(): Promise<void>;
  /** Socat is killed: the line is hung up. */
  unplug(): Promise<void>;
  /** The device sends. */
  send(bytes: string | Uint8Array): void;
  /** Hands on what it gets from now on until it is unplugged. */
  hear(take: (bytes: Uint8Array) => void): void;
  /** What it has got since it was plugged in. */
  got(): Buffer;
  /** Resolves when what it has got is so. */
  gets(isSo: (bytes: Buffer) => boolean): Promise<Buffer>;
  /** It takes nothing more, as a printer without paper; and goes on. */
  stall(): void;
  close(): Promise<void>;
}

export const plugDevice = async (): Promise<PluggedDevice> => {
  const folder = await mkdtemp(join(tmpdir(), 'countertap-serial-'));
  const path = join(folder, 'device');
  let plug: Plug | undefined;
  const unplug = async () => {
    const was = plug;
    plug = undefined;
    if (was === undefined) return;
    closeSync(was.holder);
    was.process.kill('SIGKILL');
    await was.exit;
    await rm(path, { force: true });
  };
  const device: PluggedDevice = {
    path,
    plugIn: async () => {
      plug = await start(path);
    },
    unplug,
    send: (bytes) => void plug?.process.stdin.write(bytes),
    hear: (take) => void plug?.process.stdout.on('data', take),
    got: () => Buffer.concat(plug?.chunks ?? []),
    gets: async (isSo) => {
      const at = plug;
      while (at !== undefined && at === plug && !isSo(device.got())) {
        await once(at.process.stdout, 'data');
      }
      return device.got();
    },
    stall: () => void plug?.process.kill('SIGSTOP'),
    close: async () => {
      await unplug();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await device.plugIn();
  return device;
};

interface Plug {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  readonly exit: Promise<unknown>;
  readonly chunks: Buffer[];
  /** Keeps the line open: socat would end when the terminal closes it. */
  readonly holder: number;
}

const start = async (path: string): Promise<Plug> => {
  // A test run that is killed leaves no socat behind.
  const command = ['--pdeathsig', 'KILL', 'socat', `pty,raw,echo=0,link=${path}`, 'stdio'];
  const process = spawn('setpriv', command, { stdio: ['pipe', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  process.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  process.stdin.on('error', () => {});
  const exit = once(process, 'exit');
  while (!existsSync(path)) {
    if (process.exitCode !== null) throw new Error(`socat ended with ${process.exitCode}`);
    await sleep(5);
  }
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  return { process, exit, chunks, holder: openSync(path, O_RDWR | O_NOCTTY | O_NONBLOCK) };
};

/** The first value that is so; fails when none comes for 10 s. */
export const seen = <Value>(
  values$: Observable<Value>,
  isSo: (value: Value) => boolean,
): Promise<Value> => firstValueFrom(values$.pipe(filter(isSo), timeout(10_000)));

/** As quick as a test wants it. */
export const QUICK = { retryMs: 20, watchMs: 50 };
