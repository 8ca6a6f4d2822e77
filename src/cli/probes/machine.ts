import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile, stat, statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { clockFinding, diskFinding, finding, memoryFinding, nodeFinding } from '#doctor/index.ts';
import { defaultSocketPath, serviceAnswers } from '#drivers/pcsc/index.ts';
import type { Finding, Probe } from '#ports/finding.ts';
import { INSTALLATION } from '../places.ts';

/** Node.js of this process, which is the terminal's where the terminal asks. */
export const nodeProbe: Probe = async () => nodeFinding(process.version, process.execArgv);

/** @param ownBytes of the terminal, where it is this process */
export const memoryProbe =
  (ownBytes: (() => number) | undefined, root = '/'): Probe =>
  async () => {
    const text = await readFile(join(root, 'proc/meminfo'), 'utf8').catch(() => '');
    const kilobytes = (name: string) =>
      Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024;
    return memoryFinding({
      ownBytes: ownBytes?.(),
      availableBytes: kilobytes('MemAvailable') || freemem(),
      totalBytes: kilobytes('MemTotal') || totalmem(),
    });
  };

/** The file system under a folder; nothing is written to it. */
export const diskProbe =
  (path: string): Probe =>
  async () => {
    try {
      const { bavail, blocks, bsize, ffree, files } = await statfs(path);
      const unwritable = await access(path, constants.W_OK | constants.X_OK).then(
        () => undefined,
        (error: NodeJS.ErrnoException) => WHY_NOT[error.code ?? ''] ?? error.message,
      );
      return diskFinding({
        ...{ path, unwritable },
        freeBytes: bavail * bsize,
        totalBytes: blocks * bsize,
        freeInodes: ffree,
        totalInodes: files,
      });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return finding('disk', 'absent', { path });
      return finding('disk', 'unreadable', { path, why: WHY_NOT[code ?? ''] ?? message });
    }
  };

const WHY_NOT: Readonly<Record<string, string>> = {
  EROFS: 'the file system is read-only',
  EACCES: 'this user may not',
};

/** What else knows the time. Each is asked anew. */
export interface OtherClocks {
  readonly wallMs: () => number;
  readonly lastPaymentMs: () => Promise<number | undefined>;
  readonly hostAheadMs?: (signal: AbortSignal) => Promise<number | undefined>;
}

export const clockProbe =
  ({ wallMs, lastPaymentMs, hostAheadMs }: OtherClocks): Probe =>
  async (signal) => {
    const [built, synchronised, last, ahead] = await Promise.all([
      builtMs(),
      networkTime(signal),
      lastPaymentMs(),
      hostAheadMs?.(signal),
    ]);
    return clockFinding({
      ...{ nowMs: wallMs(), builtMs: built, synchronised },
      ...{ lastPaymentMs: last, hostAheadMs: ahead },
    });
  };

/** The doctor itself is not older than this. */
const EARLIEST_MS = Date.UTC(2026, 10, 1);

// The files' own time is that of the installation: a clock before it is wrong, or was then.
const builtMs = async (): Promise<number> => {
  const { mtimeMs } = await stat(join(INSTALLATION, 'package.json')).catch(() => ({ mtimeMs: 0 }));
  return Math.max(EARLIEST_MS, mtimeMs);
};

/** Whether systemd says that network time is in step; undefined where it doesn't run. */
const networkTime = (signal: AbortSignal): Promise<boolean | undefined> =>
  new Promise((resolve) => {
    const words = ['show', '--property=NTPSynchronized', '--value'];
    execFile('timedatectl', words, { signal, timeout: 2000 }, (error, stdout) => {
      const said = stdout.trim();
      resolve(error !== null || !/^(yes|no)$/.test(said) ? undefined : said === 'yes');
    });
  });

/** Drivers of the kernel that take USB readers with a chip of NXP or Sony for themselves. */
const KERNEL_MODULES = ['pn533_usb', 'pn533', 'port100', 'nfc'] as const;

/** @param socketPath pcscd's; libpcsclite's own when absent */
export const pcscdProbe =
  (socketPath = defaultSocketPath(), root = '/'): Probe =>
  async (): Promise<Finding> => {
    const socket = socketPath;
    if (!(await serviceAnswers(socket, ANSWER_WITHIN_MS))) {
      return finding('pcscd', 'down', { socket });
    }
    const loaded = await readFile(join(root, 'proc/modules'), 'utf8').catch(() => '');
    const modules = KERNEL_MODULES.filter((one) => new RegExp(`^${one} `, 'm').test(loaded));
    if (modules.length === 0) return finding('pcscd', 'well', { socket });
    return finding('pcscd', 'modules', { modules: modules.join(' ') });
  };

const ANSWER_WITHIN_MS = 2000;
