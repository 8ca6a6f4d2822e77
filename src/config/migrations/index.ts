/** terminal.json from format to format. */
export { type Migrated, migrated, presentFormat } from './migrate.ts';
export { type ConfigStep, steps, type Wording } from './steps.ts';
