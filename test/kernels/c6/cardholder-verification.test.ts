import { describe, expect, it } from 'vitest';
import { onlineCard, tap, tvrOf } from './support.ts';

/** TTQ by capabilities, with "CVM required" where it says so, always with CDCVM. */
const ttq = (can: 'nothing' | 'pin' | 'sign' | 'both', required = true) =>
  `${{ nothing: '20', pin: '24', sign: '22', both: '26' }[can]}${required ? '40' : '00'}4000`;

const verified = (requirements: string, reader: string, how: { iad?: string; no?: boolean } = {}) =>
  tap(onlineCard({ '9F71': requirements, '9F10': how.iad ?? '01050000000000000000' }), {
    ttq: reader,
    // Terminal Capabilities byte 2 bit 4: No CVM.
    terminal: { '9F33': how.no === false ? '0020C8' : '0028C8' },
  }).result;

const CONFIRMED = '01050002000000000000';

describe('cardholder verification', () => {
  it('[C-6 CVM-1] is none where neither reader nor card wants any', () => {
    expect(verified('1000', ttq('both', false))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'noCvm',
    });
  });

  it('[C-6 CVM-2] is the online PIN where card and reader agree on it, at any amount', () => {
    for (const required of [true, false]) {
      const result = verified('C000', ttq('both', required));
      expect(result).toMatchObject({ outcome: 'onlineRequest', cvm: 'onlinePin' });
      expect(tvrOf(result)).toBe('8000040000');
    }
  });

  it('[C-6 CVM-3] is a signature instead where the card says so and the reader can', () => {
    expect(verified('8002', ttq('sign'))).toMatchObject({ cvm: 'obtainSignature' });
    expect(verified('8002', ttq('nothing'))).toMatchObject({ outcome: 'endApplication' });
    expect(verified('8000', ttq('sign'))).toMatchObject({ outcome: 'endApplication' });
  });

  it('[C-6 CVM-4] is a signature where the card wants it and the reader can', () => {
    expect(verified('4000', ttq('both'))).toMatchObject({ cvm: 'obtainSignature' });
    expect(verified('4000', ttq('sign', false))).toMatchObject({ cvm: 'obtainSignature' });
  });

  it('[C-6 CVM-5] is what the device did, if its verification results say the same', () => {
    expect(verified('1000', ttq('nothing'), { iad: CONFIRMED })).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'confirmationCodeVerified',
    });
    for (const iad of ['01050000000000000000', '01050003000000000000', '01050001', '0105']) {
      const result = verified('1000', ttq('nothing'), { iad });
      expect(result).toMatchObject({ outcome: 'endApplication', uiOnOutcome: { messageId: '1C' } });
      expect(tvrOf(result)).toBe('8000800000');
    }
  });

  it('[C-6 CVM-6] is a signature where a device did not verify and the card allows it', () => {
    expect(verified('1002', ttq('sign'))).toMatchObject({ cvm: 'obtainSignature' });
  });

  it('[C-6 CVM-7] is none where a device did not verify and the reader wants none', () => {
    // The card wants a signature that this reader doesn't take.
    expect(verified('5001', ttq('nothing', false))).toMatchObject({ cvm: 'noCvm' });
    expect(verified('5001', ttq('nothing'))).toMatchObject({ outcome: 'endApplication' });
    expect(verified('5001', ttq('nothing', false), { no: false })).toMatchObject({
      outcome: 'endApplication',
    });
  });

  it('[C-6 CVM-8] is none without a device, where card and reader both know none', () => {
    expect(verified('0001', ttq('nothing'))).toMatchObject({
      outcome: 'onlineRequest',
      cvm: 'noCvm',
    });
  });

  it('[C-6 CVM-9] without anything in common leads to another interface, or the end', () => {
    expect(verified('0000', ttq('nothing'))).toMatchObject({ outcome: 'endApplication' });
    expect(verified('0001', ttq('nothing'), { no: false })).toMatchObject({
      outcome: 'endApplication',
    });
    expect(verified('0000', '30404000')).toMatchObject({
      outcome: 'tryAnotherInterface',
      alternateInterface: 'contactChip',
    });
  });

  it('[C-6 CVM-10] takes no device’s word in a reader without CDCVM', () => {
    expect(verified('1000', '20400000', { iad: CONFIRMED })).toMatchObject({
      outcome: 'endApplication',
    });
  });
});
