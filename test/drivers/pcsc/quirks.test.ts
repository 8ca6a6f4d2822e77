import { describe, expect, test } from 'vitest';
import { quirksOf } from '#drivers/pcsc/index.ts';
import { QUIRKS } from '#drivers/pcsc/quirks.ts';
import { faultOf } from '#drivers/pcsc/scard-errors.ts';

describe('reader quirks', () => {
  test.each([
    ['ACS ACR122U PICC Interface 00 00', 'ACS ACR122U', true],
    ['ACS ACR1252 Dual Reader [ACR1252 Dual Reader PICC] 00 00', 'ACS ACR1252U', true],
    ['ACS ACR1252 Dual Reader [ACR1252 Dual Reader SAM] 01 00', 'SAM slot of any reader', false],
    ['ACS ACR1252 1S CL Reader SAM 00 01', 'SAM slot of any reader', false],
    ['ACS ACR1311 PICC Reader 00 00', 'ACS ACR1311U', true],
    ['HID Global OMNIKEY 5022 Smart Card Reader 00 00', 'HID OMNIKEY 5022', true],
    ['Identiv uTrust 3700 F CL Reader [uTrust 3700 F] 00 00', 'Identiv uTrust 3700 F', true],
    ['Virtual PCD 00 00', 'vsmartcard vpcd', true],
    ['Some Reader Nobody Knows 00 00', 'unknown reader', true],
  ])('%s is %s', (name, model, contactless) => {
    expect(quirksOf(name)).toMatchObject({ model, contactless });
  });

  test('every command is hexadecimal and says where it comes from', () => {
    for (const { led, buzzer, fieldOff, fieldOn } of QUIRKS) {
      for (const entry of [led, buzzer]) {
        if (typeof entry === 'string') continue;
        expect(entry.command).toMatch(/^([0-9A-F]{2}|[a-z]{2})+$/);
        expect(entry.source.length).toBeGreaterThan(20);
      }
      for (const entry of [fieldOff, fieldOn]) {
        if (typeof entry === 'string') continue;
        expect(entry.source.length).toBeGreaterThan(20);
        expect(entry.escapes.length).toBeGreaterThan(0);
        for (const { command, answer } of entry.escapes) {
          expect(command).toMatch(/^([0-9A-F]{2})+$/);
          expect(answer).toMatch(/^([0-9A-F]{2})*$/);
        }
      }
    }
  });

  test('every cue is made of the commands for LED and buzzer, and there are some', () => {
    let checked = 0;
    for (const { led, buzzer, cues } of QUIRKS) {
      if (typeof cues === 'string') continue;
      const forms = [led, buzzer].flatMap((entry) =>
        typeof entry === 'string' ? [] : [entry.command.replaceAll(/[a-z]{2}/g, '[0-9A-F]{2}')],
      );
      for (const { command, answer } of Object.values(cues).flat()) {
        expect(command).toMatch(new RegExp(`^(${forms.join('|')})$`));
        expect(answer).toMatch(/^([0-9A-F]{2})+$/);
        checked++;
      }
    }
    expect(checked).toBe(4 + 6);
  });

  test('an antenna that can be put down can be put up again', () => {
    for (const { fieldOff, fieldOn } of QUIRKS) expect(typeof fieldOff).toBe(typeof fieldOn);
  });
});

describe('errors of the PC/SC library', () => {
  test.each([
    ['SCardTransmit error: Card was removed.(0x80100069)', 'cardLost'],
    ['SCardTransmit error: Transaction failed.(0x80100016)', 'transmission'],
    ['SCardConnect error: Card is unpowered.(0x80100067)', 'protocol'],
    ['SCardGetStatusChange error: Service not available.(0x8010001d)', 'serviceDown'],
    ['SCardTransmit error: Access denied.(0x8010006a)', 'serviceDown'],
    ['Card Reader not connected', 'protocol'],
  ])('%s is a fault %s', (message, kind) => {
    expect(faultOf(new Error(message)).fault).toBe(kind);
  });
});
