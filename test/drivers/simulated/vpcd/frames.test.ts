import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concat } from '#bytes/bytes.ts';
import { hex, toHex } from '#bytes/hex.ts';
import { encodeFrame, frameAssembler, readRequest } from '#drivers/simulated/vpcd/frames.ts';

describe('frames of the virtual reader', () => {
  test('carry a length of two bytes', () => {
    expect(toHex(encodeFrame(hex('9000')))).toBe('00029000');
    expect(toHex(encodeFrame(new Uint8Array(258))).slice(0, 4)).toBe('0102');
  });

  test('are the same however the stream is cut up', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
    const cuts = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(payloads, cuts, (sent, sizes) => {
        const stream = concat(...sent.map(encodeFrame));
        const assemble = frameAssembler();
        const received: Uint8Array[] = [];
        for (let at = 0, i = 0; at < stream.length; i++) {
          const end = at + (sizes[i % sizes.length] ?? 1);
          received.push(...assemble(stream.slice(at, end)));
          at = end;
        }
        expect(received.map(toHex)).toEqual(sent.map(toHex));
      }),
    );
  });

  test('of one byte are orders to the card, longer ones are commands', () => {
    const kinds = ['00', '01', '02', '04', '07', ''].map((text) => readRequest(hex(text)).kind);
    expect(kinds).toEqual(['powerOff', 'powerOn', 'reset', 'getAtr', 'unknown', 'unknown']);
    expect(readRequest(hex('00A4'))).toEqual({ kind: 'apdu', command: hex('00A4') });
  });
});
