import { describe, expect, it } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { aesCmac, tdesCmac } from '#crypto/cmac.ts';
import { retailMac } from '#crypto/des.ts';
import { keyCheckValue } from '#crypto/key-check-value.ts';
import type { KeyStore } from '#ports/key-store.ts';
import {
  ACCOUNT_BLOCK,
  block,
  CMAC_BLOCK,
  CMAC_KEY,
  detailOf,
  idBlock,
  initial,
  KEY_ID,
  RETAIL_BLOCK,
  RETAIL_KEY,
  sound,
  TRANSPORT,
} from './key-material.ts';
import { loadedIn, newFolder, openIn } from './stores.ts';

const MESSAGE = hex('0200723C058020C0800016541333008960001000000000000012501122010203');

const withTransport = async (): Promise<KeyStore> => {
  const store = await openIn(newFolder());
  sound(await store.loadTransportKey(TRANSPORT));
  return store;
};

describe('keys arrive', () => {
  it('and are listed by use and check value, never by what they are', async () => {
    const store = await loadedIn(newFolder());
    expect(store.list()).toEqual([
      {
        ...{ name: 'transport', usage: 'K1', algorithm: 'A', bits: 256 },
        checkValue: toHex(keyCheckValue('A', TRANSPORT) ?? new Uint8Array()),
      },
      {
        ...{ name: 'account', usage: 'B1', algorithm: 'A', bits: 256 },
        checkValue: toHex(keyCheckValue('A', initial()) ?? new Uint8Array()),
        ...{ initialKeyId: '1234567800000042', counter: 1 },
      },
      {
        ...{ name: 'mac', usage: 'M6', algorithm: 'A', bits: 128 },
        checkValue: toHex(keyCheckValue('A', CMAC_KEY) ?? new Uint8Array()),
      },
    ]);
  });

  it('a MAC key of either kind, the later one instead of the earlier', async () => {
    const store = await withTransport();
    expect(store.hasMacKey).toBe(false);
    expect(detailOf(await store.mac(MESSAGE))).toBe('no MAC key is loaded');
    sound(await store.load(CMAC_BLOCK));
    expect(store.hasMacKey).toBe(true);
    expect(await store.mac(MESSAGE)).toEqual(aesCmac(CMAC_KEY, MESSAGE).slice(0, 8));
    const info = sound(await store.load(RETAIL_BLOCK));
    expect(info).toMatchObject({ name: 'mac', usage: 'M3', algorithm: 'T', bits: 128 });
    expect(info.checkValue).toHaveLength(6);
    expect(await store.mac(MESSAGE)).toEqual(retailMac(RETAIL_KEY, MESSAGE, 1));
  });

  it('a TDES key for CMAC, too', async () => {
    const store = await withTransport();
    const text = block(RETAIL_KEY, { usage: 'M6', algorithm: 'T', modeOfUse: 'C' });
    expect(sound(await store.load(text))).toMatchObject({ usage: 'M6', algorithm: 'T' });
    expect(await store.mac(MESSAGE)).toEqual(tdesCmac(RETAIL_KEY, MESSAGE));
  });

  it('a new transport key under the old one, which then opens nothing any more', async () => {
    const store = await withTransport();
    const next = initial(hex('0000000000000001'));
    const info = sound(await store.load(block(next, { usage: 'K1', modeOfUse: 'D' })));
    expect(info.name).toBe('transport');
    expect(detailOf(await store.load(CMAC_BLOCK))).toMatch(/MAC at \d+: not the one of this/);
    sound(await store.load(block(CMAC_KEY, { usage: 'M6', modeOfUse: 'G' }, next)));
  });

  it('with blanks around a block, as it comes from a file', async () => {
    const store = await withTransport();
    sound(await store.load(`  ${CMAC_BLOCK}\r\n`));
  });
});

describe('a store that can seal nothing yet', () => {
  it('says what is missing, step by step', async () => {
    const store = await openIn(newFolder());
    const none = 'no keys are loaded: first the transport key, then key blocks';
    expect(store.refusal()?.detail).toBe(none);
    expect(store.list()).toEqual([]);
    expect(detailOf(await store.seal(MESSAGE, 'a', false))).toBe(none);
    expect(detailOf(await store.token('5413330089600010'))).toBe(none);
    expect(detailOf(await store.load(CMAC_BLOCK))).toMatch(/needs the transport key/);
    sound(await store.loadTransportKey(TRANSPORT));
    expect(store.refusal()?.detail).toBe('no key for account data (B1) is loaded');
    expect(detailOf(await store.seal(MESSAGE, 'a', false))).toBe(store.refusal()?.detail);
    sound(await store.load(ACCOUNT_BLOCK));
    expect(store.refusal()).toBeUndefined();
  });
});

describe('what is refused, and as what', () => {
  const account = (change: Parameters<typeof block>[1]) => block(initial(), change);
  it.each([
    [
      'a PIN key',
      block(CMAC_KEY, { usage: 'P0', modeOfUse: 'E' }),
      /key usage at 5: P0: the store/,
    ],
    ['a data key', block(CMAC_KEY, { usage: 'D0', modeOfUse: 'B' }), /key usage at 5: D0/],
    ['a base key', account({ usage: 'B0' }), /key usage at 5: B0/],
    [
      'a TDES initial key',
      block(RETAIL_KEY, { algorithm: 'T', optionalBlocks: idBlock(KEY_ID) }),
      /algorithm at 7: T for a DUKPT initial key, not A/,
    ],
    ['an initial key without its id', account({}), /optional block IK at 16: .*its id/],
    [
      'an initial key whose id is short',
      account({ optionalBlocks: [{ id: 'IK', data: '1234' }] }),
      /optional block IK at 16/,
    ],
    [
      'a key that may only verify',
      block(CMAC_KEY, { usage: 'M6', modeOfUse: 'V' }),
      /mode of use at 8: V for a CMAC/,
    ],
    [
      'a TDES key of three parts for MAC algorithm 3',
      block(TRANSPORT.slice(0, 24), { usage: 'M3', algorithm: 'T', modeOfUse: 'G' }),
      /key at 16: 24 bytes: MAC algorithm 3/,
    ],
    [
      'an AES key of a length that AES has not',
      block(TRANSPORT.slice(0, 20), { usage: 'M6', modeOfUse: 'G' }),
      /key at 16: 20 bytes for algorithm A/,
    ],
    [
      'a block protected by TDES',
      block(CMAC_KEY, { version: 'B', usage: 'M6' }, RETAIL_KEY),
      /version at 0: B is protected by TDES/,
    ],
    ['a block under another transport key', block(CMAC_KEY, {}, initial()), /MAC at \d+: not the/],
    ['no key block at all', 'hello', /header at 0/],
    ['an empty line', '', /header at 0/],
  ])('%s', async (_, text, why) => {
    const store = await withTransport();
    const before = store.list();
    expect(detailOf(await store.load(text))).toMatch(why);
    expect(store.list()).toEqual(before);
  });

  it('a key stronger than the transport key that it came under', async () => {
    const store = await openIn(newFolder());
    sound(await store.loadTransportKey(CMAC_KEY));
    const text = block(initial(), { optionalBlocks: idBlock(KEY_ID) }, CMAC_KEY);
    expect(detailOf(await store.load(text))).toMatch(/256 bits under a transport key of fewer/);
  });

  it('a transport key that is no AES key', async () => {
    const store = await openIn(newFolder());
    for (const length of [0, 8, 15, 31, 33]) {
      const answer = await store.loadTransportKey(new Uint8Array(length));
      expect(detailOf(answer)).toBe(`refused: ${length} bytes are no AES key: 16, 24 or 32 are`);
    }
  });

  it('a block with any one character changed, and the keys stay as they were', async () => {
    const store = await withTransport();
    for (let i = 0; i < ACCOUNT_BLOCK.length; i++) {
      for (const other of ['0', 'F', 'x', '\n', 'é']) {
        if (ACCOUNT_BLOCK[i] === other) continue;
        const changed = ACCOUNT_BLOCK.slice(0, i) + other + ACCOUNT_BLOCK.slice(i + 1);
        const answer = detailOf(await store.load(changed));
        expect(answer).toMatch(/^refused: key block/);
        expect(answer).not.toContain(ACCOUNT_BLOCK.slice(60, 80));
      }
    }
    expect(store.list().map(({ name }) => name)).toEqual(['transport']);
  });

  it('a block cut off anywhere, or with more behind it', async () => {
    const store = await withTransport();
    for (let length = 0; length < ACCOUNT_BLOCK.length; length++) {
      expect(detailOf(await store.load(ACCOUNT_BLOCK.slice(0, length)))).toMatch(/^refused:/);
    }
    expect(detailOf(await store.load(`${ACCOUNT_BLOCK}00`))).toMatch(/length at 1/);
  });
});

describe('an initial key', () => {
  const other = hex('1234567800000043');
  const otherBlock = block(initial(other), { optionalBlocks: idBlock(other) });

  it('that is loaded once more goes on with its counter', async () => {
    const store = await loadedIn(newFolder());
    for (let i = 0; i < 3; i++) await store.seal(MESSAGE, 'a', false);
    expect(sound(await store.load(ACCOUNT_BLOCK)).name).toBe('account');
    const { keySerialNumber } = sound(await store.seal(MESSAGE, 'a', false));
    expect(toHex(keySerialNumber.subarray(8))).toBe('00000004');
  });

  it('never comes back after another, nor after erasing: its counters are used', async () => {
    const folder = newFolder();
    const store = await loadedIn(folder);
    sound(await store.load(otherBlock));
    const refusal = /initial key 1234567800000042 was in this store before/;
    expect(detailOf(await store.load(ACCOUNT_BLOCK))).toMatch(refusal);
    await store.erase('a test');
    await store.close();
    const again = await openIn(folder);
    sound(await again.loadTransportKey(TRANSPORT));
    expect(detailOf(await again.load(ACCOUNT_BLOCK))).toMatch(refusal);
    expect(detailOf(await again.load(otherBlock))).toMatch(/1234567800000043 was in this store/);
  });

  it('of the same id but another value is refused', async () => {
    const store = await loadedIn(newFolder());
    const imposter = block(initial(other), { optionalBlocks: idBlock(KEY_ID) });
    expect(detailOf(await store.load(imposter))).toMatch(/was in this store before/);
  });
});
