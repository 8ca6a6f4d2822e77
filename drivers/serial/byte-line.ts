import { stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { BehaviorSubject, Subject } from 'rxjs';
import type { ByteLine, ByteLineState } from '#ports/byte-line.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import { withinDeadline } from './deadline.ts';
import { isLent, useDeviceFile } from './lending.ts';
import { reasonOf } from './reasons.ts';

/** A device file that is open. Nothing of it rejects. */
export interface OpenedDevice {
  /** Resolves when the device has taken all of it; to a sentence when it never will. */
  write(bytes: Uint8Array): Promise<string | undefined>;
  /** Throws away what has not been sent. Ends a write that waits. */
  close(): Promise<void>;
}

export interface DeviceEvents {
  received(bytes: Uint8Array): void;
  lost(why: string): void;
}

/** Opens a device file that is there; a Fault `device` says why it can't be opened. */
export type OpenDevice = (path: string, events: DeviceEvents) => Promise<OpenedDevice | Fault>;

export interface LineTiming {
  /** Between two attempts to open it. */
  readonly retryMs?: number;
  /** Between two looks whether it is still the same device. */
  readonly watchMs?: number;
  /** It has borrowed the device file, and opens it while others may not. */
  readonly borrower?: boolean;
}

/** Keeps a device file open whenever it is there: begins at once, ends when it is closed. */
export const keepByteLine = (path: string, open: OpenDevice, timing: LineTiming): ByteLine => {
  const line: Line = {
    ...{ path, open, timing: { ...DEFAULTS, ...timing } },
    state: new BehaviorSubject(down(fault('device', `${path} is not open yet`))),
    received: new Subject(),
    closing: new AbortController(),
    turn: Promise.resolve(),
  };
  const ended = keep(line);
  return {
    path,
    state$: line.state.asObservable(),
    received$: line.received.asObservable(),
    write: (bytes, deadlineMs) => inTurn(line, bytes, deadlineMs),
    close: async () => {
      line.closing.abort();
      await ended;
      line.state.complete();
      line.received.complete();
    },
  };
};

const DEFAULTS = { retryMs: 500, watchMs: 1000, borrower: false };

/** How long a device file may take to close before we go on without it. */
const CLOSE_PATIENCE_MS = 2000;

interface Line {
  readonly path: string;
  readonly open: OpenDevice;
  readonly timing: Required<LineTiming>;
  readonly state: BehaviorSubject<ByteLineState>;
  readonly received: Subject<Uint8Array>;
  readonly closing: AbortController;
  /** The write before. */
  turn: Promise<unknown>;
  /** While it is up. */
  connection?: Connection | undefined;
}

interface Connection {
  readonly device: OpenedDevice;
  readonly lost: Promise<Fault>;
  lose(why: Fault): void;
}

const down = (why: Fault): ByteLineState => ({ line: 'down', why });

const sayDown = ({ state }: Line, why: Fault): void => {
  const { value } = state;
  if (value.line === 'up' || value.why.detail !== why.detail) state.next(down(why));
};

const keep = async (line: Line): Promise<void> => {
  const { signal } = line.closing;
  while (!signal.aborted) {
    const why = await oneConnection(line);
    sayDown(line, why);
    await sleep(line.timing.retryMs, undefined, { signal }).catch(() => {});
  }
};

/** From opening to closing; why it is over, or never began. */
const oneConnection = async (line: Line): Promise<Fault> => {
  const { path, open, closing, received } = line;
  const lent = fault('device', `${path} is out of use while firmware is loaded by it`);
  const isOthers = () => !line.timing.borrower && isLent(path);
  if (isOthers()) return lent;
  const opened = await identityOf(path);
  if (isFault(opened)) return opened;
  const { promise: lost, resolve: lose } = Promise.withResolvers<Fault>();
  const device = await open(path, {
    received: (bytes) => received.next(bytes),
    lost: (why) => lose(fault('device', `${path}: ${why}`)),
  });
  if (isFault(device)) return device;
  // Whoever borrows it waits until it is closed.
  const used = line.timing.borrower ? undefined : useDeviceFile(path, () => lose(lent));
  if (isOthers()) lose(lent);
  const end = () => lose(fault('aborted', `${path} is closed`));
  closing.signal.addEventListener('abort', end, { once: true });
  if (closing.signal.aborted) end();
  const watch = setInterval(() => void look(path, opened, lose), line.timing.watchMs);
  line.connection = { device, lost, lose };
  line.state.next({ line: 'up' });
  const why = await lost;
  clearInterval(watch);
  closing.signal.removeEventListener('abort', end);
  line.connection = undefined;
  sayDown(line, why);
  const patience = new AbortController();
  await Promise.race([
    device.close(),
    sleep(CLOSE_PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => {}),
  ]);
  patience.abort();
  used?.closed();
  return why;
};

// An adapter that is pulled out may say nothing at all while nobody writes, and another may be in
// its place a moment later.
const look = async (path: string, opened: string, lose: (why: Fault) => void): Promise<void> => {
  const now = await identityOf(path);
  if (isFault(now)) lose(now);
  else if (now !== opened) lose(fault('device', `${path}: another device has taken its place`));
};

const identityOf = async (path: string): Promise<string | Fault> => {
  try {
    const { dev, ino, rdev } = await stat(path);
    return `${dev} ${ino} ${rdev}`;
  } catch (error) {
    return fault('device', `${path}: ${reasonOf(error)}`);
  }
};

const inTurn = (line: Line, bytes: Uint8Array, deadlineMs: number): Promise<Fault | undefined> => {
  const { path, closing } = line;
  const late = fault('timeout', `${path}: the device took nothing more within ${deadlineMs} ms`);
  const own: { stage: 'waiting' | 'writing' | 'late' } = { stage: 'waiting' };
  const before = line.turn;
  const writing = (async () => {
    await before;
    if (closing.signal.aborted) return fault('aborted', `${path} is closed`);
    // Its time ran out while others were written: nothing of it may go out any more.
    if (own.stage === 'late') return late;
    own.stage = 'writing';
    return now(line, bytes);
  })();
  line.turn = writing;
  return withinDeadline(writing, deadlineMs, () => {
    // Half of it may be on its way: what follows must not be appended to that.
    if (own.stage === 'writing') line.connection?.lose(late);
    own.stage = 'late';
    return late;
  });
};

const now = async (line: Line, bytes: Uint8Array): Promise<Fault | undefined> => {
  const { connection, state, path } = line;
  if (connection === undefined) {
    return state.value.line === 'down' ? state.value.why : fault('device', `${path} is not open`);
  }
  const failed = (async () => {
    const why = await connection.device.write(bytes);
    if (why === undefined) return undefined;
    const problem = fault('device', `${path}: ${why}`);
    connection.lose(problem);
    return problem;
  })();
  return Promise.race([failed, connection.lost]);
};
