import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * This checkout as a release in a slot: its own sources, and a folder of dependencies that is its
 * own but for what is in them.
 */
export const layRelease = (slot: string): void => {
  mkdirSync(join(slot, 'node_modules'), { recursive: true });
  for (const name of ['src', 'drivers', 'config', 'package.json']) {
    cpSync(join(ROOT, name), join(slot, name), { recursive: true });
  }
  const modules = join(ROOT, 'node_modules');
  for (const name of readdirSync(modules)) {
    if (!name.startsWith('.')) symlinkSync(join(modules, name), join(slot, 'node_modules', name));
  }
  const start = `#!/bin/sh\nexec '${process.execPath}' '${slot}/src/cli/main.ts' "$@"\n`;
  writeFileSync(join(slot, 'start'), start);
  chmodSync(join(slot, 'start'), 0o755);
};

/** Everything in a folder, by name: its kind, its size and what it holds; no link is followed. */
export const everythingIn = (folder: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const walk = (below: string): void => {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const name = join(below, entry.name);
      const { mode, mtimeMs } = lstatSync(join(folder, name));
      const contents = entry.isFile() ? readFileSync(join(folder, name)) : '';
      const digest = createHash('sha256').update(contents).digest('hex');
      found.set(name, `${mode} ${entry.isFile() ? mtimeMs : ''} ${digest}`);
      if (entry.isDirectory()) walk(name);
    }
  };
  walk('');
  return found;
};
