/** The machine's own disk, and a release's self-test in its own process: for src/upkeep. */

export { machineDisk } from './disk.ts';
export { processSelfTest } from './self-tests.ts';
