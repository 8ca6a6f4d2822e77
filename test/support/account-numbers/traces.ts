import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inspect } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { isMalformed } from '#bytes/malformed.ts';
import {
  exportJournal,
  listPayments,
  recoverFile,
  showPayment,
  verifyFile,
} from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import { parseTranscript } from '#transcript/index.ts';
import type { Found, Search } from './search.ts';

/** Every file below a folder, as it lies there. */
export const inFiles = (folder: string, search: Search): readonly Found[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return search(path, readFileSync(path));
    });

/** What the journal's file hides from a search: compressed transcripts. How many there were. */
export const inTranscripts = (
  journal: string,
  search: Search,
): { readonly found: readonly Found[]; readonly count: number } => {
  const database = new DatabaseSync(journal, { readOnly: true });
  const rows = database
    .prepare("SELECT payment, content FROM attachments WHERE name = 'transcript'")
    .all();
  database.close();
  const found = rows.flatMap(({ payment, content }) => {
    const text = inflateRawSync(content as Uint8Array).toString('utf8');
    const parsed = parseTranscript(text);
    const problem = isMalformed(parsed) ? inspect(parsed) : '';
    return search(`transcript of ${payment}`, `${text}\n${problem}`);
  });
  return { found, count: rows.length };
};

/** What `countertap journal verify, list, show, export` say of all of it. */
export const inCommands = (journal: string, search: Search): readonly Found[] => {
  const said: string[] = [inspect(verifyFile(journal))];
  const listed = listPayments(journal, Number.MAX_SAFE_INTEGER);
  if (isFault(listed)) throw new Error(listed.detail);
  said.push(JSON.stringify(listed));
  for (const { id } of listed) said.push(inspect(showPayment(journal, id), { depth: 9 }));
  exportJournal(journal, (line) => said.push(line));
  return search('journal commands', said.join('\n'));
};

/** A copy of the journal that was damaged, what recovering it says, and what it leaves behind. */
export const inRecovery = (journal: string, aside: string, search: Search): readonly Found[] => {
  cpSync(join(journal, '..'), aside, { recursive: true });
  const copy = join(aside, 'journal.db');
  for (const end of ['-wal', '-shm', '.lock']) {
    if (existsSync(`${copy}${end}`)) writeFileSync(`${copy}${end}`, '');
  }
  const bytes = readFileSync(copy);
  for (let at = 5 * 4096; at < bytes.length; at += 40 * 4096) bytes.fill(0x47, at, at + 999);
  writeFileSync(copy, bytes);
  const said = inspect(recoverFile(copy, Date.now), { depth: 9 });
  return [...search('what recovery says', said), ...inFiles(aside, search)];
};
