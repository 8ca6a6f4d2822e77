import { expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { iccData, type Message } from '#iso8583/index.ts';
import { authorisationRequest, identityOf, reversalRequest } from '../../src/uplink/requests.ts';
import { config, payment, VISA } from './support.ts';

const identity = identityOf('261121165900', 42, Date.UTC(2026, 10, 21, 21, 59, 0));
const built = (...[of, by = config]: [ReturnType<typeof payment>, typeof config?]): Message => {
  const request = authorisationRequest(of, identity, by);
  if (isMalformed(request)) throw new Error(request.problem);
  return request;
};

test('a tap becomes an authorisation request with everything the host checks', () => {
  const { mti, fields } = built(payment(1250, 1));
  const { 55: icc, ...rest } = Object.fromEntries(fields);
  expect(mti).toBe('0100');
  expect(icc).toBeInstanceOf(Uint8Array);
  expect(rest).toEqual({
    2: VISA,
    3: '000000',
    4: '000000001250',
    7: '1121215900',
    11: '000042',
    12: '165900',
    13: '1121',
    14: '2812',
    22: '072',
    23: '001',
    25: '00',
    35: `${VISA}=2812201000000000`,
    37: '632516000042',
    41: 'COUNTER1',
    42: 'MERCHANT0000001',
    49: '840',
  });
});

test('DE 55 holds what its kernel allows and no account number', () => {
  const tap = payment(1250, 1);
  const data = new Map([
    ...tap.data,
    [tag.cardholderName, hex('54455354')],
    [tag.formFactorIndicator, hex('20700000')],
  ]);
  const tagsOf = (kernel: 'K2' | 'K3' | 'K4') => {
    const tags = iccData(built({ ...tap, kernel, data }));
    if (isMalformed(tags)) throw new Error(tags.problem);
    return tags;
  };
  for (const kernel of ['K2', 'K3', 'K4'] as const) {
    const tags = tagsOf(kernel);
    expect(toHex(tags.get(tag.applicationCryptogram) ?? hex(''))).toHaveLength(16);
    for (const account of [tag.applicationPan, tag.track2EquivalentData, tag.cardholderName]) {
      expect(tags.has(account)).toBe(false);
    }
  }
  expect(tagsOf('K3').has(tag.formFactorIndicator)).toBe(true);
  // In kernel 4 the same tag is the reader's own.
  expect(tagsOf('K4').has(tag.formFactorIndicator)).toBe(false);
});

test('a Visa tap without TVR and CID is asked for with the ones its cryptogram stands for', () => {
  const tap = payment(1250, 1);
  const data = new Map(tap.data);
  data.delete(tag.terminalVerificationResults);
  const tags = iccData(built({ ...tap, data }));
  if (isMalformed(tags)) throw new Error(tags.problem);
  expect(tags.get(tag.terminalVerificationResults)).toEqual(new Uint8Array(5));
  expect(tags.get(tag.cryptogramInformationData)).toEqual(hex('80'));
});

test('a card without track 2 is asked for by account number and expiry', () => {
  const tap = payment(1250, 1);
  const data = new Map(tap.data);
  data.delete(tag.track2EquivalentData);
  data.set(tag.applicationExpirationDate, hex('281231'));
  const { fields } = built({ ...tap, data });
  expect([fields.get(2), fields.get(14), fields.has(35)]).toEqual([VISA, '2812', false]);
});

test('a data record without account number is not sent', () => {
  expect(
    authorisationRequest({ ...payment(1250, 1), data: new Map() }, identity, config),
  ).toMatchObject({ malformed: true, path: ['57'] });
});

test('a terminal with a PIN pad says so', () => {
  expect(built(payment(1250, 1), { ...config, pinPad: true }).fields.get(22)).toBe('071');
});

test('a reversal repeats what identifies the original, and neither track nor cryptogram', () => {
  const reversal = reversalRequest(built(payment(1250, 1)), '68', Date.UTC(2026, 10, 21, 22, 0, 0));
  expect(reversal.mti).toBe('0400');
  expect(Object.fromEntries(reversal.fields)).toMatchObject({
    4: '000000001250',
    7: '1121220000',
    11: '000042',
    37: '632516000042',
    39: '68',
    90: `01000000421121215900${'0'.repeat(22)}`,
  });
  expect([35, 55].map((number) => reversal.fields.has(number))).toEqual([false, false]);
});

test.each([
  ['260101000000', '6001'],
  ['280301235959', '8061'],
  ['261231120000', '6365'],
])('at %s the retrieval reference begins with %s', (localTime, start) => {
  expect(identityOf(localTime, 7, 0).retrievalReference).toBe(
    `${start}${localTime.slice(6, 8)}000007`,
  );
});
