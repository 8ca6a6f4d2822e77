import { describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import {
  caPublicKeys,
  type IccKeyInput,
  type IssuerKeyCache,
  isOdaFailure,
  issuerKeyCache,
  recoverIccKey,
  revocationList,
} from '#oda/index.ts';
import {
  bitsTurned,
  caKeyOf,
  INDEX,
  issuedCard,
  newKeys,
  RID,
  withElement,
} from './issued-card.ts';

const KEYS = newKeys([176, 144, 128]);
const CARD = issuedCard(KEYS);

const outcomeOf = (input: IccKeyInput) => {
  const key = recoverIccKey(input);
  return isOdaFailure(key) ? [key.odaFailure, key.element.toString(16)] : 'authenticated';
};

/** A cache that has seen the card, and counts how often it helps. */
const warm = () => {
  let hits = 0;
  const inner = issuerKeyCache();
  const cache: IssuerKeyCache = {
    find: (source) => {
      const key = inner.find(source);
      if (key !== undefined) hits += 1;
      return key;
    },
    keep: inner.keep,
  };
  expect(outcomeOf({ ...CARD, cache })).toBe('authenticated');
  return { cache, hits: () => hits };
};

describe('a key remembered from an earlier tap', () => {
  test('is used again, and gives the same', () => {
    const { cache, hits } = warm();
    expect(recoverIccKey({ ...CARD, cache })).toEqual(recoverIccKey(CARD));
    expect(hits()).toBe(1);
  });

  test('does not outlive its month, its authority or its good name', () => {
    const { cache, hits } = warm();
    const entry = { rid: RID, index: INDEX, serial: hex('0000A1') };
    expect(outcomeOf({ ...CARD, cache, date: hex('310101') })).toEqual(['expired', '90']);
    expect(outcomeOf({ ...CARD, cache, revoked: revocationList([entry]) })).toEqual([
      'revoked',
      '90',
    ]);
    expect(outcomeOf({ ...CARD, cache, pan: '9999980123456789' })).toEqual(['wrong', '90']);
    expect(outcomeOf({ ...CARD, cache, caKeys: caPublicKeys([]) })).toEqual(['caKeyUnknown', '8f']);
    expect(hits()).toBe(3);
  });

  test('does not vouch for a changed certificate, remainder or exponent', () => {
    const { cache, hits } = warm();
    for (const tag of [0x90, 0x92, 0x9f32]) {
      for (const turned of bitsTurned(CARD.card.get(tag) ?? hex(''))) {
        const changed = withElement(CARD, tag, turned);
        expect(outcomeOf({ ...changed, cache })).toEqual(outcomeOf(changed));
      }
    }
    expect(hits()).toBe(0);
  });

  test('does not vouch for it under another authority key', () => {
    const { cache } = warm();
    const caKeys = caPublicKeys([caKeyOf(newKeys([176, 64, 64]).ca)]);
    expect(outcomeOf({ ...CARD, cache, caKeys })).toEqual(['wrong', '90']);
  });

  test('stays right when the buffer it came from is used again', () => {
    const { cache, hits } = warm();
    const certificate = Uint8Array.from(CARD.card.get(0x90) ?? hex(''));
    const card = withElement(CARD, 0x90, certificate);
    const fresh = issuerKeyCache();
    expect(outcomeOf({ ...card, cache: fresh })).toBe('authenticated');
    certificate.fill(0, 0, 100);
    expect(outcomeOf({ ...card, cache: fresh })).toEqual(['wrong', '90']);
    expect(outcomeOf({ ...CARD, cache })).toBe('authenticated');
    expect(hits()).toBe(1);
  });
});

test('the key that was used longest ago makes room', () => {
  const cards = ['0000A1', '0000A2', '0000A3'].map((issuerSerial) =>
    issuedCard(KEYS, { issuerSerial }),
  );
  const [a = CARD, b = CARD, c = CARD] = cards;
  const found: boolean[] = [];
  const two = issuerKeyCache(2);
  const cache: IssuerKeyCache = {
    find: (source) => {
      const key = two.find(source);
      found.push(key !== undefined);
      return key;
    },
    keep: two.keep,
  };
  for (const card of [a, b, a, c, a, b]) {
    expect(outcomeOf({ ...card, cache })).toBe('authenticated');
  }
  expect(found).toEqual([false, false, true, false, true, false]);
});
