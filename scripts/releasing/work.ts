import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Why no release is made: one sentence or two, with what to do. */
export class ReleaseProblem extends Error {}

export interface CommandOptions {
  readonly cwd: string;
  /** Over the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * What a command prints to its standard output. Language and time zone are the same everywhere, so
 * that they can't get into a release.
 * @throws ReleaseProblem with the end of what it said, when it ends with anything but 0
 */
export const output = (
  command: string,
  words: readonly string[],
  { cwd, env }: CommandOptions,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, words, {
      cwd,
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC', SOURCE_DATE_EPOCH: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const told: Buffer[] = [];
    const said: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => told.push(piece));
    child.stderr.on('data', (piece: Buffer) => said.push(piece));
    child.on('error', (error) => reject(new ReleaseProblem(`${command}: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(told).toString());
      else
        reject(new ReleaseProblem(failure([command, ...words], Buffer.concat([...told, ...said]))));
    });
  });

/**
 * A folder of the work folder that is made once: under another name first, so that neither a build
 * that is broken off nor one beside this one leaves half of it.
 */
export const madeOnce = async (
  work: string,
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> => {
  const place = join(work, name);
  if (existsSync(place)) return place;
  await mkdir(work, { recursive: true });
  const folder = await mkdtemp(join(work, `.${name}-`));
  try {
    await make(folder);
    await rename(folder, place).catch((error: unknown) => {
      if (!existsSync(place)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return place;
};

/** What a cached part is called after: 16 digits of the SHA-256 of all that it depends on. */
export const keyOf = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 16);
};

const failure = (words: readonly string[], said: Buffer): string =>
  `"${words.join(' ').slice(0, 200)}" failed: ${said.toString().trim().slice(-1500)}`;
