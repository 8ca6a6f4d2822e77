import { beforeAll, describe, expect, it } from 'vitest';
import { type Keys, newKeys, offlineCard, trusting } from './offline-card.ts';
import { onlineCard, tap } from './support.ts';

let keys: Keys;
beforeAll(() => {
  keys = newKeys(128, 112, 96);
});

/** TTQ by capabilities, with "CVM required" where it says so. */
const ttq = (can: 'nothing' | 'pin' | 'sign' | 'both', required = true) =>
  `${{ nothing: '20', pin: '24', sign: '22', both: '26' }[can]}${required ? '40' : '00'}4000`;

const online = (ctq: string | undefined, reader: string, more = {}) =>
  tap(onlineCard({ '9F6C': ctq, ...more }), { ttq: reader }).result;

/** With a TC: what the card's qualifiers say must come from the card itself. */
const offline = (ctq: string | undefined, reader: string, related?: string) =>
  tap(offlineCard(keys, { gpo: { '9F6C': ctq }, ...(related ? { related } : {}) }), {
    ttq: reader,
    authentication: trusting(keys),
  }).result;

describe('a card without CTQ, where verification is required', () => {
  it('[C-3 5.7-A1] signs, if the reader takes signatures', () => {
    expect(online(undefined, ttq('both'))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'obtainSignature',
    });
    expect(offline(undefined, ttq('sign'))).toMatchObject({
      outcome: 'approved',
      cvm: 'obtainSignature',
    });
  });

  it('[C-3 5.7-A2] enters an online PIN otherwise, which takes the payment online', () => {
    expect(offline(undefined, ttq('pin'))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'onlinePin',
    });
  });

  it('[C-3 5.7-A3] is declined by a reader that has nothing but CDCVM', () => {
    expect(online(undefined, ttq('nothing'))).toMatchObject({ outcome: 'declined', cvm: 'noCvm' });
  });

  it('[C-3 5.7-A4] and where none is required, there is none', () => {
    expect(online(undefined, ttq('both', false))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'noCvm',
    });
  });
});

describe('a card with CTQ', () => {
  it('[C-3 5.7-B1] gets the online PIN it wants, before anything else', () => {
    expect(online('C080', ttq('both'))).toMatchObject({ cvm: 'onlinePin' });
    expect(offline('8000', ttq('pin', false))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'onlinePin',
    });
    expect(online('C080', ttq('sign'))).toMatchObject({ cvm: 'confirmationCodeVerified' });
  });

  it('[C-3 5.7-B2] has verified its owner itself: an ARQC lets the issuer confirm it', () => {
    expect(online('0080', ttq('nothing'))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'confirmationCodeVerified',
    });
  });

  it('[C-3 5.7-B2] with a TC and no 9F69, nobody confirms it', () => {
    const card = onlineCard({ '9F6C': '0080', '9F27': '40', '5F24': '281231' });
    // The reader sends this TC online, so that no fDDA stands in the way.
    const { result } = tap(card, { ttq: '20C04000' });
    expect(result).toMatchObject({ outcome: 'declined', cvm: 'noCvm' });
  });

  it('[C-3 5.7-B2] and signs a copy of the CTQ in 9F69, which must be the same', () => {
    expect(offline('0080', ttq('nothing'), '01CAFEBABE0080')).toMatchObject({
      outcome: 'approved',
      cvm: 'confirmationCodeVerified',
    });
    for (const related of ['01CAFEBABE0000', '01CAFEBABE8080', '01CAFEBABE00', '01CAFEBABE']) {
      expect(offline('0080', ttq('nothing'), related)).toMatchObject({
        outcome: 'declined',
        cvm: 'noCvm',
      });
    }
  });

  it('[C-3 5.7-B2] the copy counts for an ARQC too, and stops before signature', () => {
    const related = { '9F69': '01CAFEBABE0000' };
    const declined = online('4080', ttq('both'), related);
    expect(declined.outcome).toBe('declined');
    expect(declined.why).toHaveLength(1);
  });

  it('[C-3 5.7-B3] signs, if both sides do', () => {
    expect(online('4000', ttq('both'))).toMatchObject({ cvm: 'obtainSignature' });
    expect(online('4000', ttq('sign', false))).toMatchObject({ cvm: 'obtainSignature' });
  });

  it('[C-3 5.7-B4] otherwise has no verification', () => {
    expect(online('0000', ttq('both', false))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'noCvm',
    });
    expect(online('C000', ttq('nothing', false))).toMatchObject({ cvm: 'noCvm' });
  });

  it('[C-3 5.7-C] is declined when verification is required and none will be performed', () => {
    for (const ctq of ['0000', 'C000']) {
      expect(online(ctq, ttq('nothing'))).toMatchObject({ outcome: 'declined', cvm: 'noCvm' });
    }
  });
});

describe('verification', () => {
  it('[C-3 5.7-D] is not asked for where the payment is declined already', () => {
    const result = online('8000', ttq('both'), { '9F27': '00' });
    expect(result).toMatchObject({ outcome: 'declined', cvm: 'noCvm' });
    expect(result.why).toHaveLength(1);
  });
});
