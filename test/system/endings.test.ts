import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';

let terminal: RunningTerminal;
beforeEach(async () => {
  terminal = await runTerminal({ reader: 'in-process' });
});
afterEach(async () => terminal?.close());

const stateIs = (state: string) =>
  expect.poll(async () => (await terminal.status())['state'], { timeout: 5000 }).toBe(state);

/** A sale that waits for a slow host: its cryptogram is out, and the answer is not in. */
const authorising = async (amount: string, slowMs: number) => {
  await terminal.countertap('acquirer', 'slow', String(slowMs));
  const sale = terminal.running('sale', amount, '--json');
  await stateIs('sale');
  await terminal.countertap('tap', 'visa-phone', '--hold-ms', '300');
  return sale;
};

const ledger = async () => {
  const text = await readFile(join(terminal.state, 'acquirer', 'ledger.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
};

describe('a payment that is ended from outside', () => {
  it('by Ctrl-C of the command: the terminal has the last word, and says it', async () => {
    const sale = terminal.running('sale', '5.00', '--json');
    await stateIs('sale');
    sale.process.kill('SIGINT');
    const { code, stdout } = await sale.finished;
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ status: 'cancelled', amountMinor: 500 });
  });

  it('by Ctrl-C while the host is asked: cancelled, and taken back at the host', async () => {
    const sale = await authorising('6.00', 1500);
    sale.process.kill('SIGINT');
    const { code, stdout } = await sale.finished;
    expect(code).toBe(2);
    expect(JSON.parse(stdout).reason).toContain('is being reversed');
    await terminal.countertap('acquirer', 'normal');
    await expect
      .poll(async () => (await terminal.status())['openReversals'], { timeout: 15_000 })
      .toBe(0);
    expect((await ledger()).some(({ type }) => type === 'reversal')).toBe(true);
  });

  it('by the orderly end of the terminal: taken back before it is gone', async () => {
    const sale = await authorising('7.00', 800);
    await terminal.end('SIGTERM');
    expect((await sale.finished).code).toBe(2);
    expect((await ledger()).some(({ type }) => type === 'reversal')).toBe(true);
  });

  it('by the death of the terminal: exit 3, never the exit of a decline', async () => {
    const sale = terminal.running('sale', '8.00', '--json');
    await stateIs('sale');
    await terminal.end('SIGKILL');
    const { code, stderr } = await sale.finished;
    expect(code).toBe(3);
    expect(stderr).toContain('what came of the payment is not known');
  });
});
