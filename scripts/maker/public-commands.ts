import type { Command } from 'commander';
import { keysOf, makerOf } from './command.ts';
import { pack } from './pack.ts';
import { publish, refresh } from './publish.ts';
import { Trouble } from './trouble.ts';
import { verify } from './verify.ts';

/** What makes drafts public and keeps them so. */
export const addPublicCommands = (program: Command): void => {
  program
    .command('publish')
    .description('checks all drafts and makes them public, with a new snapshot and timestamp')
    .action((_, command: Command) => say(publish(makerOf(command), keysOf(command))));
  program
    .command('refresh')
    .description('signs a new timestamp, and a snapshot where it is due: for a timer')
    .action((_, command: Command) => say(refresh(makerOf(command), keysOf(command))));
  program
    .command('pack <to>')
    .description('puts what is public into a folder for a stick, or into one file: <to>.tar')
    .option('--release <version...>', 'only these releases')
    .option('--machine <machine...>', 'only releases for these machines')
    .action(async (to: string, options: Record<string, string[]>, command: Command) => {
      const { release: versions = [], machine: machines = [] } = options;
      const files = await pack(makerOf(command), to, { versions, machines });
      console.log(`${files.length} files are in ${to}`);
    });
  program
    .command('verify')
    .description('reads the whole repository as a strict client would')
    .action(async (_, command: Command) => {
      const { wrong, told } = await verify(makerOf(command));
      say(told);
      if (wrong.length > 0) throw new Trouble(wrong.join('\n'));
      console.log('all of it is as it was signed');
    });
};

const say = (lines: readonly string[]): void => {
  for (const line of lines) console.log(line);
};
