import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ConfigStep, migrated, presentFormat } from '#config/migrations/index.ts';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';
import { configurationFolder, loadConfiguration } from './load-configuration.ts';

/**
 * `countertap migrate-configuration`: a configuration in this release's format, in another folder.
 * Nobody needs it, for every release reads earlier formats; an earlier release doesn't read the new
 * folder, so the old one is worth keeping.
 * @param steps those of a release to come, for tests
 */
export const migrateConfiguration = (
  config: string,
  to: string,
  steps?: readonly ConfigStep[],
): ExitCode => {
  const [from, folder] = [configurationFolder(config), resolve(to)];
  if (existsSync(folder)) return fail(`${folder} is there already: name one that isn't`);
  const fresh = `${folder}.new`;
  try {
    const json: unknown = JSON.parse(readFileSync(join(from, FILE), 'utf8'));
    if (typeof json !== 'object' || json === null) return fail(`${join(from, FILE)} is no object`);
    const read = migrated(join(from, FILE), { ...json }, steps);
    if (isConfigProblem(read)) return fail(describeConfigProblem(read));
    cpSync(from, fresh, { recursive: true, errorOnExist: true, force: false });
    const present = presentFormat(steps);
    const text = JSON.stringify({ format: present, ...read.wording }, null, 2);
    writeFileSync(join(fresh, FILE), `${text}\n`);
    // As a terminal would read it, with the certificates that it names.
    const problem = steps === undefined ? loadConfiguration(fresh) : undefined;
    if (isConfigProblem(problem)) {
      rmSync(fresh, { recursive: true });
      return fail(describeConfigProblem(problem));
    }
    renameSync(fresh, folder);
    say(`${folder}: ${FILE} is in format ${present}, from format ${read.from} in ${from}`);
    return exit.ok;
  } catch (error) {
    if (error instanceof SyntaxError) return fail(`${join(from, FILE)} is no JSON`);
    if (error instanceof Error && 'code' in error) return fail(error.message);
    throw error;
  }
};

const FILE = 'terminal.json';
