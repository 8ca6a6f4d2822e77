import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';
import type { Log } from '#ports/log.ts';
import { openLogFile } from './log-file.ts';

/**
 * JSON lines into a file for machines; a short line on standard output for whoever watches. Neither
 * a full disk nor a watcher that has gone ends the terminal.
 */
export const openLog = (file: string, level: string, watch: boolean): Log => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const streams: pino.StreamEntry[] = [{ level: level as pino.Level, stream: openLogFile(file) }];
  if (watch) streams.push({ level: 'info', stream: { write: (line) => print(line) } });
  return pino(
    { base: null, level, timestamp: pino.stdTimeFunctions.isoTime },
    pino.multistream(streams),
  );
};

const print = (line: string): void => {
  // What an output in error is given it would only collect.
  if (process.stdout.errored !== null) return;
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clockTime = String(time).slice(11, 19);
  const loud = Number(level) >= 50 ? 'ERROR ' : Number(level) >= 40 ? 'warning: ' : '';
  const details = Object.entries(fields)
    .filter(([, value]) => typeof value !== 'object')
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
  process.stdout.write(`${clockTime} ${loud}${msg}${details === '' ? '' : `  ${details}`}\n`);
};
