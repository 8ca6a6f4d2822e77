import {
  exportJournal,
  listPayments,
  showPayment,
  showTranscript,
  verifyFile,
} from '#drivers/sqlite/index.ts';
import { isFault } from '#ports/fault.ts';
import {
  type Collected,
  extractLine,
  type LeftOut,
  type Part,
  transcriptForElsewhere,
  withoutRiddles,
} from '#support-bundle/index.ts';
import type { Places } from '../places.ts';
import { replayConfiguration } from './configuration.ts';

/** The latest of the journal's entries. */
const MOST_ENTRIES = 20_000;

/** What happened: states, events and times, from `sinceMs` on; and whether the chain holds. */
export const journalParts = ({ journal }: Places, sinceMs: number): Collected => {
  const lines: string[] = [];
  const state = exportJournal(journal, (line) => {
    const told = extractLine(line, sinceMs);
    if (told === undefined) return;
    lines.push(told);
    if (lines.length > 2 * MOST_ENTRIES) lines.splice(0, MOST_ENTRIES);
  });
  const kept = lines.slice(-MOST_ENTRIES);
  const check = { read: state, verified: verifyFile(journal), entriesHere: kept.length };
  const parts: Part[] = [
    { path: 'journal/check.json', text: withoutRiddles(`${JSON.stringify(check, null, 2)}\n`) },
  ];
  if (kept.length > 0) parts.push({ path: 'journal/entries.jsonl', text: `${kept.join('\n')}\n` });
  return { parts };
};

/** Transcripts of the latest payments, unless some are named. */
const LATEST = 50;

/**
 * Transcripts of payments, redacted, beside a configuration that `countertap replay` can use.
 * @param folder the configuration's; without one the transcripts name the set that they ran with
 */
export const replayParts = (
  { journal }: Places,
  sinceMs: number,
  wanted: readonly string[] | undefined,
  folder: string | undefined,
): Collected => {
  const missing: LeftOut[] = [];
  const parts: Part[] = [];
  for (const id of idsOf(journal, sinceMs, wanted, missing)) {
    const path = `replay/${id.replaceAll(/[^0-9A-Za-z-]/g, '_')}.tap`;
    const text = showTranscript(journal, id);
    if (isFault(text)) {
      missing.push({ path, why: text.detail });
    } else if (text !== undefined) {
      const safe = transcriptForElsewhere(text, folder === undefined ? 'base' : './configuration');
      if (safe === undefined) missing.push({ path, why: 'it is no transcript' });
      else parts.push({ path, text: safe });
    } else if (wanted !== undefined) {
      missing.push({ path, why: 'no card was read for it' });
    }
  }
  if (parts.length === 0 || folder === undefined) return { parts, missing };
  return { parts: [...parts, ...replayConfiguration(folder)], missing };
};

const idsOf = (
  journal: string,
  sinceMs: number,
  wanted: readonly string[] | undefined,
  missing: LeftOut[],
): readonly string[] => {
  if (wanted === undefined) {
    const rows = listPayments(journal, LATEST);
    if (isFault(rows)) missing.push({ path: 'replay', why: rows.detail });
    return isFault(rows) ? [] : rows.filter((row) => row.startedMs >= sinceMs).map(({ id }) => id);
  }
  return wanted.flatMap((name) => {
    const found = showPayment(journal, name);
    if (found !== undefined && !isFault(found)) return [found.row.id];
    const why = found === undefined ? 'the journal has no such payment' : found.detail;
    missing.push({ path: 'replay', why: `payment ${name.slice(0, 64)}: ${why}` });
    return [];
  });
};
