import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ControlServer, openControl } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { isFault } from '#ports/fault.ts';
import { keptLog } from '#test/support/kept-log.ts';

let state: string;
let terminal: ControlServer | undefined;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-output-'));
});
afterEach(async () => {
  await terminal?.close();
  terminal = undefined;
  rmSync(state, { recursive: true });
});

/** A terminal that answers every payment so. */
const answering = async (result: ControlLine) => {
  const opened = await openControl(
    join(state, 'run', 'countertap.sock'),
    async ({ op }, reply) => reply(op === 'status' ? { currency: 'USD' } : { result }),
    keptLog(),
  );
  if (isFault(opened)) throw new Error(opened.detail);
  terminal = opened;
};

const sold = (more: ControlLine = {}): ControlLine => ({
  ...{ status: 'approved', transactionId: '6F53728E5D32', amountMinor: 6610 },
  ...{ currency: 'USD', reason: 'approved' },
  ...more,
});

const countertap = async (words: readonly string[], stdout: 'pipe' | 'closed' | number) => {
  const child = spawn('scripts/countertap', ['--state', state, ...words], {
    stdio: ['ignore', stdout === 'closed' ? 'pipe' : stdout, 'pipe'],
  });
  if (stdout === 'closed') child.stdout?.destroy();
  const printed = Promise.all([
    stdout === 'pipe' && child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
  ]);
  const [code] = await once(child, 'close');
  const [out, err] = await printed;
  return { code, stdout: out, stderr: err };
};

describe('a result that nobody can be told', () => {
  it('ends with 3 and a sentence on a full disk, approved or declined', async () => {
    await answering(sold());
    const full = openSync('/dev/full', 'w');
    const { code, stderr } = await countertap(['sale', '66.10', '--json'], full);
    closeSync(full);
    expect(stderr).toMatch(/^countertap: what came of it can't be written: ENOSPC[^\n]*\n$/);
    expect(code).toBe(3);
  }, 30_000);

  it.each([
    ['approved', 0],
    ['declined', 1],
    ['timedOut', 2],
  ])(
    'ends with its own code where the reader has gone: %s, %i',
    async (status, expected) => {
      await answering(sold({ status }));
      const { code, stderr } = await countertap(['sale', '66.10', '--json'], 'closed');
      expect(stderr).toBe('');
      expect(code).toBe(expected);
    },
    30_000,
  );
});

describe('--json', () => {
  it.each([
    [['sale', '1.00', '--json']],
    [['refund', '1.00', '--json']],
    [['void', 'P1', '--json']],
    [['complete', 'P1', '1.00', '--json']],
    [['reconcile', '--json']],
    [['note', 'P1', '--json']],
    [['status', '--json']],
  ])('says an error as one object, too: %s', async (words) => {
    const { code, stdout, stderr } = await countertap(words, 'pipe');
    const reason = 'no terminal is running here: start one with ./scripts/start';
    expect(JSON.parse(stdout)).toEqual({ status: 'error', reason });
    expect(stderr).toBe(`countertap: ${reason}\n`);
    expect(code).toBe(3);
  });
});

describe('a sale', () => {
  it('that was approved in part is told as that to a till that takes no part', async () => {
    await answering(sold({ approvedMinor: 3305, repeated: 'approved' }));
    const whole = await countertap(['sale', '66.10', '--id', 'P1', '--json'], 'pipe');
    expect(whole.code).toBe(1);
    expect(whole.stderr).toMatch(/only a part was approved: \$33\.05 USD of \$66\.10 USD/);
    const part = await countertap(['sale', '66.10', '--id', 'P1', '--partial'], 'pipe');
    expect(part.code).toBe(0);
  }, 30_000);

  it('that is refused for want of keys says how they are loaded', async () => {
    const reason =
      'no payment can be taken: the keys were erased at 2026-11-22T00:51:54.000Z: sold';
    await answering(sold({ status: 'error', reason }));
    const { code, stderr } = await countertap(['sale', '66.10'], 'pipe');
    expect(code).toBe(3);
    expect(stderr).toMatch(/keys transport`, then `countertap keys load FILE`/);
  }, 30_000);
});
