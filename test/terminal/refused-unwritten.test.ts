import { afterEach, expect, it } from 'vitest';
import { fault } from '#ports/fault.ts';
import { approved, cardNamed, type Harness, startHarness } from '#test/support/terminal-harness.ts';
import { responseCode } from '#uplink/index.ts';

let harness: Harness;
afterEach(() => harness.close());

const request = { amountMinor: 1250, currency: 840, tillId: 'T-1' };
const never = new AbortController().signal;

it('a refusal by the host that can not be written leaves no payment waiting for ever', async () => {
  harness = await startHarness({
    authorise: async () => {
      harness.journal.failNext(fault('journal', 'the disk is full'));
      return { ...approved, approved: false, row: responseCode('51') };
    },
  });
  const sale = harness.terminal.sale(request, never);
  await harness.seen('presentCard');
  await harness.reader.present(cardNamed('visa-phone'));
  expect(await sale).toMatchObject({ status: 'declined' });
  expect(await harness.books.findByTillId('T-1')).toMatchObject({ state: 'reversing' });
  const again = await harness.terminal.sale(request, never);
  expect(again).toMatchObject({ status: 'declined', repeated: 'reversing' });
});
