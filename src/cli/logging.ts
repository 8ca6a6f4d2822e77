import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import pino from 'pino';
import type { Log } from '#ports/log.ts';
import { forJournal, isJournal } from './journal-log.ts';
import { openLogFile } from './log-file.ts';

/**
 * JSON lines into a file for machines; a short line on standard output for whoever watches. Where
 * that is systemd's journal, it gets the file's own lines; COUNTERTAP_LOG=journal then leaves the
 * file out. Neither a full disk nor a watcher that has gone ends the terminal.
 */
export const openLog = (file: string, level: string, watch: boolean): Log => {
  const { JOURNAL_STREAM: stream, COUNTERTAP_LOG: only } = process.env;
  const journal = watch && isJournal(stream);
  const streams: pino.StreamEntry[] = [];
  if (!journal || only !== 'journal') {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    streams.push({ level: level as pino.Level, stream: openLogFile(file) });
  }
  if (journal) {
    const stream = { write: (line: string) => put(forJournal(line)) };
    streams.push({ level: level as pino.Level, stream });
  } else if (watch)
    streams.push({ level: 'info', stream: { write: (line) => put(forPeople(line)) } });
  return pino(
    { base: null, level, timestamp: pino.stdTimeFunctions.isoTime },
    pino.multistream(streams),
  );
};

const put = (line: string): void => {
  // What an output in error is given it would only collect.
  if (process.stdout.errored === null) process.stdout.write(line);
};

const forPeople = (line: string): string => {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const clockTime = String(time).slice(11, 19);
  const loud = Number(level) >= 50 ? 'ERROR ' : Number(level) >= 40 ? 'warning: ' : '';
  const details = Object.entries(fields)
    .filter(([, value]) => typeof value !== 'object')
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');
  return `${clockTime} ${loud}${msg}${details === '' ? '' : `  ${details}`}\n`;
};
