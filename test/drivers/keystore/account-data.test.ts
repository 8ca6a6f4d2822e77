import { createDecipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equal } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { transactionCounter, transactionKey, workingKey } from '#crypto/dukpt-aes.ts';
import {
  advance,
  type DukptRegister,
  encodeRegister,
  loadInitialKey,
} from '#crypto/dukpt-register.ts';
import { behindBlock } from '#drivers/keystore/account-key.ts';
import type { Sealed } from '#ports/key-store.ts';
import { block, detailOf, idBlock, initial, KEY_ID, sound, TRANSPORT } from './key-material.ts';
import { loadedIn, newFolder, openIn } from './stores.ts';

const TRACK = hex('5413330089600010D2512201');

/** What a host does, from the base derivation key and the message alone. */
const hostOpens = (bdkInitial: Uint8Array, sealed: Sealed, about: string): Uint8Array => {
  const serial = sealed.keySerialNumber;
  const key = sound(
    workingKey(sound(transactionKey(bdkInitial, serial)), serial, 'dataEncrypt', 'AES256'),
  );
  const decipher = createDecipheriv('aes-256-gcm', key, serial)
    .setAAD(Buffer.from(about))
    .setAuthTag(sealed.ciphertext.subarray(-16));
  const plain = decipher.update(sealed.ciphertext.subarray(0, -16));
  return Buffer.concat([plain, decipher.final()]);
};

describe('account data', () => {
  it('is opened by the host, who derives the key from its base key', async () => {
    const store = await loadedIn(newFolder());
    for (let i = 0; i < 20; i++) {
      const sealed = sound(await store.seal(TRACK, `payment ${i}`, false));
      expect(sealed.wrappedKey).toBeUndefined();
      expect(hostOpens(initial(), sealed, `payment ${i}`)).toEqual(Buffer.from(TRACK));
    }
  });

  it('begins with counter 1, and each payment has the next', async () => {
    const store = await loadedIn(newFolder());
    for (const counter of [1, 2, 3]) {
      const { keySerialNumber } = sound(await store.seal(TRACK, 'a', false));
      expect(keySerialNumber).toHaveLength(12);
      expect(toHex(keySerialNumber.subarray(0, 8))).toBe(toHex(KEY_ID));
      expect(transactionCounter(keySerialNumber)).toBe(counter);
    }
  });

  it('is opened again by the terminal that may, also after a restart', async () => {
    const folder = newFolder();
    const first = await loadedIn(folder);
    const sealed = sound(await first.seal(TRACK, 'payment 1', true));
    expect(await first.open(sealed, 'payment 1')).toEqual(TRACK);
    await first.close();
    const second = await openIn(folder);
    expect(await second.open(sealed, 'payment 1')).toEqual(TRACK);
  });

  it('is for the host alone when the terminal may not open it', async () => {
    const store = await loadedIn(newFolder());
    const sealed = sound(await store.seal(TRACK, 'a', false));
    expect(detailOf(await store.open(sealed, 'a'))).toBe('sealed for the host alone');
  });

  it("doesn't open for another payment, in another store, or with any bit changed", async () => {
    const store = await loadedIn(newFolder());
    const other = await loadedIn(newFolder());
    const sealed = sound(await store.seal(TRACK, 'payment 1', true));
    const refusal = "it doesn't open: it was changed, or isn't this store's";
    expect(detailOf(await store.open(sealed, 'payment 2'))).toBe(refusal);
    expect(detailOf(await other.open(sealed, 'payment 1'))).toBe(refusal);
    for (const part of ['keySerialNumber', 'ciphertext', 'wrappedKey'] as const) {
      const bytes = sealed[part] ?? new Uint8Array();
      for (let i = 0; i < bytes.length; i++) {
        const changed = { ...sealed, [part]: bytes.map((one, at) => (at === i ? one ^ 4 : one)) };
        expect(detailOf(await store.open(changed, 'payment 1'))).toBe(refusal);
      }
      for (const length of [0, 1, 11]) {
        const cut = { ...sealed, [part]: bytes.slice(0, length) };
        expect(detailOf(await store.open(cut, 'payment 1'))).toBe(refusal);
      }
    }
    expect(await store.open(sealed, 'payment 1')).toEqual(TRACK);
  });

  it('stays what it was under an initial key that came later', async () => {
    const store = await loadedIn(newFolder());
    const sealed = sound(await store.seal(TRACK, 'a', true));
    const id = hex('1234567800000043');
    sound(await store.load(block(initial(id), { optionalBlocks: idBlock(id) })));
    const later = sound(await store.seal(TRACK, 'a', true));
    expect(toHex(later.keySerialNumber)).toBe('123456780000004300000001');
    expect(await store.open(sealed, 'a')).toEqual(TRACK);
  });

  it('has keys of 128 and 192 bits where the host does', async () => {
    for (const bits of [128, 192]) {
      const bdk = TRANSPORT.slice(0, bits / 8);
      const store = await openIn(newFolder());
      sound(await store.loadTransportKey(TRANSPORT));
      const key = initial(KEY_ID, bdk);
      const info = sound(await store.load(block(key, { optionalBlocks: idBlock(KEY_ID) })));
      expect(info.bits).toBe(bits);
      const sealed = sound(await store.seal(TRACK, 'a', true));
      expect(await store.open(sealed, 'a')).toEqual(TRACK);
    }
  });

  it('of many payments at once never shares a key', async () => {
    const store = await loadedIn(newFolder());
    const all = await Promise.all(Array.from({ length: 700 }, () => store.seal(TRACK, 'a', false)));
    const serials = all.map((one) => toHex(sound(one).keySerialNumber));
    expect(new Set(serials).size).toBe(700);
  });
});

describe('a token', () => {
  it('is the same for the same card after a restart, and another in another shop', async () => {
    const folder = newFolder();
    const first = await loadedIn(folder);
    const token = sound(await first.token('5413330089600010'));
    expect(token).toMatch(/^[0-9A-F]{32}$/);
    expect(await first.token('5413330089600028')).not.toBe(token);
    await first.close();
    expect(await (await openIn(folder)).token('5413330089600010')).toBe(token);
    expect(await (await loadedIn(newFolder())).token('5413330089600010')).not.toBe(token);
  });
});

describe('the register behind a block of counters', () => {
  const behind = (from: DukptRegister): DukptRegister => {
    const kept = behindBlock(from);
    if (kept === 'exhausted') throw new Error('exhausted');
    return kept;
  };
  const start = sound(loadInitialKey(initial(), KEY_ID));

  it('is where the register arrives by itself', () => {
    let register = start;
    // Over a carry into bit 11, and from the middle of blocks.
    const steps = fc.sample(fc.integer({ min: 1, max: 700 }), 6);
    for (const step of [0, 255, ...steps]) {
      register = advance(register, step);
      const kept = behind(register);
      let reached = advance(register, 1);
      while (reached.counter !== kept.counter) reached = advance(reached, 1);
      expect(equal(encodeRegister(reached), encodeRegister(kept))).toBe(true);
    }
  });

  it('skips counters of more than 16 one-bits, and ends with the last', () => {
    const at = (counter: number): DukptRegister => {
      const lowest = counter & -counter;
      const needed = (~counter & -lowest) | lowest;
      const keys = Array.from({ length: 32 }, (_, bit) =>
        (needed & (1 << bit)) === 0 ? undefined : initial(),
      );
      return { initialKeyId: KEY_ID, counter, keys };
    };
    // 16 one-bits, the lowest of them bit 10 and then bit 17.
    for (const counter of [0x3fffc00 >>> 0, 0xfffe0000, 0xfffd8000, 0xfffc0300, 0xfffe0100]) {
      const kept = behind(at(counter));
      let reached = advance(at(counter), 1);
      while (reached.counter !== kept.counter) reached = advance(reached, 1);
      expect(equal(encodeRegister(reached), encodeRegister(kept))).toBe(true);
    }
    expect(behind(at(0xffff0000)).counter).toBe(0);
    expect(behindBlock(behind(at(0xffff0000)))).toBe('exhausted');
  });

  it('holds none of the keys of its block', () => {
    const inside = new Set<string>();
    let register = start;
    const kept = behind(register);
    while (register.counter !== kept.counter) {
      const bit = 31 - Math.clz32(register.counter & -register.counter);
      inside.add(toHex(register.keys[bit] ?? new Uint8Array()));
      register = advance(register, 1);
    }
    expect(inside.size).toBe(255);
    for (const key of kept.keys) if (key) expect(inside.has(toHex(key))).toBe(false);
  });
});
