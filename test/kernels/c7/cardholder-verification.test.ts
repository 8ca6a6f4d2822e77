import { beforeAll, describe, expect, it } from 'vitest';
import { type Keys, newKeys } from '#test/kernels/c3/offline-card.ts';
import { offlineCard, onlineCard, tap, trusting } from './support.ts';

let keys: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
});

/** TTQ by capabilities, with "CVM required" where it says so. */
const ttq = (can: 'nothing' | 'pin' | 'sign' | 'both', required = true) =>
  `${{ nothing: '60', pin: '64', sign: '62', both: '66' }[can]}${required ? '40' : '00'}4000`;

const online = (ctq: string | undefined, reader: string, more = {}) =>
  tap(onlineCard({ '9F6C': ctq, ...more }), { ttq: reader }).result;

const offline = (ctq: string | undefined, reader: string, related = '01CAFEBABE000000') =>
  tap(offlineCard(keys, { gpo: { '9F6C': ctq }, related }), {
    ttq: reader,
    authentication: trusting(keys),
  }).result;

describe('a card without CTQ, where verification is required', () => {
  it('[C-7 CVM-1] signs, if the reader takes signatures', () => {
    expect(online(undefined, ttq('both'))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'obtainSignature',
    });
    expect(offline(undefined, ttq('sign'))).toMatchObject({
      outcome: 'approved',
      cvm: 'obtainSignature',
    });
  });

  it('[C-7 CVM-2] enters an online PIN otherwise, which takes the payment online', () => {
    expect(offline(undefined, ttq('pin'))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'onlinePin',
    });
  });

  it('[C-7 CVM-3] is declined by a reader that has nothing but CDCVM', () => {
    expect(online(undefined, ttq('nothing'))).toMatchObject({ outcome: 'declined', cvm: 'none' });
  });

  it('[C-7 CVM-4] and where none is required, there is none', () => {
    expect(online(undefined, ttq('both', false))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'none',
    });
  });
});

describe('a card with CTQ', () => {
  it('[C-7 CVM-5] gets the online PIN it wants, before anything else', () => {
    expect(online('C080', ttq('both'))).toMatchObject({ cvm: 'onlinePin' });
    expect(offline('8000', ttq('pin', false))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'onlinePin',
    });
    expect(online('C080', ttq('sign'))).toMatchObject({ cvm: 'confirmationCodeVerified' });
  });

  it('[C-7 CVM-6] has verified its owner itself: an ARQC lets the issuer confirm it', () => {
    expect(online('0080', ttq('nothing'))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'confirmationCodeVerified',
    });
  });

  it('[C-7 CVM-7] signs a copy of the CTQ in 9F69, which must be the same', () => {
    expect(offline('0080', ttq('nothing'), '01CAFEBABE008000')).toMatchObject({
      outcome: 'approved',
      cvm: 'confirmationCodeVerified',
    });
    for (const related of ['01CAFEBABE000000', '01CAFEBABE808000']) {
      expect(offline('0080', ttq('nothing'), related)).toMatchObject({ outcome: 'declined' });
      const forArqc = online('4080', ttq('both'), { '9F69': related });
      expect(forArqc).toMatchObject({ outcome: 'declined' });
    }
  });

  it('[C-7 CVM-8] with a TC and no 9F69, nobody confirms what it did', () => {
    // The reader sends this TC online, so that no fDDA stands in the way.
    expect(offline('0080', '60C04000', '')).toMatchObject({ outcome: 'declined' });
  });

  it('[C-7 CVM-9] signs, if both sides do, wherever it is required', () => {
    expect(online('4000', ttq('both'))).toMatchObject({ cvm: 'obtainSignature' });
    expect(online('4000', ttq('sign', false))).toMatchObject({ cvm: 'obtainSignature' });
  });

  it('[C-7 CVM-10] is declined when verification is required and none will be performed', () => {
    for (const ctq of ['0000', 'C000']) {
      expect(online(ctq, ttq('nothing'))).toMatchObject({ outcome: 'declined', cvm: 'none' });
      expect(online(ctq, ttq('nothing', false))).toMatchObject({
        outcome: 'onlineRequest',
        cvm: 'none',
      });
    }
  });

  it('[C-7 CVM-11] is not asked for where the payment is declined already', () => {
    const result = online('8000', ttq('both'), { '9F27': '00' });
    expect(result).toMatchObject({ outcome: 'declined', cvm: 'none' });
    expect(result.why).toHaveLength(1);
  });
});
