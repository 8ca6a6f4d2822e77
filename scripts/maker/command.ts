import type { Command } from 'commander';
import { type SigningKey, signingKeysIn } from './keys.ts';
import { sign, standingOf } from './signing.ts';
import type { Maker } from './store.ts';
import { Trouble } from './trouble.ts';

/** What the options before the command's name say. */
export const makerOf = (command: Command): Maker => ({
  folder: command.optsWithGlobals()['repository'],
  now: Date.now,
});

export const keyPathsOf = (command: Command): string[] => command.optsWithGlobals()['keys'] ?? [];

export const keysOf = (command: Command): SigningKey[] => signingKeysIn(keyPathsOf(command));

/** Signs drafts with the keys at hand, and says what they still need. */
export const signDrafts = (maker: Maker, roles: readonly string[], keys: readonly SigningKey[]) => {
  for (const role of roles) {
    const { version, missing } =
      keys.length > 0 ? sign(maker, role, keys) : standingOf(maker, role);
    console.log(`${role}.json, version ${version}, is a draft`);
    for (const what of missing) console.log(`  ${what}`);
    if (missing.length === 0) console.log('  signed; "publish" makes it public');
  }
};

/** A whole number of at least 1, or a `Trouble`. */
export const countOf = (text: string, what: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Trouble(`${what}: ${text} is no number from 1 on`);
  return Number(text);
};
