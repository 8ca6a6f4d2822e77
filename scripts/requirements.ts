/**
 * Joins the requirements of the books (docs/requirements/*.json) with the tests that name them:
 *   node scripts/requirements.ts           writes docs/requirements.md
 *   node scripts/requirements.ts --check   fails when the page is stale or a requirement is bare
 *   … --check REPORT…                      the same by vitest's JSON reports of all tests, at once
 * A test names what it covers in square brackets: "[C-2 S456.21] …", several with "; " between.
 * Or the requirement names its tests: parts of their full names, "describe > test", in `tests`.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Requirement {
  readonly id: string;
  readonly requirement: string;
  readonly clause: string;
  /** Parts of the full names of tests; each must be found in one at least. */
  readonly tests?: readonly string[];
  /** Why no test covers it; only then may there be none. */
  readonly reason?: string;
}

/** Of vitest's JSON report, what is wanted here. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[];
      readonly title: string;
    }[];
  }[];
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
const check = process.argv.includes('--check');
const reports = process.argv.slice(2).filter((word) => word !== '--check');
const tests = reports.length === 0 ? listed() : reports.flatMap(ran);

const covering = new Map<string, Listed[]>();
for (const test of tests) {
  for (const [, inside = ''] of test.name.matchAll(/\[([^\]]+)\]/g)) {
    for (const id of inside.split(/;\s*/)) {
      covering.set(id, [...(covering.get(id) ?? []), test]);
    }
  }
}

const rows = books.flatMap((book) => book.rows);
for (const { id, tests: parts = [] } of rows) {
  const found = tests.filter(({ name }) => parts.some((part) => name.includes(part)));
  if (found.length > 0) covering.set(id, [...(covering.get(id) ?? []), ...found]);
}

const known = new Set(rows.map(({ id }) => id));
const bare = rows.filter(
  (row) => lost(row).length > 0 || (!covering.has(row.id) && row.reason === undefined),
);
const unknown = [...covering.keys()].filter(
  (id) => /^(C-\d|Book|EP|A|B) /.test(id) && !known.has(id),
);
for (const row of bare) {
  const gone = lost(row).map((part) => `; no test is called "${part}"`);
  console.error(`bare: ${row.id}: ${row.requirement}${gone.join('')}`);
}
for (const id of unknown) console.error(`a test names ${id}, which is no requirement`);

const text = [
  '# Requirements and the tests that cover them',
  '',
  'Made by `npm run requirements` from `docs/requirements/*.json` and the names of the tests.',
  ...books.flatMap((book) => [
    '',
    `## ${book.name}: ${book.rows.length} requirements`,
    '',
    '| id | requirement | clause | covered by |',
    '|---|---|---|---|',
    ...book.rows.map(
      (row) => `| ${row.id} | ${cell(row.requirement)} | ${cell(row.clause)} | ${coverage(row)} |`,
    ),
  ]),
  '',
].join('\n');

if (check) {
  if (readFileSync(page, 'utf8') !== text) {
    console.error('docs/requirements.md is stale: run "npm run requirements" and commit it');
    process.exitCode = 1;
  }
} else writeFileSync(page, text);
const tested = rows.filter(({ id }) => covering.has(id)).length;
const { length: total } = rows;
console.log(`${total} requirements: ${tested} tested, ${bare.length} without a test or a reason`);
if (bare.length + unknown.length > 0) process.exitCode = 1;

// Every test file is loaded for that, which takes minutes.
function listed(): readonly Listed[] {
  const out = execFileSync(
    process.execPath,
    // As they run: a table of cases has a name for each case, which the source alone doesn't tell.
    [join(root, 'node_modules/vitest/vitest.mjs'), 'list', '--json', '--no-static-parse'],
    { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  return JSON.parse(out) as readonly Listed[];
}

function ran(report: string): readonly Listed[] {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  return testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title }) => ({
      file,
      name: [...ancestorTitles, title].join(' > '),
    })),
  );
}

function lost({ tests: parts = [] }: Requirement): readonly string[] {
  return parts.filter((part) => !tests.some(({ name }) => name.includes(part)));
}

function coverage({ id, reason }: Requirement): string {
  const found = covering.get(id);
  if (found === undefined) return reason === undefined ? '**none**' : `not tested: ${cell(reason)}`;
  const files = [...new Set(found.map(({ file }) => relative(join(root, 'test'), file)))].sort();
  return `${found.length} in ${files.map((file) => `\`${file}\``).join(', ')}`;
}

function cell(words: string): string {
  return words.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
