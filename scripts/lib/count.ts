// count.ts REPORT…: adds up vitest's JSON reports; prints "passed failed" as two numbers. A report
// that is missing, or a file that didn't load, is one failure; so is a test that was passed over.
import { readFileSync } from 'node:fs';

interface Report {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

const read = (path: string): Report | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

const count = (report: Report | undefined): { passed: number; failed: number } => {
  if (!report) return { passed: 0, failed: 1 };
  const tests = report.testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const failed = tests.length - passed + unloaded.length;
  const silent = failed === 0 && (!report.success || passed === 0) ? 1 : 0;
  return { passed, failed: failed + silent };
};

const counts = process.argv.slice(2).map((path) => count(read(path)));
const passed = counts.reduce((sum, one) => sum + one.passed, 0);
const failed = counts.reduce((sum, one) => sum + one.failed, 0);
process.stdout.write(`${passed} ${failed}\n`);
