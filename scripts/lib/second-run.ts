// What scripts/test does with a few tests that fail in a whole run, on a machine that others use:
//   second-run.ts files REPORT         the files to run again by themselves, a line each; none when
//                                      more is broken than a test's patience
//   second-run.ts join REPORT SECOND   takes over into REPORT what passed in the second run, and
//                                      says which tests those are
import { readFileSync, writeFileSync } from 'node:fs';

interface Report {
  success: boolean;
  numFailedTests: number;
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string; failureMessages?: string[] }[];
  }[];
}

/** More than these are no accident. */
const MOST_FILES = 3;
const MOST_TESTS = 5;

const read = (path: string): Report => JSON.parse(readFileSync(path, 'utf8'));
const failedIn = (file: Report['testResults'][number]) =>
  file.assertionResults.filter(({ status }) => status === 'failed');

const filesToRunAgain = (report: Report): readonly string[] => {
  const failed = report.testResults.filter(({ status }) => status === 'failed');
  const tests = failed.map((file) => failedIn(file).length);
  const unloaded = tests.includes(0);
  const all = tests.reduce((sum, count) => sum + count, 0);
  if (unloaded || failed.length > MOST_FILES || all > MOST_TESTS) return [];
  return failed.map(({ name }) => name);
};

const join = (report: Report, second: Report): void => {
  for (const file of report.testResults) {
    const again = second.testResults.find(({ name }) => name === file.name);
    for (const test of failedIn(file)) {
      const same = again?.assertionResults.find(({ fullName }) => fullName === test.fullName);
      if (same?.status !== 'passed') continue;
      test.status = 'passed';
      const why = test.failureMessages?.[0]?.split('\n')[0] ?? '';
      process.stdout.write(`unsteady: ${test.fullName}: passes by itself; before: ${why}\n`);
    }
    // What else the file was failed for fails it again.
    if (again !== undefined) file.status = failedIn(file).length === 0 ? again.status : 'failed';
  }
  report.success = report.testResults.every(({ status }) => status === 'passed');
};

const [what, path = '', secondPath = ''] = process.argv.slice(2);
const report = read(path);
if (what === 'files') {
  process.stdout.write(
    filesToRunAgain(report)
      .map((name) => `${name}\n`)
      .join(''),
  );
} else {
  join(report, read(secondPath));
  writeFileSync(path, JSON.stringify(report));
}
