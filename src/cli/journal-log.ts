import { fstatSync } from 'node:fs';

/**
 * Whether standard output is systemd's journal: JOURNAL_STREAM names the device and the inode of
 * what the service was given, and a redirection since makes another one of it. systemd.exec(5).
 */
export const isJournal = (stream: string | undefined): boolean => {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(process.stdout.fd, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
};

/** The same record with its priority before it, as journald takes it from a stream: sd-daemon(3). */
export const forJournal = (line: string): string => {
  const level = Number(/^\{"level":(\d+)/.exec(line)?.[1] ?? INFO);
  return `<${priorityOf(level)}>${line}`;
};

const INFO = 30;

// pino's levels to syslog's: error 3, warning 4, informational 6, debug 7.
const priorityOf = (level: number): number => {
  if (level >= 50) return 3;
  if (level >= 40) return 4;
  return level >= INFO ? 6 : 7;
};
