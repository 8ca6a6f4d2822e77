/**
 * The maker's side of updates: `scripts/repository --help`, and docs/repository.md. Says what it
 * did, a line each; what is wrong goes to standard error, and the code is 1.
 */
import { Command } from 'commander';
import { addHolderCommands } from './holder-commands.ts';
import { addMakerCommands } from './maker-commands.ts';
import { addPublicCommands } from './public-commands.ts';
import { Trouble } from './trouble.ts';

const program = new Command('repository')
  .description('Makes and keeps a repository of releases, by The Update Framework.')
  .option('-r, --repository <folder>', 'the repository', '.')
  .option(
    '-k, --keys <path>',
    'a folder with keys, or a key, to sign with; once for each',
    (path: string, before: string[] = []) => [...before, path],
  );
addMakerCommands(program);
addHolderCommands(program);
addPublicCommands(program);
try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Trouble)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
