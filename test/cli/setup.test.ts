import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'countertap-setup-'));
});
afterEach(() => rmSync(root, { recursive: true }));

it("setup's first step makes a var/ that nobody else can look into", () => {
  const script = 'umask 022; total=1; . scripts/lib/steps.sh; next_step Step; work trying true';
  execFileSync('bash', ['-euc', script], { env: { ...process.env, root } });
  expect(statSync(join(root, 'var')).mode & 0o777).toBe(0o700);
});
