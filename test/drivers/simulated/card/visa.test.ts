import { describe, expect, test } from 'vitest';
import { hex, toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { memoryStore, verifyCryptogram } from '#drivers/simulated/index.ts';
import {
  accountOf,
  options,
  PAYMENT,
  paymentWith,
  powered,
  readRecords,
  selectApplication,
  selectDirectory,
} from './hand-terminal.ts';

const VISA = 'A0000000031010';
const NO_ONLINE_PIN = '32C04000';
const NEITHER = '30C04000';
const LOW_AMOUNT = '36804000';

const tap = (name: string, payment = PAYMENT, cardOptions: Parameters<typeof powered>[1] = {}) => {
  const card = powered(name, cardOptions);
  selectDirectory(card);
  const fci = selectApplication(card, VISA);
  return { card, fci, answer: options(card, fci, payment) };
};

const text = (value: Uint8Array | undefined) => toHex(value ?? hex(''));

describe('a Visa on a phone', () => {
  test('names itself in the directory, for kernel 3', () => {
    const { sw, template, elements } = selectDirectory(powered('visa-phone'));
    expect([sw, template]).toEqual(['9000', tag.fciTemplate]);
    expect(text(elements.get(tag.adfNameDirectoryAid))).toBe(VISA);
    expect(text(elements.get(tag.kernelIdentifier))).toBe('03');
    expect(text(elements.get(tag.applicationPriorityIndicator))).toBe('01');
  });

  test('asks for the terminal transaction qualifiers', () => {
    const fci = selectApplication(powered('visa-phone'), VISA);
    expect(fci.sw).toBe('9000');
    expect(text(fci.elements.get(tag.dfName))).toBe(VISA);
    expect(text(fci.elements.get(tag.pdol))).toMatch(/^9F6604/);
  });

  test('pays in one answer, with a cryptogram its issuer accepts', () => {
    const { card, answer } = tap('visa-phone');
    expect([answer.sw, answer.template]).toEqual(['9000', tag.responseMessageTemplateFormat2]);
    const { elements } = answer;
    expect(text(elements.get(tag.cryptogramInformationData))).toBe('80');
    expect(text(elements.get(tag.cardTransactionQualifiers))).toBe('0080');
    expect(text(elements.get(tag.formFactorIndicator))).toBe('23820000');
    expect(text(elements.get(tag.applicationTransactionCounter))).toBe('0001');
    // IAD format 2: byte 5 bits 6-5 say ARQC, bit 3 verified on the device.
    expect(text(elements.get(tag.issuerApplicationData))).toMatch(/^1F220134A4/);
    expect(elements.get(tag.issuerApplicationData)).toHaveLength(32);
    const { pan, psn } = accountOf(elements);
    const verification = verifyCryptogram(new Map([...PAYMENT, ...elements]), pan, psn);
    expect(verification).toMatchObject({ ok: true, cvn: 0x22 });
    const records = readRecords(card, elements.get(tag.applicationFileLocator));
    expect(text(records.get(tag.applicationExpirationDate))).toBe('311231');
  });

  test('covers exactly what the terminal said: another amount is another cryptogram', () => {
    const { elements } = tap('visa-phone').answer;
    const { pan, psn } = accountOf(elements);
    const cheaper = paymentWith([tag.amountAuthorisedNumeric, '000000000001']);
    expect(verifyCryptogram(new Map([...cheaper, ...elements]), pan, psn).ok).toBe(false);
  });

  test('waits for its holder with 6986 when the amount needs one who has not looked yet', () => {
    const { answer } = tap('visa-phone', PAYMENT, { verifiedOnDevice: false });
    expect(answer.sw).toBe('6986');
    const store = memoryStore();
    tap('visa-phone', PAYMENT, { verifiedOnDevice: false, store });
    const after = tap('visa-phone', PAYMENT, { verifiedOnDevice: true, store }).answer;
    expect(text(after.elements.get(tag.cardTransactionQualifiers))).toBe('0080');
    expect(text(after.elements.get(tag.applicationTransactionCounter))).toBe('0002');
  });

  test('pays a low amount without its holder having looked', () => {
    const low = paymentWith([tag.terminalTransactionQualifiers, LOW_AMOUNT]);
    const { sw, elements } = tap('visa-phone', low, { verifiedOnDevice: false }).answer;
    expect(sw).toBe('9000');
    expect(text(elements.get(tag.cardTransactionQualifiers))).toBe('0000');
    expect(text(elements.get(tag.issuerApplicationData))).toMatch(/^1F220100A0/);
  });

  test('counts every payment, across power cuts, and never twice the same', () => {
    const store = memoryStore(0x00fe);
    const counters = [1, 2, 3].map(() =>
      text(tap('visa-phone', PAYMENT, { store }).answer.elements.get(0x9f36)),
    );
    expect(counters).toEqual(['00FF', '0100', '0101']);
  });

  test('does not pay when its counter is used up or cannot be kept', () => {
    expect(tap('visa-phone', PAYMENT, { store: memoryStore(0xffff) }).answer.sw).toBe('6581');
    const full = {
      ...memoryStore(1),
      save: () => {
        throw new Error('no space left');
      },
    };
    expect(tap('visa-phone', PAYMENT, { store: full }).answer.sw).toBe('6581');
  });

  test('remembers what it did without account data', () => {
    const { card } = tap('visa-phone');
    expect(card.activity).toEqual([
      { command: 'SELECT PPSE', sw: 0x9000 },
      { command: 'SELECT', sw: 0x9000 },
      { command: 'GET PROCESSING OPTIONS', sw: 0x9000 },
    ]);
  });

  test('takes well under a millisecond for a whole tap', () => {
    const card = powered('visa-phone');
    const durations = Array.from({ length: 200 }, () => {
      const startedMs = performance.now();
      selectDirectory(card);
      options(card, selectApplication(card, VISA));
      return performance.now() - startedMs;
    }).sort((a, b) => a - b);
    expect(durations[100]).toBeLessThan(1);
  });
});

describe('a Visa plastic card', () => {
  test('pays a low amount without a holder, its issuer accepts', () => {
    const low = paymentWith([tag.terminalTransactionQualifiers, LOW_AMOUNT]);
    const { elements } = tap('visa-plastic', low).answer;
    expect(text(elements.get(tag.cardTransactionQualifiers))).toBe('0000');
    const { pan, psn } = accountOf(elements);
    expect(verifyCryptogram(new Map([...low, ...elements]), pan, psn)).toMatchObject({
      ok: true,
      cvn: 0x12,
    });
  });

  test.each([
    ['36C04000', '8000', 'online PIN where the terminal has it'],
    [NO_ONLINE_PIN, '4000', 'signature where it has not'],
  ])('above the limit, with qualifiers %s, asks with %s for %s', (ttq, ctq) => {
    const { elements } = tap(
      'visa-plastic',
      paymentWith([tag.terminalTransactionQualifiers, ttq]),
    ).answer;
    expect(text(elements.get(tag.cardTransactionQualifiers))).toBe(ctq);
  });

  test('asks for another interface when it has no way in common with the terminal', () => {
    const payment = paymentWith([tag.terminalTransactionQualifiers, NEITHER]);
    expect(tap('visa-plastic', payment).answer.sw).toBe('6984');
  });
});
