import { expect, it } from 'vitest';
import { isFault } from '#ports/fault.ts';
import { keyStoreSuite } from '#test/ports/key-store-suite.ts';
import { memoryKeyStore } from './memory-key-store.ts';

let seed = 0;
keyStoreSuite('the key store in memory', async () => memoryKeyStore({ seed: seed++, mac: true }));

it('the same seed gives the same bytes, and opens what the other sealed', async () => {
  const [one, two] = [memoryKeyStore({ seed: 7 }), memoryKeyStore({ seed: 7 })];
  const data = Uint8Array.of(1, 2, 3);
  const sealed = await one.seal(data, 'a', true);
  expect(await two.seal(data, 'a', true)).toEqual(sealed);
  if (isFault(sealed)) throw new Error(sealed.detail);
  expect(await two.open(sealed, 'a')).toEqual(data);
  expect(one.hostOpens(sealed, 'a')).toEqual(data);
  expect(isFault(one.hostOpens(sealed, 'b'))).toBe(true);
});

it('a store that fails says why, until it is well again', async () => {
  const store = memoryKeyStore({ seed: 7 });
  store.fail('no keys');
  expect(await store.seal(new Uint8Array(1), 'a', false)).toEqual(store.refusal());
  store.fail(undefined);
  expect(store.refusal()).toBeUndefined();
});
