import { describe, expect, test } from 'vitest';
import { splitResponse } from '#apdu/response.ts';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { EPHEMERAL_SEED_BYTES, ephemeralKey } from '#crypto/blinded-diffie-hellman.ts';
import { tag } from '#data/dictionary.ts';
import { listCards, verifyCryptogram } from '#drivers/simulated/index.ts';
import { primitives } from '#kernels/shared/card-data.ts';
import type { Outcome } from '#kernels/shared/outcome.ts';
import {
  emulatedCard,
  offlineTerminal,
  onlineTerminal,
  tapCard,
} from '#test/support/emulated-tap.ts';

const OFFLINE = offlineTerminal();
const AID = 'F04354415008';

/** A card after SELECT, and how it answers. */
const selected = (name: string) => {
  const card = emulatedCard(name);
  card.powerOn();
  const ask = (command: string) => {
    const response = card.respond(hex(command));
    if (typeof response === 'string') throw new Error(response);
    return splitResponse(response);
  };
  const { sw } = ask(`00A4040006${AID}00`);
  if (sw !== 0x9000) throw new Error('not selected');
  return { ask };
};

const OWN = ephemeralKey(new Uint8Array(EPHEMERAL_SEED_BYTES).fill(0x31));
const optionsWith = (key: Uint8Array): string => {
  const values = concat(hex('02800010FFFF0000'), key, hex('11223344 000000001250 0840 260615 00'));
  const data = `83${toHex(Uint8Array.of(values.length))}${toHex(values)}`;
  return `80A80000${toHex(Uint8Array.of(data.length / 2))}${data}00`;
};

describe('an emulated card of kernel 8', () => {
  test('opens a channel that no two taps share', () => {
    const { ask } = selected('kernel-8-plastic');
    const keys = [0, 1].map(() => {
      ask(`00A4040006${AID}00`);
      const objects = primitives(ask(optionsWith(OWN.publicKey)).data);
      if ('malformed' in objects) throw new Error('no answer');
      const data = objects.find((one) => one.tag === tag.cardKeyData)?.value;
      return toHex(data ?? new Uint8Array());
    });
    expect(keys[0]).toHaveLength(128);
    // Its own numbers are counted in these tests, so they differ from one to the next.
    expect(keys[0]).not.toBe(keys[1]);
  });

  test.each([
    ['off the curve', new Uint8Array(64).fill(0x11)],
    ['of zeros', new Uint8Array(64)],
  ])('refuses a terminal key %s', (_, key) => {
    expect(selected('kernel-8-plastic').ask(optionsWith(key)).sw).toBe(0x6985);
  });

  test('encrypts the records that its file says, and no others', () => {
    const { ask } = selected('kernel-8-plastic');
    expect(ask('00B2010C00').sw).toBe(0x6985);
    ask(optionsWith(OWN.publicKey));
    const [account, issuer, own] = ['00B2010C00', '00B2011400', '00B2021400'].map(ask);
    expect([account?.data[0], issuer?.data[0], own?.data[0]]).toEqual([0xda, 0x70, 0xda]);
    expect(toHex(account?.data ?? new Uint8Array())).not.toContain('999908');
    // The same record again goes under another counter.
    expect(ask('00B2010C00').data).not.toEqual(account?.data);
  });

  test('reads and writes envelopes at their time only', () => {
    const { ask } = selected('kernel-8-plastic');
    expect(ask('84320000039F811100').sw).toBe(0x6985);
    ask(optionsWith(OWN.publicKey));
    expect(ask('84320000039F811100').sw).toBe(0x9000);
    expect(ask('84320000039F812000').sw).toBe(0x6a88);
    expect(ask('84320000029F8100').sw).toBe(0x6a88);
    expect(ask('84320100039F811100').sw).toBe(0x6a86);
    expect(ask('80320000039F811100').sw).toBe(0x6e00);
    expect(ask('843400000401020304 00'.replace(' ', '')).sw).toBe(0x6985);
  });

  test('cards of other kernels know neither', () => {
    const card = emulatedCard('visa-plastic');
    card.powerOn();
    for (const command of ['84320000039F811100', '8434000001FF00']) {
      const response = card.respond(hex(command));
      expect(typeof response === 'string' ? response : toHex(response)).toBe('6985');
    }
  });
});

/** The issuer's answer to what the terminal would send it. */
const asIssuer = ({ dataRecord }: Outcome, changes: Readonly<Record<number, string>> = {}) => {
  const elements = new Map(dataRecord.map(({ tag: key, value }) => [key, value]));
  const pan = toHex(elements.get(tag.applicationPan) ?? new Uint8Array());
  for (const [key, value] of Object.entries(changes)) elements.set(Number(key), hex(value));
  return verifyCryptogram(elements, pan, '01');
};

describe("the issuer's stand-in", () => {
  test('knows the cryptogram though the terminal decided after it', () => {
    const { outcome } = tapCard('kernel-8-plastic', OFFLINE, { amount: 7500 });
    expect(outcome).toMatchObject({ outcome: 'onlineRequest', cvm: 'onlinePin' });
    expect(asIssuer(outcome)).toMatchObject({ ok: true, cvn: 0xa6 });
  });

  test('covers amount, results and the MAC of the exchange', () => {
    const { outcome } = tapCard('kernel-8-phone', onlineTerminal(), { amount: 1250 });
    expect(asIssuer(outcome)).toMatchObject({ ok: true });
    const iad = outcome.dataRecord.find((one) => one.tag === tag.issuerApplicationData);
    const other = Uint8Array.from(iad?.value ?? []);
    other[31] = (other[31] ?? 0) ^ 1;
    for (const change of [
      { [tag.amountAuthorisedNumeric]: '000000001251' },
      { [tag.terminalVerificationResults]: '0000008083' },
      { [tag.issuerApplicationData]: toHex(other) },
    ]) {
      expect(asIssuer(outcome, change)).toMatchObject({ ok: false });
    }
  });

  test('answers nothing to the card: kernel 8 would not deliver it', () => {
    const { outcome } = tapCard('kernel-8-phone', onlineTerminal(), { amount: 1250 });
    const answer = asIssuer(outcome);
    expect(answer.ok && answer.arpc('00')).toBeUndefined();
  });
});

test('a locked phone of kernel 8 pays with the second tap', () => {
  const card = emulatedCard('kernel-8-phone-locked');
  const first = tapCard('kernel-8-phone-locked', OFFLINE, { amount: 7500, card });
  expect(first.outcome).toMatchObject({ outcome: 'endApplication', start: 'B' });
  expect(first.outcome.uiOnRestart).toMatchObject({ messageId: '20' });
  const second = tapCard('kernel-8-phone-locked', OFFLINE, { amount: 7500, card });
  expect(second.outcome).toMatchObject({ outcome: 'approved', cvm: 'confirmationCodeVerified' });
});

test('fifteen cards show kernel 8', () => {
  expect(listCards().filter((name) => name.startsWith('kernel-8-'))).toHaveLength(15);
});
