import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import type { CardReader } from '#ports/card-reader.ts';
import type { CardStub } from '#test/ports/card-reader-suite.ts';
import { CONTACTLESS_ATR } from '#test/ports/card-reader-suite.ts';
import { keptLog } from '#test/support/kept-log.ts';
import { type Pcscd, preparePcscd } from '#test/support/pcscd.ts';
import { insertVpcdCard } from '#test/support/vpcd-card.ts';
import { tryCard } from '../../../src/cli/opening/reader-trials.ts';
import { cardPathProbe, readerProbe } from '../../../src/cli/probes/card-path.ts';
import { pcscdProbe } from '../../../src/cli/probes/machine.ts';

const never = new AbortController().signal;

let pcscd: Pcscd;
let reader: CardReader;
beforeAll(async () => {
  pcscd = await preparePcscd();
  reader = openPcscReader({ log: keptLog(), socketPath: pcscd.socketPath });
});
afterAll(async () => {
  await reader.close();
  await pcscd.close();
});

const card = (answer: string): CardStub => ({ atr: CONTACTLESS_ATR, respond: () => hex(answer) });
const sight = (hindrance?: 'off' | 'paying') => ({
  state$: reader.state$,
  trial: (command: Uint8Array, signal: AbortSignal) => tryCard(reader, command, signal),
  hindrance: () => hindrance,
});

describe('a smart card service and its reader', () => {
  test('that was never started are wrong, each with what to do', async () => {
    expect(await pcscdProbe(pcscd.socketPath)(never)).toMatchObject({
      verdict: 'wrong',
      remedy: expect.stringContaining('systemctl start pcscd'),
    });
    expect(await readerProbe(sight(), 0)(never)).toMatchObject({ verdict: 'wrong' });
    expect(await cardPathProbe(sight(), 0)(never)).toMatchObject({ verdict: 'notUsed' });
  });

  test('are well once it runs; without a card nothing is asked of one', async () => {
    await pcscd.start();
    expect(await pcscdProbe(pcscd.socketPath)(never)).toMatchObject({ verdict: 'well' });
    expect(await readerProbe(sight(), 20_000)(never)).toMatchObject({
      verdict: 'well',
      found: expect.stringContaining('Virtual PCD'),
    });
    expect((await cardPathProbe(sight(), 0)(never)).found).toContain('No card lies on the reader');
  });

  test('bring one command to a card and its answer back, with its time', async () => {
    const lying = await insertVpcdCard(card('6F0084009000'), pcscd.vpcdPort);
    await expect
      .poll(async () => (await cardPathProbe(sight(), 0)(never)).verdict, { timeout: 20_000 })
      .not.toBe('notUsed');
    const found = await cardPathProbe(sight(), 0)(never);
    expect(found.found).toMatch(/^SELECT PPSE was answered with 9000 .*\d+ ms/);
    const before = lying.commands();
    for (const hindrance of ['off', 'paying'] as const) {
      const kept = await cardPathProbe(sight(hindrance), 0)(never);
      expect(kept).toMatchObject({ verdict: 'notUsed' });
    }
    expect(lying.commands()).toBe(before);
    await lying.remove();
  });

  test('that hang are wrong: a socket that is open is no answer', async () => {
    pcscd.freeze();
    expect(await pcscdProbe(pcscd.socketPath)(never)).toMatchObject({ verdict: 'wrong' });
    pcscd.thaw();
  });
});
