import { describe, expect, it } from 'vitest';
import { type Fault, isFault } from '#ports/fault.ts';
import type { KeyStore } from '#ports/key-store.ts';

const DATA = Uint8Array.of(0x54, 0x13, 0x33, 0x00, 0x89, 0x60, 0x00, 0x10);

const sound = <T>(value: T | Fault): T => {
  if (isFault(value)) throw new Error(value.detail);
  return value;
};

/**
 * What every key store does.
 * @param open a store with all its keys; the one of a later call can't open the first one's
 */
export const keyStoreSuite = (name: string, open: () => Promise<KeyStore>): void => {
  describe(name, () => {
    it('seals, and opens what it may for whom it is', async () => {
      const store = await open();
      expect(store.refusal()).toBeUndefined();
      const sealed = sound(await store.seal(DATA, 'payment 1', true));
      expect(sealed.ciphertext).toHaveLength(DATA.length + 16);
      expect(await store.open(sealed, 'payment 1')).toEqual(DATA);
      expect(isFault(await store.open(sealed, 'payment 2'))).toBe(true);
      const another = await open();
      expect(isFault(await another.open(sealed, 'payment 1'))).toBe(true);
      const forHost = sound(await store.seal(DATA, 'payment 1', false));
      expect(isFault(await store.open(forHost, 'payment 1'))).toBe(true);
    });

    it('has another serial number for each, and the same ciphertext never', async () => {
      const store = await open();
      const texts = new Set<string>();
      for (let i = 0; i < 300; i++) {
        const { keySerialNumber, ciphertext } = sound(await store.seal(DATA, 'a', false));
        expect(keySerialNumber).toHaveLength(12);
        texts.add(Buffer.from(keySerialNumber).toString('hex'));
        texts.add(Buffer.from(ciphertext).toString('hex'));
      }
      expect(texts.size).toBe(600);
    });

    it('has one token a card', async () => {
      const store = await open();
      const token = sound(await store.token('5413330089600010'));
      expect(token).toMatch(/^[0-9A-F]{32}$/);
      expect(await store.token('5413330089600010')).toBe(token);
      expect(await store.token('5413330089600028')).not.toBe(token);
    });

    it('makes a MAC of 8 bytes that depends on every byte', async () => {
      const store = await open();
      expect(store.hasMacKey).toBe(true);
      const mac = sound(await store.mac(DATA));
      expect(mac).toHaveLength(8);
      expect(await store.mac(DATA)).toEqual(mac);
      for (let i = 0; i < DATA.length; i++) {
        expect(await store.mac(DATA.with(i, 0xff))).not.toEqual(mac);
      }
    });

    it('knows no key any more once they are erased, and says why', async () => {
      const store = await open();
      const sealed = sound(await store.seal(DATA, 'a', true));
      expect(store.erased).toBe(false);
      await store.erase('the case was opened');
      expect(store.erased).toBe(true);
      expect(store.refusal()?.detail).toContain('the case was opened');
      for (const answer of [
        await store.seal(DATA, 'a', false),
        await store.open(sealed, 'a'),
        await store.token('5413330089600010'),
        await store.mac(DATA),
      ]) {
        expect(answer).toEqual(store.refusal());
      }
      expect(store.list()).toEqual([]);
    });
  });
};
