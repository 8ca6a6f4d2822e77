import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { type CaPublicKeyRow, parseCaPublicKeys } from '#config/ca-public-keys-config.ts';
import { type CombinationSet, parseCombinationSets } from '#config/combinations-config.ts';
import { type ConfigProblem, configProblem, isConfigProblem } from '#config/problem.ts';
import type { ConfigFile } from '#config/read.ts';
import { parseRevokedCertificates } from '#config/revoked-certificates-config.ts';
import { parseTerminalConfig, type TerminalConfig } from '#config/terminal-config.ts';
import { parseTexts, type Texts } from '#config/texts-config.ts';
import { contactlessConfiguration } from '#contactless/configuration.ts';
import { builtInKernels } from '#contactless/kernels.ts';
import { schemesWithoutBook } from '#data/schemes.ts';
import type { ReaderConfiguration } from '#entry-point/configuration.ts';
import { type CaPublicKeys, caPublicKeys, issuerKeyCache, revocationList } from '#oda/index.ts';
import { pemProblem } from './pem-files.ts';
import { INSTALLATION } from './places.ts';

export interface Configuration {
  /** As it was asked for: a set under config/, or a folder. */
  readonly name: string;
  readonly folder: string;
  readonly terminal: TerminalConfig;
  /** What `contactless` is put together from. */
  readonly sets: readonly CombinationSet[];
  readonly contactless: ReaderConfiguration;
  /** Of the environment that the terminal names. */
  readonly caPublicKeys: CaPublicKeys;
  readonly texts: Readonly<Record<string, Texts>>;
}

/**
 * Reads a configuration set whole, or says what is wrong with the first file that can't be used.
 * @param name a set under config/, such as "base", or a folder
 */
export const loadConfiguration = (name: string): Configuration | ConfigProblem => {
  const folder = configurationFolder(name);
  const terminal = parsed(folder, 'terminal.json', parseTerminalConfig);
  if (isConfigProblem(terminal)) return terminal;
  const source = fileName(folder, 'terminal.json');
  const unusable = pemProblem(folder, source, terminal.host.connection);
  if (unusable !== undefined) return unusable;
  const sets = parsed(folder, 'combinations.json', parseCombinationSets);
  if (isConfigProblem(sets)) return sets;
  const keys = loadCaPublicKeys(terminal.caPublicKeys);
  if (isConfigProblem(keys)) return keys;
  const revoked = loadRevoked(folder);
  if (isConfigProblem(revoked)) return revoked;
  const caKeys = caPublicKeys(keys);
  const contactless = contactlessConfiguration({
    source: fileName(folder, 'combinations.json'),
    sets,
    terminal: terminal.terminal.data,
    kernels: builtInKernels,
    otherInterface: schemesWithoutBook,
    authentication: {
      caKeys,
      revoked: revocationList(revoked),
      exceptionFile: new Set(),
      issuerKeys: issuerKeyCache(),
    },
  });
  if (isConfigProblem(contactless)) return contactless;
  const texts = loadTexts(folder);
  if (isConfigProblem(texts)) return texts;
  const { language } = terminal.terminal;
  if (!(language in texts)) {
    const found = `"${language}" without texts/${language}.json`;
    return configProblem(source, 'terminal.language', 'a language with texts', found);
  }
  return { name, folder, terminal, sets, contactless, caPublicKeys: caKeys, texts };
};

/** @param name a set under config/, such as "base", or a folder */
export const configurationFolder = (name: string): string =>
  name.includes('/') || isAbsolute(name) ? resolve(name) : join(INSTALLATION, 'config', name);

// Beside the configuration sets: the schemes' keys are the same for all of them.
const CA_PUBLIC_KEYS = join(INSTALLATION, 'config', 'ca-public-keys');

// Emulated cards are test cards: a terminal that takes real money must not know their authority,
// whose private keys anyone can read.
const loadCaPublicKeys = (
  environment: TerminalConfig['caPublicKeys'],
): readonly CaPublicKeyRow[] | ConfigProblem => {
  const keys = parsed(CA_PUBLIC_KEYS, `${environment}.json`, parseCaPublicKeys);
  if (isConfigProblem(keys) || environment === 'live') return keys;
  const simulated = parsed(CA_PUBLIC_KEYS, 'simulated.json', parseCaPublicKeys);
  return isConfigProblem(simulated) ? simulated : [...keys, ...simulated];
};

// A configuration set may have none: then no certificate is revoked.
const loadRevoked = (folder: string) =>
  existsSync(join(folder, REVOKED)) ? parsed(folder, REVOKED, parseRevokedCertificates) : [];

const REVOKED = 'revoked-certificates.json';

const loadTexts = (folder: string): Readonly<Record<string, Texts>> | ConfigProblem => {
  const texts: Record<string, Texts> = {};
  for (const file of listJson(join(folder, 'texts'))) {
    const one = parsed(folder, join('texts', file), parseTexts);
    if (isConfigProblem(one)) return one;
    texts[file.replace(/\.json$/, '')] = one;
  }
  return texts;
};

const parsed = <Value>(
  folder: string,
  file: string,
  parse: (file: ConfigFile) => Value | ConfigProblem,
): Value | ConfigProblem => {
  const name = fileName(folder, file);
  try {
    return parse({ name, text: readFileSync(join(folder, file), 'utf8') });
  } catch (error) {
    return configProblem(name, '', 'a file that can be read', codeOf(error));
  }
};

const listJson = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder).filter((file) => file.endsWith('.json'));
  } catch {
    return [];
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

const fileName = (folder: string, file: string): string => {
  const path = relative(process.cwd(), join(folder, file));
  return path.startsWith('..') ? join(folder, file) : path;
};
