import { afterEach, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { Kernel, KernelInput } from '#kernels/shared/kernel.ts';
import { outcome } from '#kernels/shared/outcome.ts';
import { approved, cardNamed, type Harness, startHarness } from '#test/support/terminal-harness.ts';

const UPDATE = hex('910A00000000000000003030');
const track2 = hex('4761739001010119D28122010000000000');

let harness: Harness;
afterEach(() => harness.close());

it('a kernel that wants its card again gets the response code and what it knew', async () => {
  const inputs: KernelInput[] = [];
  const kernel: Kernel = function* (input) {
    inputs.push(input);
    if (inputs.length > 1) return outcome('approved');
    return outcome('onlineRequest', {
      dataRecord: [{ tag: tag.track2EquivalentData, value: track2 }],
      start: 'B',
      onlineResponseType: 'any',
      fieldOffMs: 0,
      report: { known: (wanted) => (wanted === tag.cdol2 ? hex('8A02') : undefined) },
    });
  };
  harness = await startHarness({
    kernels: new Map([['03', kernel]]),
    authorise: async () => ({ ...approved, issuerData: UPDATE }),
  });
  const sale = harness.terminal.sale(
    { amountMinor: 1250, currency: 840 },
    new AbortController().signal,
  );
  harness.reader.place(cardNamed('visa-phone'));
  expect(await sale).toMatchObject({ status: 'approved' });
  expect(inputs).toHaveLength(2);
  expect(inputs[0]?.before).toBeUndefined();
  expect(inputs[0]?.onlineResponse).toBeUndefined();
  expect(inputs[1]?.before?.(tag.cdol2)).toEqual(hex('8A02'));
  expect(inputs[1]?.onlineResponse).toEqual(hex('8A023030910A00000000000000003030'));
});
