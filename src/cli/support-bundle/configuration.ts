import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '#ports/journal.ts';
import {
  type Collected,
  type LeftOut,
  ownWords,
  type Part,
  replayTerminal,
  withoutSecrets,
} from '#support-bundle/index.ts';
import { configurationFolder } from '../load-configuration.ts';
import { configurationFor } from '../noted-configuration.ts';
import type { Places } from '../places.ts';

/** The folder of a configuration, whether or not what is in it can be used. */
export const folderOf = (places: Places, asked: string | undefined): string => {
  const which = configurationFor(places, asked);
  const named = asked ?? process.env['COUNTERTAP_CONFIG'] ?? 'base';
  return configurationFolder('problem' in which ? named : which.name);
};

/** The maker's key, also out of a configuration that can't be used otherwise. */
export const makerKeyOf = (places: Places, asked: string | undefined): string | undefined => {
  const terminal = readJson(join(folderOf(places, asked), TERMINAL));
  const support = terminal?.['support'];
  const key =
    typeof support === 'object' ? (support as JsonObject | null)?.['makerKey'] : undefined;
  return typeof key === 'string' ? key : undefined;
};

/** The configuration without secrets and keys; no file but those that every one has. */
export const configurationParts = (places: Places, asked: string | undefined): Collected => {
  const folder = folderOf(places, asked);
  const missing: LeftOut[] = [];
  const parts: Part[] = [];
  for (const file of filesIn(folder)) {
    const path = `configuration/${file}`;
    const value = readJson(join(folder, file));
    if (value === undefined) missing.push({ path, why: "it can't be read, or is no JSON" });
    else parts.push({ path, text: jsonText(withoutSecrets(value)), except: wordsOf(file, value) });
  }
  return { parts, missing };
};

/** The part of a configuration that decides how a tap goes, to lie beside transcripts. */
export const replayConfiguration = (folder: string): readonly Part[] =>
  filesIn(folder).flatMap((file): Part[] => {
    const value = readJson(join(folder, file));
    if (value === undefined) return [];
    const safe = file === TERMINAL ? replayTerminal(value) : value;
    const path = `replay/configuration/${file}`;
    return [{ path, text: jsonText(safe), except: wordsOf(file, value) }];
  });

const TERMINAL = 'terminal.json';

const filesIn = (folder: string): readonly string[] => [
  ...[TERMINAL, 'combinations.json', 'revoked-certificates.json'].filter((file) =>
    namesIn(folder).includes(file),
  ),
  ...namesIn(join(folder, 'texts'))
    .filter((file) => file.endsWith('.json'))
    .map((file) => join('texts', file)),
];

const namesIn = (folder: string): readonly string[] => {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
};

const readJson = (path: string): JsonObject | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
  } catch {
    return undefined;
  }
};

const jsonText = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

const wordsOf = (file: string, value: JsonObject): ReadonlySet<string> =>
  file === TERMINAL ? ownWords(value) : new Set();
