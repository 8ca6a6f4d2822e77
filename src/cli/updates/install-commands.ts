import type { Command } from 'commander';

/** What scripts/install calls, out of the bundle that it installs. */
export const addInstallCommands = (program: Command): void => {
  program
    .command('install-release', { hidden: true })
    .description('put the first release into the slots of a new installation')
    .argument('<bundle>')
    .requiredOption('--root <folder>', 'the folder with the slots')
    .action(async (bundle: string, { root }: { root: string }) => {
      const { installRelease } = await import('./install-release.ts');
      process.exitCode = await installRelease(bundle, root);
    });
};
