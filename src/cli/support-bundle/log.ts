import { closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Collected, type Part, withoutRiddles } from '#support-bundle/index.ts';
import type { Places } from '../places.ts';

/** Of each log file its end. */
const MOST_BYTES = 4 << 20;

/** The terminal's log and those before it, from `sinceMs` on, as far as they reach. */
export const logParts = ({ log }: Places, sinceMs: number): Collected => {
  const own = basename(log);
  const files = readdirSync(dirname(log)).filter((name) => name.startsWith(own));
  const parts = files.map((name): Part => {
    const lines = endOf(join(dirname(log), name)).split('\n');
    const kept = lines.filter((line) => isSince(line, sinceMs)).map(withoutRiddles);
    return { path: `log/${name}`, text: `${kept.join('\n')}\n` };
  });
  return { parts };
};

const endOf = (path: string): string => {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const bytes = Buffer.alloc(Math.min(size, MOST_BYTES));
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString('utf8', 0, read);
    // The first line may be the end of one.
    return size > MOST_BYTES ? text.slice(text.indexOf('\n') + 1) : text;
  } finally {
    closeSync(file);
  }
};

// A line without a time is told with its neighbours.
const isSince = (line: string, sinceMs: number): boolean => {
  const [, time] = /"time":"([^"]+)"/.exec(line) ?? [];
  const ms = time === undefined ? Number.NaN : Date.parse(time);
  return line !== '' && (Number.isNaN(ms) || ms >= sinceMs);
};
