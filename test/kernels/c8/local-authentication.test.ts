import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { isOnCurve, p256 } from '#crypto/elliptic-curve.ts';
import { eccAuthorityKey } from '#drivers/simulated/issuer/ecc.ts';
import { certifyEccIssuer } from '#drivers/simulated/issuer/ecc-certificates.ts';
import { simulatedEccKey } from '#drivers/simulated/issuer/ecc-keys.ts';
import { caPublicKeys, revocationList } from '#oda/index.ts';
import { certifyIcc, certifyIssuer, generateTestKey } from '#test/support/test-pki.ts';
import { CARD_KEY, type ChannelStory, PAN, RECORD } from './channel-card.ts';
import { cardTap, errorOf, type How, INDEX, OTHER_CARD, RID, TRUST } from './support.ts';

/** What became of it: whether it failed, and the report's words. */
const verdict = (story: ChannelStory, how: How = {}) => {
  const { tvr, result } = cardTap(story, how);
  return { failed: tvr.startsWith('04'), says: result.report?.oda };
};

const FAILED = (problem: string) => ({
  failed: true,
  says: expect.stringContaining(`local authentication failed: ${problem}`),
});
const SUCCEEDED = { failed: false, says: 'local authentication succeeded' };

/** A certificate of the card with some of its bytes replaced. */
const altered = (name: '90' | '9F46', at: number, value: string): ChannelStory => {
  let certificate = '';
  return {
    inClear: true,
    tampers: (response, index) => {
      if (index !== 3) return response;
      const text = toHex(response);
      const head = name === '90' ? '9075' : '9F468191';
      const start = text.indexOf(head) / 2 + head.length / 2;
      const copy = Uint8Array.from(response);
      copy.set(hex(value), start + (at < 0 ? (name === '90' ? 117 : 145) + at : at));
      certificate = toHex(copy);
      return hex(certificate);
    },
  };
};

describe('certificates on a curve', () => {
  test('[C-8 LA succeeded] that are all in order prove the card', () => {
    expect(verdict({})).toEqual(SUCCEEDED);
  });

  test.each(['8F', '90', '9F46'])('[C-8 LA missing] without %s: another card', (name) => {
    const missing = cardTap({ certificates: { [name]: undefined } });
    expect(missing.result).toMatchObject(OTHER_CARD);
    expect(errorOf(missing)).toBe('00060000001C');
  });

  test('[C-8 LA authority] of an authority that is not known, or past its date', () => {
    expect(verdict({}, { authentication: null })).toEqual(FAILED('no key'));
    expect(verdict({ certificates: { '8F': 'E1' } })).toEqual(FAILED('no key'));
    const expiring = (expires: string) => ({
      authentication: {
        ...TRUST,
        caKeys: caPublicKeys([
          { rid: RID, index: INDEX, suite: 0x10, point: eccAuthorityKey(INDEX).publicKey, expires },
        ]),
      },
    });
    expect(verdict({}, expiring('2026-06-14'))).toEqual(FAILED('8F: past its date'));
    expect(verdict({}, expiring('2026-06-15'))).toEqual(SUCCEEDED);
  });

  test.each([
    ['format', 0, '13', 'format or encoding'],
    ['encoding', 1, '01', 'format or encoding'],
    ['issuer identifier', 2, '9A', 'its issuer is not digits'],
    ['suite', 7, '00', 'an algorithm suite that is not known'],
    ['expiration date', 9, 'AA', 'its expiration date is none'],
    ['serial number', 12, 'FF', 'not signed by this key'],
    ['key', 21, 'FF', 'not signed by this key'],
    ['signature', -1, 'FF', 'not signed by this key'],
    ['signature', -64, 'FF', 'not signed by this key'],
  ])("[C-8 LA issuer] the issuer's with another %s", (_, at, value, problem) => {
    expect(verdict(altered('90', at, value))).toEqual(FAILED(`90: ${problem}`));
  });

  test.each([
    ['another issuer', { identifier: '999909' }, 'for an issuer of other account numbers'],
    ['an issuer of two digits', { identifier: '99' }, 'its issuer is not digits'],
    ['a past date', { expires: '20260614' }, 'past its date'],
    ['another scheme', { rid: hex('A000000003') }, 'for another scheme'],
    ['another key', { index: 0xe1 }, 'for another key of the authority'],
  ])("[C-8 LA issuer] the issuer's for %s", (_, issuerFacts, problem) => {
    expect(verdict({ issuerFacts })).toEqual(FAILED(`90: ${problem}`));
  });

  test('[C-8 LA issuer] on its last day, and of ten digits', () => {
    expect(verdict({ issuerFacts: { expires: '20260615' } })).toEqual(SUCCEEDED);
    expect(verdict({ issuerFacts: { identifier: '9999088000' } })).toEqual(SUCCEEDED);
    expect(verdict({ issuerFacts: { identifier: '999' } })).toEqual(SUCCEEDED);
  });

  test('[C-8 LA revoked] on the list', () => {
    const revoked = revocationList([{ rid: RID, index: INDEX, serial: hex('0000A8') }]);
    expect(verdict({}, { authentication: { ...TRUST, revoked } })).toEqual(
      FAILED('90: on the revocation list'),
    );
  });

  test.each([
    ['format', 0, '12', 'format or encoding'],
    ['encoding', 1, '01', 'format or encoding'],
    ['suite', 2, '10', 'a key for another channel'],
    ['expiration date', 4, 'AA', 'its expiration is no date'],
    ['expiration time', 7, '24', 'its expiration is no date'],
    ['serial number', 9, 'FF', 'not signed by this key'],
    ['hash encoding', 15, '02', 'its hash is not known'],
    ['hash algorithm', 16, '01', 'its hash is not known'],
    ['hash', 17, '0000', "the hash of the card's data does not match"],
    ['key', 49, 'FF', 'not signed by this key'],
    ['signature', -1, 'FF', 'not signed by this key'],
  ])("[C-8 LA card] the card's with another %s", (_, at, value, problem) => {
    expect(verdict(altered('9F46', at, value))).toEqual(FAILED(`9F46: ${problem}`));
  });

  test('[C-8 LA card] to the minute', () => {
    const at = (time: string | undefined) =>
      verdict(
        { iccFacts: { expires: '20260615', expiresAt: '1200' } },
        { terminal: { '9F21': time } },
      );
    expect(at('115959')).toEqual(SUCCEEDED);
    expect(at('120059')).toEqual(SUCCEEDED);
    expect(at('120100')).toEqual(FAILED('9F46: past its date and time'));
    expect(at(undefined)).toEqual(SUCCEEDED);
    const yesterday = { iccFacts: { expires: '20260614' } };
    expect(verdict(yesterday)).toEqual(FAILED('9F46: past its date and time'));
  });

  test('[C-8 LA blinding] of another card prove nothing', () => {
    const other = simulatedEccKey('another card');
    expect(verdict({ certified: other })).toEqual(FAILED('the certified key is not'));
  });

  test('[C-8 LA length] of other lengths', () => {
    expect(verdict({ certificates: { '90': '1200' } })).toEqual(FAILED('90: '));
    expect(verdict({ certificates: { '9F46': '1400' } })).toEqual(FAILED('9F46: its length'));
  });

  test('[C-8 LA issuer key] of an issuer whose key is no point of the curve', () => {
    // The least x that no point has; signed all the same.
    const x = new Uint8Array(32);
    x[31] = 7;
    expect(isOnCurve(p256, concat(x, new Uint8Array(32)))).toBe(false);
    const stranger = { ...simulatedEccKey('x'), publicKey: concat(x, x) };
    const certificate = certifyEccIssuer(eccAuthorityKey(INDEX), stranger, {
      identifier: '999908',
      rid: RID,
      index: INDEX,
      serial: '000001',
    });
    expect(verdict({ certificates: { '90': toHex(certificate) } })).toEqual(
      FAILED('90: its key is no point of the curve'),
    );
  });
});

describe('RSA certificates', () => {
  const [ca, issuer, icc] = [generateTestKey(128), generateTestKey(112), generateTestKey(96)];
  const trusting: How = {
    authentication: {
      caKeys: caPublicKeys([
        { rid: RID, index: INDEX, modulus: ca.modulus, exponent: ca.exponent },
      ]),
      revoked: revocationList([]),
      exceptionFile: new Set(),
    },
    terminal: { '9F8209': '3800' },
  };
  const cardKey = toHex(CARD_KEY.publicKey.subarray(0, 32));
  const certificates = (staticData: Uint8Array, pan = PAN) => {
    const forIssuer = certifyIssuer(ca, issuer, {
      identifier: '999908',
      expires: '1230',
      serial: '0000A1',
    });
    const forIcc = certifyIcc(issuer, icc, { pan, expires: '1228', staticData });
    return {
      '90': toHex(forIssuer.certificate),
      '92': forIssuer.remainder.length > 0 ? toHex(forIssuer.remainder) : undefined,
      '9F32': toHex(forIssuer.exponent),
      '9F46': toHex(forIcc.certificate),
      '9F47': toHex(forIcc.exponent),
      '9F48': forIcc.remainder.length > 0 ? toHex(forIcc.remainder) : undefined,
    };
  };
  const story: ChannelStory = { record: { '9F810B': cardKey }, certificates };

  test('[C-8 LA RSA] prove the key on the curve that stands in the signed records', () => {
    expect(verdict(story, trusting)).toEqual(SUCCEEDED);
  });

  test('[C-8 LA RSA off] count for nothing where they are not enabled', () => {
    expect(verdict(story, { ...trusting, terminal: { '9F8209': '1800' } })).toEqual(
      FAILED('RSA certificates are not enabled'),
    );
  });

  test('[C-8 LA RSA key] nor where that key is elsewhere, or another', () => {
    const unsigned = (staticData: Uint8Array) => ({
      ...certificates(staticData),
      '9F810B': cardKey,
    });
    expect(verdict({ certificates: unsigned }, trusting)).toEqual(
      FAILED("the card's key is not in the signed records"),
    );
    expect(verdict({ certificates }, trusting)).toEqual(FAILED("the card's key is not"));
    const other = { ...story, record: { '9F810B': '11'.repeat(32) } };
    expect(verdict(other, trusting)).toEqual(FAILED('the certified key is not'));
  });

  test('[C-8 LA RSA data] nor for other records, or another account', () => {
    const otherData = { ...story, certificates: () => certificates(new Uint8Array(4)) };
    expect(verdict(otherData, trusting)).toEqual(FAILED('9F46: the hash does not match'));
    const otherPan = {
      ...story,
      certificates: (data: Uint8Array) => certificates(data, '9999088000000028'),
    };
    expect(verdict(otherPan, trusting)).toEqual(FAILED('9F46: for another account number'));
  });

  test.each(['90', '9F32', '9F46', '9F47'])(
    '[C-8 LA RSA missing] without %s: another card',
    (name) => {
      const missing = cardTap(
        {
          ...story,
          certificates: (data: Uint8Array) => ({ ...certificates(data), [name]: undefined }),
        },
        trusting,
      );
      expect(errorOf(missing)).toBe('00060000001C');
    },
  );

  test('are of a card whose record is as any', () => {
    expect(Object.keys(RECORD)).not.toContain('9F810B');
  });
});
