import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { keySerialNumber, oneBits, transactionCounter, transactionKey } from '#crypto/dukpt-aes.ts';
import {
  advance,
  type DukptRegister,
  decodeRegister,
  encodeRegister,
  eraseRegister,
  loadInitialKey,
  type NextTransaction,
  nextTransaction,
} from '#crypto/dukpt-register.ts';
import { good, refused } from './outcomes.ts';

const INITIAL_KEY = hex('1273671EA26AC29AFA4D1084127652A1');
const ID = hex('1234567890123456');

const fresh = (): DukptRegister => good(loadInitialKey(INITIAL_KEY, ID));

const next = (register: DukptRegister): NextTransaction => {
  const transaction = nextTransaction(register);
  if (transaction === 'exhausted') throw new Error('exhausted');
  return transaction;
};

const hostKey = (counter: number): Uint8Array =>
  good(transactionKey(INITIAL_KEY, keySerialNumber(ID, counter)));

/** The register that a terminal has before this transaction, from the host's keys. */
const registerAt = (counter: number): DukptRegister => {
  const lowest = counter & -counter;
  const keys = Array.from({ length: 32 }, (_, i) => {
    const bit = 1 << i;
    if (bit === lowest) return hostKey(counter);
    const above = (counter & ~(bit | (bit - 1))) >>> 0;
    const later = i > Math.log2(lowest >>> 0) && (counter & bit) === 0;
    return later ? hostKey((above | bit) >>> 0) : undefined;
  });
  return { initialKeyId: ID, counter, keys };
};

/** Up to 16 one-bits anywhere. */
const counters = fc
  .uniqueArray(fc.nat(31), { minLength: 1, maxLength: 16 })
  .map((bits) => bits.reduce((sum, bit) => sum + 2 ** bit, 0));

describe('the register of a terminal', () => {
  test('has the keys that the host derives, over thousands of transactions', () => {
    let register = fresh();
    for (let counter = 1; counter <= 3000; counter++) {
      const { serial, key, after } = next(register);
      expect(transactionCounter(serial)).toBe(counter);
      expect(toHex(key)).toBe(toHex(hostKey(counter)));
      register = after;
    }
  });

  test('has them at any counter it can be at, and goes on to the next', () => {
    fc.assert(
      fc.property(counters, (counter) => {
        const { serial, key, after } = next(registerAt(counter));
        expect(transactionCounter(serial)).toBe(counter);
        expect(key).toEqual(hostKey(counter));
        // The next number with no more than 16 one-bits.
        let following = counter + 1;
        while (oneBits(following) > 16 && following < 2 ** 32) following += following & -following;
        if (following >= 2 ** 32) expect(nextTransaction(after)).toBe('exhausted');
        else expect(after).toEqual(registerAt(following));
      }),
      { numRuns: 150 },
    );
  });

  test('skips counters of more than 16 one-bits', () => {
    expect(transactionCounter(next(registerAt(0x0000ffff)).serial)).toBe(0x0000ffff);
    expect(next(registerAt(0x0000ffff)).after.counter).toBe(0x00010000);
    expect(next(registerAt(0x0001fffe)).after.counter).toBe(0x00020000);
    expect(next(registerAt(0xfffe8000)).after.counter).toBe(0xffff0000);
  });

  test('counts to 00010000 without a step that the host would not take', () => {
    // sweep-761 of openemv/dukpt@1d01dda: behind 0000FFFF comes 00010000.
    const register = advance(registerAt(0xf001), 0xfff);
    expect(toHex(next(register).serial)).toBe('123456789012345600010000');
    expect(register).toEqual(registerAt(0x10000));
  });

  test('is exhausted after FFFF0000, and stays so', () => {
    const { after } = next(registerAt(0xffff0000));
    expect(after).toEqual({ initialKeyId: ID, counter: 0, keys: Array(32).fill(undefined) });
    expect(nextTransaction(after)).toBe('exhausted');
    expect(advance(registerAt(0xfffe8000), 1000)).toEqual(after);
  });

  test('never leads back: no key in it, nor below one, was used before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (steps) => {
        const register = advance(fresh(), steps);
        const kept = register.keys.flatMap((key) => (key === undefined ? [] : [toHex(key)]));
        // Whoever has a key has those of all counters below it: its ancestors are the danger.
        const used = Array.from({ length: steps }, (_, i) => i + 1);
        const dangerous = new Set(used.flatMap((counter) => [counter, ...ancestors(counter)]));
        for (const counter of dangerous) expect(kept).not.toContain(toHex(hostKey(counter)));
        expect(kept).not.toContain(toHex(INITIAL_KEY));
      }),
      { numRuns: 10 },
    );
  });

  test('leaves the register before as it was, so that a failed write can be repeated', () => {
    const register = advance(fresh(), 100);
    const first = next(register);
    expect(next(register)).toEqual(first);
  });

  test('reserves counters: after a crash it goes on behind all that can have been used', () => {
    const kept = advance(fresh(), 64);
    const used = new Set<number>();
    let live = fresh();
    for (let i = 0; i < 64; i++) {
      const transaction = next(live);
      used.add(transactionCounter(transaction.serial));
      live = transaction.after;
    }
    const restored = good(decodeRegister(encodeRegister(kept)));
    expect(used).not.toContain(transactionCounter(next(restored).serial));
    expect(restored).toEqual(live);
  });

  test.each([16, 24, 32])('works with an initial key of %i bytes', (length) => {
    const initial = Uint8Array.from({ length }, (_, i) => i);
    let register = good(loadInitialKey(initial, ID));
    for (let i = 0; i < 20; i++) {
      const { serial, key, after } = next(register);
      expect(key).toEqual(good(transactionKey(initial, serial)));
      register = good(decodeRegister(encodeRegister(after)));
    }
  });

  test('is not made of anything else', () => {
    expect(refused(loadInitialKey(INITIAL_KEY.subarray(8), ID))).toContain('initial key at 0');
    expect(refused(loadInitialKey(INITIAL_KEY, INITIAL_KEY))).toContain('initial key id at 0');
  });
});

describe('erasing', () => {
  test('a used key overwrites it in the register before, too', () => {
    const register = fresh();
    const { key, after } = next(register);
    key.fill(0);
    expect(register.keys[0]).toEqual(new Uint8Array(16));
    expect(next(after).key).toEqual(hostKey(2));
  });

  test('a register overwrites every key', () => {
    const register = fresh();
    eraseRegister(register);
    for (const key of register.keys) expect(key).toEqual(new Uint8Array(16));
  });
});

describe('a register as bytes', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(counters, (counter) => {
        const register = registerAt(counter);
        expect(decodeRegister(encodeRegister(register))).toEqual(register);
      }),
      { numRuns: 100 },
    );
    const { after } = next(registerAt(0xffff0000));
    expect(decodeRegister(encodeRegister(after))).toEqual(after);
  });

  test('of any other form is refused, and nothing is thrown', () => {
    const bytes = encodeRegister(advance(fresh(), 5));
    const changed = (at: number, value: number) =>
      refused(decodeRegister(bytes.map((byte, i) => (i === at ? value : byte))));
    expect(changed(0, 2)).toBe('DUKPT register at 0: form 2');
    expect(changed(1, 17)).toBe('DUKPT register at 1: keys of 17 bytes');
    expect(changed(13, 7)).toBe('DUKPT register at 14: not the keys of its counter');
    expect(refused(decodeRegister(bytes.subarray(0, 17)))).toContain('17 bytes are too few');
    expect(refused(decodeRegister(bytes.subarray(0, -1)))).toContain('at 18');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        refused(decodeRegister(noise));
      }),
    );
  });
});

/** Counters whose keys this counter's is derived from: without its lower one-bits. */
const ancestors = (counter: number): number[] => {
  const found: number[] = [];
  for (let rest = counter & (counter - 1); rest !== 0; rest &= rest - 1) found.push(rest);
  return found;
};
