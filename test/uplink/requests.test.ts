import { expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { tag } from '#data/dictionary.ts';
import { iccData, type Message } from '#iso8583/index.ts';
import { accountIn, owed, type PaymentRecord } from '#payment/index.ts';
import type { Payment } from '#uplink/index.ts';
import {
  identityOf,
  messageOf,
  reconciliationRequest,
  repeated,
  requestFor,
  reversalOf,
} from '../../src/uplink/requests.ts';
import { config, dataRecord, payment, VISA } from './support.ts';

const identity = identityOf('261121165900', 42, Date.UTC(2026, 10, 21, 21, 59, 0));
const tap = await payment(1250, 1);
const built = (of: Payment = tap, by = config): Message => {
  const account = accountIn(of.tap?.data ?? new Map());
  return messageOf(requestFor(of, 'online', identity, by), account);
};
const tapWith = (data: ReadonlyMap<number, Uint8Array>, kernel: 'K2' | 'K3' | 'K4' = 'K3') => ({
  ...tap,
  tap: { kernel, data, cryptogram: true },
});
const asked = (of: Payment = tap): PaymentRecord => ({
  ...of.record,
  state: 'asking',
  request: requestFor(of, 'online', identity, config),
});

test('a tap becomes an authorisation request with everything the host checks', () => {
  const { mti, fields } = built();
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

test('what is written down before it is sent holds no account data', () => {
  const request = requestFor(tap, 'online', identity, config);
  expect(Object.keys(request.fields)).not.toEqual(expect.arrayContaining(['2']));
  expect(JSON.stringify(request)).not.toContain(VISA.slice(0, 12));
  expect(JSON.stringify(request)).not.toMatch(/"(14|35|52)"/);
});

test('DE 55 holds what its kernel allows and no account number', () => {
  const data = new Map([
    ...dataRecord(1250, 1),
    [tag.cardholderName, hex('54455354')],
    [tag.formFactorIndicator, hex('20700000')],
  ]);
  const tagsOf = (kernel: 'K2' | 'K3' | 'K4') => {
    const tags = iccData(built(tapWith(data, kernel)));
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
  const data = new Map(dataRecord(1250, 1));
  data.delete(tag.terminalVerificationResults);
  const tags = iccData(built(tapWith(data)));
  if (isMalformed(tags)) throw new Error(tags.problem);
  expect(tags.get(tag.terminalVerificationResults)).toEqual(new Uint8Array(5));
  expect(tags.get(tag.cryptogramInformationData)).toEqual(hex('80'));
});

test('a card without track 2 is asked for by account number and expiry', () => {
  const data = new Map(dataRecord(1250, 1));
  data.delete(tag.track2EquivalentData);
  data.set(tag.applicationExpirationDate, hex('281231'));
  const { fields } = built(tapWith(data));
  expect([fields.get(2), fields.get(14), fields.has(35)]).toEqual([VISA, '2812', false]);
});

test('a terminal with a PIN pad says so', () => {
  expect(built(tap, { ...config, pinPad: true }).fields.get(22)).toBe('071');
});

const record = (kind: PaymentRecord['kind']) => ({ ...tap, record: { ...tap.record, kind } });

test.each([
  ['a purchase of a dual message host', record('purchase'), 'online', 'dual', '0100', '00'],
  ['a purchase of a single message host', record('purchase'), 'online', 'single', '0200', '00'],
  ['a pre-authorisation, for either', record('preAuthorisation'), 'online', 'single', '0100', '06'],
  ['a refund, for either', record('refund'), 'online', 'dual', '0200', '00'],
  ['what a kernel approved', record('purchase'), 'kernel', 'dual', '0220', '00'],
  ['what is authorised later', record('purchase'), 'deferred', 'dual', '0100', '00'],
  ['a completion', record('completion'), 'completion', 'dual', '0220', '00'],
] as const)('%s goes out as the message that is for it', (_, of, manner, messages, mti, de25) => {
  const request = requestFor(of, manner, identity, { ...config, messages });
  expect([request.mti, request.fields['25']]).toEqual([mti, de25]);
});

test('a repeat differs by its MTI alone', () => {
  const message = built();
  expect(repeated(message)).toEqual({ ...message, mti: '0101' });
});

test('a reversal repeats what identifies the original, and neither track nor cryptogram', () => {
  const taken = { ...asked(), ...owed('noAnswer', Date.UTC(2026, 10, 21, 22, 0, 0)) };
  const reversal = reversalOf(taken, { pan: VISA, expiry: '2812' });
  expect(reversal?.mti).toBe('0400');
  expect(Object.fromEntries(reversal?.fields ?? [])).toMatchObject({
    2: VISA,
    4: '000000001250',
    7: '1121220000',
    11: '000042',
    37: '632516000042',
    39: '68',
    90: `01000000421121215900${'0'.repeat(22)}`,
  });
  expect([35, 55].map((number) => reversal?.fields.has(number))).toEqual([false, false]);
});

test('what was never asked for has no reversal', () => {
  expect(reversalOf({ ...tap.record, ...owed('voided', 0) }, undefined)).toBeUndefined();
});

test('the end of a period says what stands, and what is left of it', () => {
  const totals = {
    debits: { count: 3, amountMinor: 1200 },
    credits: { count: 1, amountMinor: 1500 },
  };
  const { mti, fields } = reconciliationRequest(totals, 840, identity, config);
  expect(mti).toBe('0500');
  expect([50, 74, 76, 86, 88].map((number) => fields.get(number))).toEqual([
    '840',
    '0000000001',
    '0000000003',
    '0000000000001500',
    '0000000000001200',
  ]);
  expect(fields.get(97)).toMatch(/^[CD]0000000000000300$/);
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

test('a code of a card scheme goes as scanned, its account in fields of its own', () => {
  const scanned = new Map([
    [tag.adfNameDirectoryAid, hex('A0000000031010')],
    [tag.track2EquivalentData, hex('4761739001010119D28122010000000000')],
    [tag.applicationCryptogram, hex('0102030405060708')],
    [tag.applicationTransactionCounter, hex('0007')],
  ]);
  const { tap: _, ...rest } = tap;
  const of: Payment = { ...rest, scanned };
  const request = requestFor(of, 'online', identity, config);
  expect(request.fields).toMatchObject({ 22: '032' });
  expect(JSON.stringify(request)).not.toContain('4761739001010119');
  const icc = messageOf(request, accountIn(scanned)).fields.get(55);
  expect(toHex(icc as Uint8Array)).toBe(
    '4F07A0000000031010' + '9F26080102030405060708' + '9F36020007',
  );
});

test('cash, tip and surcharge go to the host as parts of the amount, and come back with it', () => {
  const parts = { cashBackMinor: 500, tipMinor: 200, surchargeMinor: 50 };
  const of = { ...tap, transactionType: '09', record: { ...tap.record, ...parts } };
  const { fields } = built(of);
  expect(fields.get(3)).toBe('090000');
  expect(fields.get(28)).toBe('D00000050');
  expect(fields.get(54)).toBe('0040840D0000000005000044840D000000000200');
  const reversal = reversalOf({ ...asked(of), ...owed('voided', 0) }, undefined);
  for (const number of [3, 28, 54]) expect(reversal?.fields.get(number)).toBe(fields.get(number));
});

test('a payment of goods alone says nothing of parts', () => {
  const { fields } = built();
  expect([fields.has(28), fields.has(54)]).toEqual([false, false]);
});
