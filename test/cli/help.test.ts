import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it.each(['run', 'sale', 'tap'])('the help of `countertap %s` tells about --state', async (name) => {
  const { stdout } = await promisify(execFile)('scripts/countertap', [name, '--help']);
  expect(stdout).toMatch(/Global Options:\n +--state <folder>/);
});
