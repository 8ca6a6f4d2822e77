import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import {
  activation,
  configuration,
  entry,
  fci,
  type Line,
  OTHER,
  ppse,
} from '#test/support/lab-port.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = join(ROOT, 'src/cli/main.ts');

let child: ChildProcessWithoutNullStreams | undefined;

afterEach(() => {
  child?.kill();
  child = undefined;
});

/** The real command; `next` is its next line. */
const open = () => {
  const lab = spawn(process.execPath, [MAIN, 'lab']);
  child = lab;
  const lines = createInterface({ input: lab.stdout })[Symbol.asyncIterator]();
  const stderr: string[] = [];
  lab.stderr.on('data', (piece: Buffer) => stderr.push(piece.toString()));
  const closed = once(lab, 'close');
  return {
    send: (line: Line | string | Buffer) =>
      lab.stdin.write(
        typeof line === 'string' || Buffer.isBuffer(line) ? line : `${JSON.stringify(line)}\n`,
      ),
    next: async (): Promise<Line> => JSON.parse(String((await lines.next()).value)) as Line,
    more: async (): Promise<boolean> => (await lines.next()).done !== true,
    end: () => lab.stdin.end(),
    exitCode: async (): Promise<unknown> => (await closed)[0],
    stderr,
  };
};

const OK = { ok: true };

describe('countertap lab', () => {
  test('plays a transaction on standard input and output', async () => {
    const lab = open();
    lab.send(configuration());
    expect(await lab.next()).toEqual(OK);
    lab.send({ op: 'activate', ...activation() });
    expect(await lab.next()).toMatchObject({ event: 'ui', messageId: '15' });
    expect(await lab.next()).toEqual({ event: 'field', on: true, holdMs: 0 });
    expect(await lab.next()).toEqual({ ask: 'card', timeoutMs: 30_000 });
    lab.send({ card: 'present' });
    expect(await lab.next()).toMatchObject({ ask: 'exchange' });
    lab.send({ rapdu: ppse(entry({ name: OTHER })) });
    expect(await lab.next()).toMatchObject({ capdu: `00A4040007${OTHER}00` });
    lab.send({ rapdu: fci(OTHER) });
    expect(await lab.next()).toMatchObject({ ask: 'kernel', aid: OTHER });
    lab.send({ outcome: { outcome: 'onlineRequest', uiOnOutcome: { messageId: '1B' } } });
    expect(await lab.next()).toMatchObject({ event: 'ui', messageId: '1B' });
    expect(await lab.next()).toMatchObject({
      outcome: { outcome: 'onlineRequest', uiOnOutcome: { messageId: '1B' } },
      selected: { adfName: OTHER },
    });
    lab.send({ op: 'quit' });
    expect(await lab.next()).toEqual(OK);
    expect(await lab.more()).toBe(false);
    expect(await lab.exitCode()).toBe(0);
    expect(lab.stderr).toEqual([]);
  });

  test('takes a clock and a random number of its own where the lab gives none', async () => {
    const numbers: unknown[] = [];
    const lab = open();
    lab.send(configuration());
    await lab.next();
    for (const sequenceCounter of [1, 2]) {
      const { clock, random, ...plain } = activation({ sequenceCounter });
      lab.send({ op: 'activate', ...plain });
      for (let line = await lab.next(); !('outcome' in line); line = await lab.next()) {
        if (line['ask'] === 'card') lab.send({ card: 'present' });
        if (line['ask'] === 'exchange') {
          const directory = String(line['capdu']).includes('325041592E');
          lab.send({ rapdu: directory ? ppse(entry({ name: OTHER })) : fci(OTHER) });
        }
        if (line['ask'] === 'kernel') {
          numbers.push(line['unpredictableNumber']);
          expect(String((line['terminal'] as Line)['9A'])).toMatch(/^[2-9]\d[01]\d[0-3]\d$/);
          lab.send({ outcome: { outcome: 'approved' } });
        }
      }
    }
    expect(numbers).toHaveLength(2);
    expect(numbers[0]).not.toBe(numbers[1]);
  });

  test('ends with its input, whatever it was asking', async () => {
    const lab = open();
    lab.send(configuration());
    lab.send({ op: 'activate', ...activation() });
    lab.end();
    expect(await lab.exitCode()).toBe(0);
    expect(lab.stderr).toEqual([]);
  });

  test('ends on quit during an ask, with input still open', async () => {
    const lab = open();
    lab.send(configuration());
    await lab.next();
    lab.send({ op: 'activate', ...activation() });
    for (let i = 0; i < 3; i++) await lab.next();
    lab.send({ op: 'quit' });
    expect(await lab.next()).toEqual(OK);
    expect(await lab.exitCode()).toBe(0);
  });

  test('reads a last line without an end, and lines in pieces', () => {
    const input = `${JSON.stringify(configuration())}\r\n{"op":"reset"}`;
    const { stdout, status } = spawnSync(process.execPath, [MAIN, 'lab'], { input });
    expect([stdout.toString(), status]).toEqual(['{"ok":true}\n{"ok":true}\n', 0]);
  });

  test('refuses a line of over a megabyte, and goes on', async () => {
    const lab = open();
    lab.send(`{"op":"configure","terminal":{"9F1A":"${'0'.repeat(3_000_000)}"}}\n`);
    expect(await lab.next()).toMatchObject({ error: { code: 'malformed' } });
    lab.send('{"op":"reset"}\n');
    expect(await lab.next()).toEqual(OK);
  });

  test('refuses what is no UTF-8, and goes on', async () => {
    const lab = open();
    lab.send(Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d, 0x0a]));
    expect(await lab.next()).toMatchObject({ error: { code: 'malformed' } });
    lab.send('{"op":"reset","note":"Grüße, 你好"}\n');
    expect(await lab.next()).toEqual(OK);
  });
});

test('a lab in another language plays lower tester and test kernel', () => {
  const script = join(ROOT, 'test/lab/lab_example.py');
  const { stdout, stderr, status } = spawnSync('python3', [script, process.execPath, MAIN], {
    timeout: 30_000,
  });
  expect(stderr.toString()).toBe('');
  expect(stdout.toString().trimEnd().split('\n').at(-1)).toBe('5 of 5 cases passed');
  expect(status).toBe(0);
});
