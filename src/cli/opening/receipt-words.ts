import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigProblem, configProblem, isConfigProblem } from '#config/problem.ts';
import { parseReceiptWords, type ReceiptWords } from '#config/receipts-config.ts';
import { INSTALLATION } from '../places.ts';

/** A configuration set without words of its own has those that come with the terminal. */
export const loadReceiptWords = (
  folder: string,
  language: string,
): ReceiptWords | ConfigProblem => {
  const name = fileOf(folder, language);
  try {
    return parseReceiptWords({ name, text: readFileSync(name, 'utf8') });
  } catch {
    return configProblem(name, '', 'a file with the words of receipts', 'none');
  }
};

/** The same, and a file that is as it was is not read again. */
export const keptReceiptWords = (
  folder: string,
): ((language: string) => ReceiptWords | ConfigProblem) => {
  const kept = new Map<string, { readonly mark: string; readonly words: ReceiptWords }>();
  return (language) => {
    const name = fileOf(folder, language);
    const { mtimeMs, size } = statSync(name, { throwIfNoEntry: false }) ?? {};
    const mark = `${name} ${mtimeMs} ${size}`;
    const known = kept.get(language);
    if (known?.mark === mark) return known.words;
    const words = loadReceiptWords(folder, language);
    if (!isConfigProblem(words)) kept.set(language, { mark, words });
    return words;
  };
};

const fileOf = (folder: string, language: string): string => {
  const file = join('receipts', `${language}.json`);
  const own = join(folder, file);
  return existsSync(own) ? own : join(INSTALLATION, 'config', 'base', file);
};
