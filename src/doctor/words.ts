import type { Finding } from '#ports/finding.ts';
import type { Diagnosis } from './examine.ts';

const MARKS: Readonly<Record<Finding['verdict'], string>> = {
  well: 'ok',
  notUsed: '-',
  attention: 'LOOK',
  wrong: 'WRONG',
};

const VERDICTS: Readonly<Record<Diagnosis['verdict'], string>> = {
  well: 'All is well.',
  attention: 'Something needs attention.',
  wrong: 'Something is wrong.',
};

/** A diagnosis as a table for people: mark, title, what is so, and below it what to do. */
export const diagnosisText = ({ findings, verdict, by }: Diagnosis): string => {
  const width = Math.max(0, ...findings.map(({ title }) => title.length)) + 2;
  const lines = findings.flatMap(({ title, verdict, found, remedy }) => [
    `${MARKS[verdict].padEnd(7)}${title.padEnd(width)}${found}`,
    ...(remedy === undefined ? [] : [`${' '.repeat(7 + width)}→ ${remedy}`]),
  ]);
  const where = by === 'terminal' ? '' : ' No terminal is running: this was looked at without it.';
  return [...lines, '', `${VERDICTS[verdict]}${where}`].join('\n');
};

/** "90 s", "5 min", "3 h", "12 days" */
export const durationWords = (ms: number): string => {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
};

/** A moment as "2026-11-29 17:30 UTC"; a year that no calendar has is named as it is. */
export const momentWords = (ms: number): string =>
  Math.abs(ms) <= 8.64e15
    ? `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : `${ms} ms`;
