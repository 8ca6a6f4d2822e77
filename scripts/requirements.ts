/**
 * Joins the requirements of the books (docs/requirements/*.json) with the tests that name them:
 *   node scripts/requirements.ts           writes docs/requirements.md
 *   node scripts/requirements.ts --check   fails when the page is stale or a requirement is bare
 * A test names what it covers in square brackets: "[C-2 S456.21] …", several with "; " between.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Requirement {
  readonly id: string;
  readonly requirement: string;
  readonly clause: string;
  /** Why no test covers it; only then may there be none. */
  readonly reason?: string;
}

interface Listed {
  readonly name: string;
  readonly file: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'docs', 'requirements');
const page = join(root, 'docs', 'requirements.md');

const books = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map((file) => ({
    name: file.replace('.json', ''),
    rows: JSON.parse(readFileSync(join(folder, file), 'utf8')) as readonly Requirement[],
  }));
const tests = JSON.parse(
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), 'list', '--json', '--project', 'unit'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
  ),
) as readonly Listed[];

const covering = new Map<string, Listed[]>();
for (const test of tests) {
  for (const [, inside = ''] of test.name.matchAll(/\[([^\]]+)\]/g)) {
    for (const id of inside.split(/;\s*/)) {
      covering.set(id, [...(covering.get(id) ?? []), test]);
    }
  }
}

const known = new Set(books.flatMap(({ rows }) => rows.map(({ id }) => id)));
const bare = books.flatMap(({ rows }) =>
  rows.filter(({ id, reason }) => !covering.has(id) && reason === undefined),
);
const unknown = [...covering.keys()].filter(
  (id) => /^(C-\d|Book|EP|A|B) /.test(id) && !known.has(id),
);
for (const { id, requirement } of bare) console.error(`no test names ${id}: ${requirement}`);
for (const id of unknown) console.error(`a test names ${id}, which is no requirement`);

const text = [
  '# Requirements and the tests that cover them',
  '',
  'Made by `npm run requirements` from `docs/requirements/*.json` and the names of the tests.',
  ...books.flatMap(({ name, rows }) => [
    '',
    `## ${name}: ${rows.length} requirements`,
    '',
    '| id | requirement | covered by |',
    '|---|---|---|',
    ...rows.map((row) => `| ${row.id} | ${cell(row.requirement)} | ${coverage(row)} |`),
  ]),
  '',
].join('\n');

if (process.argv.includes('--check')) {
  if (readFileSync(page, 'utf8') !== text) {
    console.error('docs/requirements.md is stale: npm run requirements');
    process.exitCode = 1;
  }
} else writeFileSync(page, text);
const total = books.reduce((sum, { rows }) => sum + rows.length, 0);
console.log(`${total} requirements, ${bare.length} without a test or a reason`);
if (bare.length + unknown.length > 0) process.exitCode = 1;

function coverage({ id, reason }: Requirement): string {
  const found = covering.get(id);
  if (found === undefined) return reason === undefined ? '**none**' : `not tested: ${cell(reason)}`;
  const files = [...new Set(found.map(({ file }) => relative(join(root, 'test'), file)))];
  return `${found.length} in ${files.map((file) => `\`${file}\``).join(', ')}`;
}

function cell(words: string): string {
  return words.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
