import { type Command, Option } from 'commander';
import type { Places } from './places.ts';

/** Where a command finds its configuration, unless it is told. */
export const configOption = (what = 'a configuration set under config/, or a folder'): Option =>
  new Option('--config <set>', what).default('base').env('COUNTERTAP_CONFIG');

/** Commands about whether this release and the shop's configuration fit each other. */
export const addConfigurationCommands = (program: Command, places: () => Places): void => {
  program
    .command('self-test', { hidden: true })
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      const { selfTest } = await import('./self-test.ts');
      process.exitCode = await selfTest(places(), config);
      process.exit();
    });
  program
    .command('migrate-configuration')
    .description("a configuration in this release's format, in another folder; nobody needs it")
    .argument('<folder>', 'a new folder')
    .addOption(configOption())
    .action(async (folder: string, { config }: { config: string }) => {
      const { migrateConfiguration } = await import('./migrate-configuration.ts');
      process.exitCode = migrateConfiguration(config, folder);
    });
};
