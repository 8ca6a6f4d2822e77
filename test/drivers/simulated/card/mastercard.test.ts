import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { verifyCryptogram } from '#drivers/simulated/index.ts';
import {
  accountOf,
  options,
  PAYMENT,
  paymentWith,
  powered,
  readRecords,
  requestCryptogram,
  selectApplication,
  selectDirectory,
} from './hand-terminal.ts';

const MASTERCARD = 'A0000000041010';

const readCard = (cardOptions: Parameters<typeof powered>[1] = {}) => {
  const card = powered('mastercard-phone', cardOptions);
  selectDirectory(card);
  const fci = selectApplication(card, MASTERCARD);
  const answer = options(card, fci);
  const records = readRecords(card, answer.elements.get(tag.applicationFileLocator));
  return { card, answer, records };
};

const text = (value: Uint8Array | undefined) => toHex(value ?? hex(''));

describe('a Mastercard on a phone', () => {
  test('names itself in the directory, for kernel 2', () => {
    const { elements } = selectDirectory(powered('mastercard-phone'));
    expect(text(elements.get(tag.adfNameDirectoryAid))).toBe(MASTERCARD);
    expect(text(elements.get(tag.kernelIdentifier))).toBe('02');
  });

  test('supports EMV mode and on-device verification, and leads to its records', () => {
    const { answer, records } = readCard();
    // AIP byte 1: bit 5 cardholder verification, bit 2 on-device; byte 2 bit 8 EMV mode.
    expect(text(answer.elements.get(tag.applicationInterchangeProfile))).toBe('1280');
    expect(text(answer.elements.get(tag.applicationFileLocator))).toBe('0801010010010100');
    for (const needed of [0x5a, 0x5f24, 0x5f34, 0x9f07, 0x8e, 0x9f0d, 0x9f0e, 0x9f0f, 0x5f28]) {
      expect(records.has(needed), needed.toString(16)).toBe(true);
    }
    expect(accountOf(records).pan).toBe(text(records.get(tag.applicationPan)));
  });

  test('makes a cryptogram its issuer accepts when asked to go online', () => {
    const { card, answer, records } = readCard();
    const { sw, template, elements } = requestCryptogram(card, records, 0x80);
    expect([sw, template]).toEqual(['9000', tag.responseMessageTemplateFormat2]);
    expect(text(elements.get(tag.cryptogramInformationData))).toBe('80');
    expect(text(elements.get(tag.applicationTransactionCounter))).toBe('0001');
    // CVR byte 1: no second cryptogram, ARQC, verification performed and successful.
    expect(text(elements.get(tag.issuerApplicationData))).toMatch(/^0114A5/);
    expect(text(elements.get(tag.posCardholderInteractionInformation))).toBe('001000');
    const { pan, psn } = accountOf(records);
    const request = new Map([...PAYMENT, ...answer.elements, ...elements]);
    expect(verifyCryptogram(request, pan, psn)).toMatchObject({ ok: true, cvn: 0x14 });
  });

  test('goes online too when it is asked to approve by itself', () => {
    const { card, records } = readCard();
    const { elements } = requestCryptogram(card, records, 0x40);
    expect(text(elements.get(tag.cryptogramInformationData))).toBe('80');
  });

  test('declines when asked to, and the issuer can tell', () => {
    const { card, answer, records } = readCard();
    const { elements } = requestCryptogram(card, records, 0x00);
    expect(text(elements.get(tag.cryptogramInformationData))).toBe('00');
    expect(text(elements.get(tag.issuerApplicationData))).toMatch(/^011485/);
    const { pan, psn } = accountOf(records);
    const request = new Map([...PAYMENT, ...answer.elements, ...elements]);
    expect(verifyCryptogram(request, pan, psn).ok).toBe(true);
  });

  test('asks for its holder when the terminal counts on one who has not looked yet', () => {
    const { card, records } = readCard({ verifiedOnDevice: false });
    const { sw, elements } = requestCryptogram(card, records, 0x80);
    expect(sw).toBe('9000');
    expect(text(elements.get(tag.cryptogramInformationData))).toBe('00');
    expect(text(elements.get(tag.posCardholderInteractionInformation))).toBe('000100');
  });

  test('pays a low amount without its holder having looked', () => {
    const { card, records } = readCard({ verifiedOnDevice: false });
    const low = paymentWith([tag.cvmResults, '3F0002']);
    const { elements } = requestCryptogram(card, records, 0x80, low);
    expect(text(elements.get(tag.cryptogramInformationData))).toBe('80');
    expect(text(elements.get(tag.posCardholderInteractionInformation))).toBe('000000');
  });

  test('makes one cryptogram a payment', () => {
    const { card, records } = readCard();
    requestCryptogram(card, records, 0x80);
    expect(requestCryptogram(card, records, 0x80).sw).toBe('6985');
  });
});
