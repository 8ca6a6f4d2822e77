import { constants, type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fault } from '#ports/fault.ts';
import type { DeviceEvents, OpenDevice } from './byte-line.ts';
import { codeOf, reasonOf } from './reasons.ts';

/** A device file that is read and written as it stands: /dev/usb/lp0, the printer class of USB. */
export const deviceFile = (): OpenDevice => async (path, events) => {
  const file = await openBothWays(path);
  if (!('handle' in file)) return fault('device', `${path}: ${file.why}`);
  const { handle } = file;
  const use: Use = { handle, ended: new AbortController(), askedMs: Number.NEGATIVE_INFINITY };
  const reading = file.readable ? readAll(use, events) : Promise.resolve();
  return {
    write: (bytes) => write(use, bytes),
    close: async () => {
      use.ended.abort();
      await reading;
      await handle.close().catch(() => {});
    },
  };
};

interface Use {
  readonly handle: FileHandle;
  readonly ended: AbortController;
  /** When something was written last: an answer may come. */
  askedMs: number;
}

type Opened =
  | { readonly handle: FileHandle; readonly readable: boolean }
  | { readonly why: string };

// Non-blocking: a printer without paper takes nothing, and would hold a thread of the process.
const openBothWays = async (path: string): Promise<Opened> => {
  const { O_RDWR, O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
  try {
    return { handle: await open(path, O_RDWR | O_NONBLOCK | O_NOCTTY), readable: true };
  } catch (error) {
    if (codeOf(error) !== 'EACCES') return { why: reasonOf(error) };
  }
  try {
    return { handle: await open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY), readable: false };
  } catch (error) {
    return { why: reasonOf(error) };
  }
};

/** EAGAIN: busy. ENOSPC: usblp's word for a printer without paper, which somebody may put in. */
const LATER = ['EAGAIN', 'ENOSPC', 'EINTR'];
/** It can't be read from: usblp says EINVAL of a printer of one direction. */
const ONE_WAY = ['EINVAL', 'EPERM'];

// Node can't be told when such a file has something to say, so it is asked: often while an answer
// is expected, else now and then.
const EXPECTING_MS = 1000;
const OFTEN_MS = 20;
const NOW_AND_THEN_MS = 250;

const readAll = async (use: Use, events: DeviceEvents): Promise<void> => {
  const { handle } = use;
  const { signal } = use.ended;
  const buffer = Buffer.alloc(1024);
  while (!signal.aborted) {
    try {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
      if (signal.aborted) return;
      if (bytesRead > 0) {
        events.received(Uint8Array.from(buffer.subarray(0, bytesRead)));
        continue;
      }
    } catch (error) {
      const code = codeOf(error);
      if (ONE_WAY.includes(code) || signal.aborted) return;
      if (!LATER.includes(code)) return events.lost(reasonOf(error));
    }
    const expecting = performance.now() - use.askedMs < EXPECTING_MS;
    await pause(expecting ? OFTEN_MS : NOW_AND_THEN_MS, signal);
  }
};

const write = async (use: Use, bytes: Uint8Array): Promise<string | undefined> => {
  const { handle, ended } = use;
  for (let sent = 0; sent < bytes.length; ) {
    if (ended.signal.aborted) return 'closed';
    use.askedMs = performance.now();
    try {
      sent += (await handle.write(bytes, sent, bytes.length - sent, null)).bytesWritten;
    } catch (error) {
      if (!LATER.includes(codeOf(error))) return reasonOf(error);
      await pause(OFTEN_MS, ended.signal);
    }
  }
  return undefined;
};

const pause = (ms: number, signal: AbortSignal): Promise<unknown> =>
  sleep(ms, undefined, { signal }).catch(() => {});
