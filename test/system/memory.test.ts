import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Pcscd, startPcscd } from '#test/support/pcscd.ts';
import { type RunningTerminal, runTerminal } from '#test/support/running-terminal.ts';

let pcscd: Pcscd;
beforeAll(async () => {
  pcscd = await startPcscd();
});
afterAll(async () => pcscd?.close());

const readyWithReader = async (): Promise<RunningTerminal> => {
  const terminal = await runTerminal({ reader: 'pcsc', socketPath: pcscd.socketPath });
  await expect
    .poll(async () => (await terminal.status())['readerPresent'], { timeout: 10_000 })
    .toBe(true);
  return terminal;
};

describe('the terminal at idle', () => {
  it('keeps to 150 MB together with its reader process, and starts within 1.5 s', async () => {
    // The first start compiles what nobody compiled before; every later one is like the second.
    await (await readyWithReader()).close();
    const terminal = await readyWithReader();
    try {
      expect(await terminal.residentBytes()).toBeLessThanOrEqual(150e6);
      expect(terminal.readyAfterMs).toBeLessThanOrEqual(1500);
    } finally {
      await terminal.close();
    }
  });
});

describe('the terminal at work', () => {
  it('takes 60 payments in a row, with an own time of 5 ms at most at the median', async () => {
    const terminal = await runTerminal({ reader: 'in-process' });
    try {
      const own: number[] = [];
      for (let i = 0; i < 60; i++) own.push((await terminal.pay('visa-phone')).tap?.ownMs ?? 99);
      own.sort((a, b) => a - b);
      expect(own[30]).toBeLessThanOrEqual(5);
    } finally {
      await terminal.close();
    }
  }, 60_000);
});
