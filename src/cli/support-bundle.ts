import { chmodSync, closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { diagnosisText } from '#doctor/index.ts';
import { type Collected, packed } from '#support-bundle/index.ts';
import { diagnose } from './doctor/doctor.ts';
import { configurationHere } from './doctor/doctor-here.ts';
import { type ExitCode, exit, failAs, say } from './exit.ts';
import type { Places } from './places.ts';
import { configurationParts, makerKeyOf } from './support-bundle/configuration.ts';
import { journalParts, replayParts } from './support-bundle/journal.ts';
import { logParts } from './support-bundle/log.ts';
import { systemParts } from './support-bundle/system.ts';
import { versionParts } from './support-bundle/versions.ts';

export interface SupportOptions {
  readonly to?: string;
  /** Transcripts of these payments; else of the latest. */
  readonly payment?: readonly string[];
  /** A date, a moment, or a span such as "2d". */
  readonly since?: string;
  readonly config?: string;
  readonly json?: boolean;
}

/** `countertap support-bundle`: 0 written, 3 not. Changes nothing else, and needs no terminal. */
export const supportBundle = async (places: Places, options: SupportOptions): Promise<ExitCode> => {
  const nowMs = Date.now();
  const sinceMs = sinceOf(options.since ?? '7d', nowMs);
  if (sinceMs === undefined) {
    const wanted = 'expected a date, a moment in ISO 8601, or a span such as 12h or 7d';
    return failAs(options.json, `--since ${options.since}: ${wanted}`);
  }
  const configuration = configurationHere(places, options.config);
  const folder = 'problem' in configuration ? undefined : configuration.folder;
  const diagnosis = await diagnose(places, undefined, options.config);
  const all = await Promise.all([
    collect('doctor', () => ({
      parts: [
        { path: 'doctor.json', text: `${JSON.stringify(diagnosis, null, 2)}\n` },
        { path: 'doctor.txt', text: `${diagnosisText(diagnosis)}\n` },
      ],
    })),
    collect('versions.json', () => versionParts()),
    collect('system', () => systemParts(places)),
    collect('log', () => logParts(places, sinceMs)),
    collect('configuration', () => configurationParts(places, options.config)),
    collect('journal', () => journalParts(places, sinceMs)),
    collect('replay', () => replayParts(places, sinceMs, options.payment, folder)),
  ]);
  const name = `countertap-support-${stamp(nowMs)}`;
  const recipient = makerKeyOf(places, options.config);
  const bundle = await packed(
    all.flatMap(({ parts }) => parts),
    all.flatMap(({ missing = [] }) => missing),
    { name, madeMs: nowMs, recipient },
  ).catch((error: unknown) => ({ problem: error instanceof Error ? error.message : `${error}` }));
  if ('problem' in bundle) {
    return failAs(
      options.json,
      `the bundle can't be encrypted to the maker's key: ${bundle.problem}`,
    );
  }
  const sealed = recipient !== undefined;
  const file = resolve(options.to ?? `${name}.tar.gz${sealed ? '.age' : ''}`);
  const unwritten = write(file, bundle.bytes);
  if (unwritten !== undefined)
    return failAs(options.json, `${file} can't be written: ${unwritten}`);
  const { leftOut, files } = bundle;
  if (options.json) say(JSON.stringify({ file, encrypted: sealed, files, leftOut }));
  else tell(file, sealed, bundle);
  return exit.ok;
};

const tell = (
  file: string,
  sealed: boolean,
  { bytes, files, leftOut }: Awaited<ReturnType<typeof packed>>,
): void => {
  const kilobytes = Math.ceil(bytes.length / 1000);
  say(`${file}: ${files.length} files, ${kilobytes} kB, ${sealed ? 'encrypted' : 'NOT encrypted'}`);
  for (const { path, why } of leftOut) say(`left out  ${path}: ${why}`);
  if (sealed) return;
  say('warning: anybody can read it; with "support": { "makerKey": "age1…" } in terminal.json');
  say('         only the maker can. Give it to nobody else, and remove it afterwards.');
};

// A part that fails must not keep the others from whoever looks for the fault.
const collect = async (
  path: string,
  work: () => Collected | Promise<Collected>,
): Promise<Collected> => {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { parts: [], missing: [{ path, why: why.slice(0, 200) }] };
  }
};

const stamp = (ms: number): string =>
  new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');

/** "7d", "12h", "30m", or a date: milliseconds since 1970 UTC; undefined when it is none. */
export const sinceOf = (text: string, nowMs: number): number | undefined => {
  const [, count, unit = ''] = /^([0-9]{1,4})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return nowMs - Number(count) * (UNITS[unit] ?? 0);
  const ms = /^[0-9]{4}-[0-9]{2}-[0-9]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
};

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

// A new file that only its owner reads; half of one would pass for a bundle.
const write = (file: string, bytes: Uint8Array): string | undefined => {
  let made = false;
  try {
    const target = openSync(file, 'wx', 0o600);
    made = true;
    try {
      chmodSync(file, 0o600);
      for (let at = 0; at < bytes.length; ) at += writeSync(target, bytes, at);
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
    return undefined;
  } catch (error) {
    if (made) rmSync(file, { force: true });
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'EEXIST' ? 'it is there already' : (code ?? message);
  }
};
