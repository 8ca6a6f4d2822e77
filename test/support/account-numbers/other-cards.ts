// Loaded into the terminal's own process (--import): the catalogue of emulated cards lies in a
// folder of the test's, with cards under the test's account numbers.

import { createRequire, syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';

const OURS = resolve(import.meta.dirname, '../../../drivers/simulated/cards');
const folder = process.env['COUNTERTAP_OTHER_CARDS'];

const elsewhere = (path: unknown): unknown => {
  if (typeof path !== 'string' || folder === undefined) return path;
  const there = resolve(path);
  const within = there === OURS || there.startsWith(`${OURS}/`);
  return within && !/\.[jt]s$/.test(there) ? there.replace(OURS, folder) : path;
};

const files = createRequire(import.meta.url)('node:fs');
for (const name of ['readFileSync', 'readdirSync'] as const) {
  const real = files[name];
  files[name] = (path: unknown, ...more: unknown[]) => real(elsewhere(path), ...more);
}
syncBuiltinESMExports();
