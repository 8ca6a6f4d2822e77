import { afterEach, describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { kernel4 } from '#kernels/c4/kernel.ts';
import type { Kernel, KernelInput } from '#kernels/shared/kernel.ts';
import { outcome } from '#kernels/shared/outcome.ts';
import {
  approved,
  cardNamed,
  type Harness,
  type HarnessOptions,
  startHarness,
} from '#test/support/terminal-harness.ts';
import { responseCode } from '#uplink/response-codes.ts';

const UPDATE = hex('910A00000000000000003030');
const never = new AbortController().signal;

let harness: Harness;
afterEach(() => harness.close());

/** What a host with this response code leads to, for an American Express card. */
const answeredBy = async (
  code: string,
  { second = kernel4, ...options }: HarnessOptions & { readonly second?: Kernel } = {},
) => {
  const row = responseCode(code);
  const inputs: KernelInput[] = [];
  const kernel: Kernel = function* (input) {
    inputs.push(input);
    return yield* input.start === 'D' ? second(input) : kernel4(input);
  };
  harness = await startHarness({
    kernels: new Map([['04', kernel]]),
    authorise: async () => ({ ...approved, approved: row.approved, row, issuerData: UPDATE }),
    ...options,
  });
  const sale = harness.terminal.sale({ amountMinor: 1250, currency: 840 }, never);
  harness.reader.place(cardNamed('amex-plastic'));
  return { result: await sale, inputs, row, payments: harness.payments, screens: harness.screens };
};

describe('a kernel that is restarted at D for the host’s answer', () => {
  it.each([
    ['00', '3030'],
    ['11', '3131'],
    // To the kernels' books an approval all the same.
    ['85', '3030'],
  ])('hears that it was %s', async (code, told) => {
    const { result, inputs, payments } = await answeredBy(code);
    expect(result).toMatchObject({ status: 'approved', outcome: 'approved' });
    expect(inputs.map(({ start }) => start)).toEqual(['A', 'D']);
    expect(inputs.at(-1)?.onlineResponse).toEqual(hex(`8A02${told}${toHex(UPDATE)}`));
    expect(payments.map(({ tap }) => tap?.kernel)).toEqual(['K4']);
  });

  it('knows again what it knew of the card, and the card is not asked again', async () => {
    const { inputs } = await answeredBy('00');
    expect(inputs[0]?.before).toBeUndefined();
    expect(inputs[1]?.before?.(0x82)).toEqual(hex('1980'));
    expect(inputs[1]?.fci).toEqual(new Uint8Array(0));
  });

  it.each(['05', '12', '13', '51'])('a host’s %s is told in the host’s words', async (code) => {
    const { result, row } = await answeredBy(code);
    expect(result).toMatchObject({
      status: 'declined',
      responseCode: code,
      reason: row.meaning,
    });
  });

  it('where it refuses what the host approved, that is taken back', async () => {
    const second: Kernel = function* () {
      return outcome('declined');
    };
    const { result } = await answeredBy('00', { second });
    expect(result).toMatchObject({ status: 'declined' });
    expect(result.responseCode).toBeUndefined();
  });
});
