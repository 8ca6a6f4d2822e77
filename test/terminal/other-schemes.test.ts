import { afterEach, describe, expect, it } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { verifyCryptogram } from '#drivers/simulated/index.ts';
import { approved, cardNamed, type Harness, startHarness } from '#test/support/terminal-harness.ts';
import { iccTags } from '#uplink/icc-tags.ts';
import type { Payment } from '#uplink/index.ts';

const never = new AbortController().signal;

let harness: Harness;
afterEach(() => harness.close());

/** What the issuer says of DE 55 as this payment's kernel has it sent. */
const asIssuer = ({ tap }: Payment) => {
  if (tap === undefined) throw new Error('no card was tapped');
  const { tags, defaults } = iccTags(tap.kernel);
  const sent = new Map<number, Uint8Array>();
  for (const one of tags) {
    const value = tap.data.get(one) ?? defaults.get(one);
    if (value !== undefined) sent.set(one, value);
  }
  const track2 = toHex(tap.data.get(tag.track2EquivalentData) ?? new Uint8Array());
  const sequence = sent.get(tag.applicationPanSequenceNumber);
  return verifyCryptogram(sent, track2.split('D')[0] ?? '', sequence && toHex(sequence));
};

describe('a card of another scheme pays at the terminal as it ships', () => {
  it.each([
    ['unionpay-wallet', 'UnionPay', 'K7', 1250, 'confirmationCodeVerified'],
    ['unionpay-plastic', 'UnionPay', 'K7', 12_000, 'obtainSignature'],
    ['discover-phone', 'Discover', 'K6', 12_000, 'confirmationCodeVerified'],
    ['discover-plastic', 'Discover', 'K6', 1250, 'noCvm'],
  ] as const)('%s: with %s, through kernel %s', async (name, scheme, kernel, amountMinor, cvm) => {
    harness = await startHarness({ authorise: async () => approved });
    harness.reader.place(cardNamed(name));
    const result = await harness.terminal.sale({ amountMinor, currency: 840 }, never);
    expect(result).toMatchObject({ status: 'approved', scheme, cvm });
    const [payment] = harness.payments;
    expect(payment?.tap?.kernel).toBe(kernel);
    expect(payment && asIssuer(payment)).toMatchObject({ ok: true });
    expect(harness.screens()).toContain('authorising');
  });
});
