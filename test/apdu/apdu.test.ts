import { describe, expect, it } from 'vitest';
import { command, generateAc, getProcessingOptions, readRecord, select } from '#apdu/command.ts';
import { splitResponse, swText } from '#apdu/response.ts';
import { sw } from '#apdu/status-words.ts';
import { hex, toHex } from '#bytes/hex.ts';

describe('commands', () => {
  it('SELECT asks for the contactless directory by name', () => {
    const name = new TextEncoder().encode('2PAY.SYS.DDF01');
    expect(toHex(select(name))).toBe('00A404000E325041592E5359532E444446303100');
  });

  it('GET PROCESSING OPTIONS carries the values in template 83', () => {
    expect(toHex(getProcessingOptions(hex('')))).toBe('80A8000002830000');
    expect(toHex(getProcessingOptions(hex('36000000')))).toBe('80A8000006830436000000' + '00');
  });

  it('GET PROCESSING OPTIONS takes a length of two bytes for 128 bytes and more', () => {
    const sent = getProcessingOptions(new Uint8Array(0x80));
    expect(toHex(sent.subarray(0, 8))).toBe('80A8000083838180');
    expect(sent.length).toBe(5 + 3 + 0x80 + 1);
  });

  it('READ RECORD puts the short file identifier into the upper five bits of P2', () => {
    expect(toHex(readRecord(2, 1))).toBe('00B2020C00');
    expect(toHex(readRecord(1, 30))).toBe('00B201F400');
  });

  it('GENERATE AC asks for a cryptogram in P1', () => {
    expect(toHex(generateAc(0x90, hex('0102')))).toBe('80AE90000201' + '0200');
  });

  it('any command with data wants an answer', () => {
    expect(toHex(command(0x80, 0xea, 0, 0, hex('01020304')))).toBe('80EA0000040102030400');
  });
});

describe('responses', () => {
  it('end with their status word', () => {
    const { data, sw: word } = splitResponse(hex('77039F36009000'));
    expect(toHex(data)).toBe('77039F3600');
    expect(word).toBe(sw.ok);
  });

  it('may be a status word alone', () => {
    expect(splitResponse(hex('6986'))).toEqual({ data: hex(''), sw: sw.commandNotAllowed });
  });

  it('show their status word in four digits', () => {
    expect(swText(0x9000)).toBe('9000');
    expect(swText(0x0a)).toBe('000A');
  });
});
