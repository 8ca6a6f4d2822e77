import { CHECKS, type CheckName } from './checks.ts';
import { ANY, FINDINGS, type FindingRow } from './findings.ts';

/** What stands around it there. */
export const HANDBOOK_MARKS = ['<!-- findings -->', '<!-- end of findings -->'] as const;

/** The part of docs/reading-the-doctor.md that is made of the tables, in Markdown. */
export const handbook = (): string =>
  [
    ...CHECKS.map(({ name, title, about }) => chapter(`${title} (\`${name}\`)`, about, of(name))),
    chapter('Any check', 'What each of them can end with.', Object.values(ANY)),
  ].join('\n');

const of = (name: CheckName): readonly FindingRow[] => Object.values(FINDINGS[name]);

const chapter = (title: string, about: string, rows: readonly FindingRow[]): string =>
  [
    ...[`## ${title}`, '', about, ''],
    ...['| verdict | what it says | what to do |', '|---|---|---|'],
    ...rows.map(({ verdict, found, remedy = '' }) => `| ${verdict} | ${found} | ${remedy} |`),
    '',
  ].join('\n');
