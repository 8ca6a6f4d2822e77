import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigProblem, configProblem } from '#config/problem.ts';
import { parseReceiptWords, type ReceiptWords } from '#config/receipts-config.ts';
import { INSTALLATION } from './places.ts';

/** A configuration set without words of its own has those that come with the terminal. */
export const loadReceiptWords = (
  folder: string,
  language: string,
): ReceiptWords | ConfigProblem => {
  const file = join('receipts', `${language}.json`);
  const own = join(folder, file);
  const name = existsSync(own) ? own : join(INSTALLATION, 'config', 'base', file);
  try {
    return parseReceiptWords({ name, text: readFileSync(name, 'utf8') });
  } catch {
    return configProblem(name, '', 'a file with the words of receipts', 'none');
  }
};
