import { afterAll, beforeAll } from 'vitest';
import { describeSilence } from '#test/ports/card-reader-silence.ts';
import { describeCardReader } from '#test/ports/card-reader-suite.ts';
import { type Pcscd, startPcscd } from '#test/support/pcscd.ts';
import { openBench } from './bench.ts';

let pcscd: Pcscd;
beforeAll(async () => {
  pcscd = await startPcscd();
});
afterAll(() => pcscd.close());

describeCardReader('the PC/SC driver', { open: async () => openBench(pcscd) });
describeSilence('the PC/SC driver', { open: async () => openBench(pcscd) });
