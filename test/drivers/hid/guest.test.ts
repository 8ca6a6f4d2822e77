import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';

const SCRIPT = new URL('../../../scripts/hid-proof', import.meta.url).pathname;
const EXPECTED = new URL('guest/expected.txt', import.meta.url);
// The script gives the machine 200 s, and may have to fetch and unpack the kernel before.
const WITHIN_MS = 300_000;

interface Ran {
  readonly code: number | null;
  readonly output: string;
}

const run = (variables: Readonly<Record<string, string>>): Promise<Ran> => {
  const child = spawn(SCRIPT, { env: { ...process.env, ...variables } });
  onTestFinished(() => void child.kill());
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
};

describe("the HID driver in a virtual machine with Debian's kernel", () => {
  test(
    'reads scanners that the kernel lists, loses them and finds them again',
    async () => {
      const { code, output } = await run({});
      const lines = output.split('\n').filter((line) => line.startsWith('proof: '));
      expect({ code, output }).toMatchObject({ code: 0 });
      expect(`${lines.join('\n')}\n`).toBe(readFileSync(EXPECTED, 'utf8'));
    },
    WITHIN_MS,
  );

  test('is not proven where QEMU is missing, and says so', async () => {
    const { code, output } = await run({ QEMU: 'no-such-qemu' });
    expect(code).toBe(77);
    expect(output).toContain('No proof: no-such-qemu is not installed');
  });
});
