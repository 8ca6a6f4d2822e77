import { readFileSync } from 'node:fs';
import { addKey, checkValueOf, keysIn, removeKey } from '#drivers/till/index.ts';
import type { SharedKey } from '#nexo/index.ts';
import { isFault } from '#ports/fault.ts';
import { type ExitCode, exit, fail, failAs, say } from './exit.ts';
import { tillKeysPath } from './opening/till-places.ts';
import type { Places } from './places.ts';
import { promptHidden } from './prompt-hidden.ts';

export interface PassphraseOptions {
  readonly cryptoVersion: number;
  /** `--passphrase-stdin`: never an argument, which others on the machine can see. */
  readonly passphraseStdin?: boolean;
}

/** `countertap till keys list`. 0, or 3 when they can't be read. */
export const listTillKeys = async (
  places: Places,
  { json }: { readonly json?: boolean },
): Promise<ExitCode> => {
  const keys = await keysIn(tillKeysPath(places));
  if (isFault(keys)) return failAs(json, keys.detail);
  const told = keys.map((key) => ({
    ...{ identifier: key.identifier, version: key.version, cryptoVersion: key.cryptoVersion },
    checkValue: checkValueOf(key),
  }));
  if (json) say(JSON.stringify(told));
  else if (told.length === 0) say('none yet: countertap till keys add IDENTIFIER VERSION');
  else
    for (const { identifier, version, checkValue } of told)
      say(line(identifier, version, checkValue));
  return exit.ok;
};

/** `countertap till keys add`. Tells the check value, to be compared with the till's. */
export const addTillKey = async (
  places: Places,
  identifier: string,
  version: number,
  options: PassphraseOptions,
): Promise<ExitCode> => {
  const passphrase = await passphraseFrom(options);
  if (typeof passphrase !== 'string') return fail(passphrase.problem);
  if (passphrase.length < SHORTEST) {
    return fail(
      `a passphrase has at least ${SHORTEST} characters: whoever hears a message can try`,
    );
  }
  const { cryptoVersion } = options;
  const key: SharedKey = { identifier, version, cryptoVersion, passphrase };
  const refused = await addKey(tillKeysPath(places), key);
  if (refused !== undefined) return fail(refused.detail);
  say(line(identifier, version, checkValueOf(key)));
  return exit.ok;
};

/** `countertap till keys remove`. */
export const removeTillKey = async (
  places: Places,
  identifier: string,
  version: number | undefined,
): Promise<ExitCode> => {
  const refused = await removeKey(tillKeysPath(places), identifier, version);
  if (refused !== undefined) return fail(refused.detail);
  say(version === undefined ? `${identifier} is removed` : `${identifier} ${version} is removed`);
  return exit.ok;
};

const SHORTEST = 8;

const line = (identifier: string, version: number, checkValue: string): string =>
  `${identifier}   version ${version}   check value ${checkValue}`;

type Asked = string | { readonly problem: string };

const passphraseFrom = async ({ passphraseStdin }: PassphraseOptions): Promise<Asked> => {
  if (passphraseStdin === true) return firstLine();
  if (!process.stdin.isTTY) {
    return { problem: 'nobody is at the keyboard: give the passphrase with --passphrase-stdin' };
  }
  const passphrase = await promptHidden('Passphrase: ');
  if (typeof passphrase !== 'string') return passphrase;
  const again = await promptHidden('The same again: ');
  if (typeof again !== 'string' || again === passphrase) return again;
  return { problem: 'the two passphrases are not the same: nothing was changed' };
};

const firstLine = (): Asked => {
  try {
    return readFileSync(0, 'utf8').split(/\r?\n/, 1)[0] ?? '';
  } catch (error) {
    return { problem: `standard input can't be read: ${(error as Error).message}` };
  }
};
