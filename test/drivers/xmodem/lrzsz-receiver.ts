import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { openByteLine } from '#drivers/serial/index.ts';
import { sendImage, type Transfer, type TransferTiming } from '#drivers/xmodem/send.ts';
import { openWire } from '#drivers/xmodem/wire.ts';
import type { ByteLine } from '#ports/byte-line.ts';
import type { Fault } from '#ports/fault.ts';
import { type PluggedDevice, plugDevice, QUICK, seen } from '../serial/plugged-device.ts';

/** Between a serial port and Debian's lrzsz: looks at bytes, changes or swallows them. */
export interface Between {
  readonly toReceiver?: (bytes: Uint8Array) => Uint8Array;
  readonly toSender?: (bytes: Uint8Array) => Uint8Array;
}

export interface Receiver {
  /** Kills it: it says nothing more, and what it had is gone. */
  kill(): void;
  /** Its exit code; null when it was killed. */
  readonly ended: Promise<number | null>;
  /** The file that it has written. */
  file(): Promise<Buffer>;
}

/** What tidies up after a test, also beside others. */
export type Finished = Pick<TestContext, 'onTestFinished'>;

/** A serial port, opened by the terminal, and the pseudo-terminal of socat's at its other end. */
export interface Port {
  readonly device: PluggedDevice;
  readonly line: ByteLine;
  readonly finished: Finished;
}

/** Open before any receiver speaks: lrzsz says its "C" at once, and again only after 14 s. */
export const openPort = async (finished: Finished): Promise<Port> => {
  const device = await plugDevice();
  finished.onTestFinished(() => device.close());
  const line = openByteLine(device.path, { kind: 'serial', baudRate: 115200, ...QUICK });
  finished.onTestFinished(() => line.close());
  await seen(line.state$, (state) => state.line === 'up');
  return { device, line, finished };
};

/** `rx` of lrzsz at the port's other end: XMODEM, CRC, and times of tenths of a second. */
export const receiveAt = async (
  { device, finished }: Port,
  between: Between = {},
): Promise<Receiver> => {
  const { toReceiver = same, toSender = same } = between;
  const folder = await mkdtemp(join(tmpdir(), 'countertap-lrzsz-'));
  finished.onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const command = ['--pdeathsig', 'KILL', 'rx', '-c', '-y', '-t', '10', 'got'];
  const rx = spawn('setpriv', command, { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  rx.stdin.on('error', () => {});
  rx.stdout.on('data', (bytes: Uint8Array) => device.send(toSender(bytes)));
  device.hear((bytes) => {
    if (rx.exitCode === null && rx.signalCode === null) rx.stdin.write(toReceiver(bytes));
  });
  const ended = once(rx, 'exit').then(([code]) => code as number | null);
  const kill = () => void rx.kill('SIGKILL');
  finished.onTestFinished(async () => {
    kill();
    await ended;
  });
  return { kill, ended, file: () => readFile(join(folder, 'got')) };
};

/** lrzsz asks again after up to 14 s, whatever its -t says. */
const TIMING: TransferTiming = { startMs: 30_000, replyMs: 30_000, endMs: 1500, settleMs: 300 };

export const send = async (
  { line }: Port,
  image: Uint8Array,
  more: Partial<TransferTiming> & Partial<Pick<Transfer, 'signal' | 'progress'>> = {},
): Promise<'done' | 'unconfirmed' | Fault> => {
  const { signal = new AbortController().signal, progress = () => {}, ...timing } = more;
  const wire = openWire(line, signal);
  try {
    return await sendImage(image, { wire, timing: { ...TIMING, ...timing }, signal, progress });
  } finally {
    wire.end();
  }
};

const same = (bytes: Uint8Array): Uint8Array => bytes;
