import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBlock } from '#drivers/simulated/peripherals/index.ts';
import {
  CANCEL,
  CONTROL,
  chunksOf,
  crc16,
  createReplyReader,
  encodeBlock,
  type Reply,
} from '#drivers/xmodem/frame.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the CRC of XMODEM', () => {
  test('is the one of the published check value', () => {
    expect(crc16(ascii('123456789'))).toBe(0x31c3);
    expect(crc16(new Uint8Array(0))).toBe(0);
  });

  test('leaves nothing over data and itself', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1024 }), (data) => {
        const crc = crc16(data);
        expect(crc16(Uint8Array.of(...data, crc >> 8, crc & 0xff))).toBe(0);
      }),
    );
  });
});

describe('a block', () => {
  test('of 128 bytes looks as the reference has it', () => {
    const block = encodeBlock(1, ascii('A'), 128);
    expect([...block.subarray(0, 5)]).toEqual([CONTROL.SOH, 1, 0xfe, 0x41, CONTROL.PAD]);
    expect(block).toHaveLength(133);
  });

  test('of 1024 bytes has 1029', () => {
    expect(encodeBlock(255, new Uint8Array(1024), 1024)).toHaveLength(1029);
    expect([...encodeBlock(256, new Uint8Array(1024), 1024).subarray(0, 3)]).toEqual([2, 0, 0xff]);
  });

  const block = fc.constantFrom(128 as const, 1024 as const).chain((size) =>
    fc.record({
      size: fc.constant(size),
      number: fc.integer({ min: 1, max: 70_000 }),
      data: fc.uint8Array({ minLength: 1, maxLength: size }),
    }),
  );

  test('is read by a receiver as it was written', () => {
    fc.assert(
      fc.property(block, ({ size, number, data }) => {
        const read = readBlock(encodeBlock(number, data, size));
        expect(read?.number).toBe(number & 0xff);
        expect(read?.data.subarray(0, data.length)).toEqual(data);
        expect(read?.data.subarray(data.length).every((byte) => byte === CONTROL.PAD)).toBe(true);
        expect(read?.data).toHaveLength(size);
      }),
    );
  });

  test('with one or two bits turned is none', () => {
    fc.assert(
      fc.property(block, fc.nat(), fc.nat(), ({ size, number, data }, one, two) => {
        const damaged = encodeBlock(number, data, size);
        const before = damaged.slice();
        // The first byte says how long it is.
        const bits = (damaged.length - 1) * 8;
        for (const bit of new Set([one % bits, two % bits])) {
          const at = 1 + (bit >> 3);
          damaged[at] = (damaged[at] ?? 0) ^ (1 << (bit & 7));
        }
        expect(damaged).not.toEqual(before);
        expect(readBlock(damaged)).toBeUndefined();
      }),
    );
  });
});

describe('an image is cut', () => {
  test('so that no byte is missing, and less than 128 are added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), (bytes) => {
        const chunks = chunksOf(bytes);
        expect(chunks[0]?.from).toBe(0);
        expect(chunks.at(-1)?.to).toBe(bytes);
        for (const [i, { from, to, size }] of chunks.entries()) {
          expect(to - from).toBeLessThanOrEqual(size);
          expect(from).toBe(i === 0 ? 0 : chunks[i - 1]?.to);
          if (i < chunks.length - 1) expect(to - from).toBe(size);
        }
        const sent = chunks.reduce((sum, { size }) => sum + size, 0);
        expect(sent - bytes).toBeLessThan(128);
      }),
    );
  });

  test('into long blocks, and short ones for the end', () => {
    const sizes = (bytes: number) => chunksOf(bytes).map(({ size }) => size);
    expect(sizes(1)).toEqual([128]);
    expect(sizes(896)).toEqual(Array(7).fill(128));
    expect(sizes(897)).toEqual([1024]);
    expect(sizes(1025)).toEqual([1024, 128]);
    expect(sizes(0)).toEqual([]);
  });
});

describe("the receiver's replies", () => {
  const replies = (...pieces: readonly (readonly number[])[]): readonly Reply[] => {
    const read = createReplyReader();
    return pieces.flatMap((piece) => read(Uint8Array.from(piece)));
  };

  test('are read among noise, however cut', () => {
    expect(replies([0, CONTROL.ACK, 0xff], [CONTROL.NAK], [0x20, CONTROL.C])).toEqual([
      'ack',
      'nak',
      'start',
    ]);
  });

  test('end the transfer by two CAN in a row, and not by one', () => {
    expect(replies([CONTROL.CAN, CONTROL.ACK, CONTROL.CAN])).toEqual(['ack']);
    expect(replies([CONTROL.CAN], [CONTROL.CAN])).toEqual(['cancel']);
    expect(replies([...CANCEL])).toContain('cancel');
  });

  test('are the same however the bytes are cut into pieces', () => {
    const byte = fc.oneof(
      fc.constantFrom(...Object.values(CONTROL)),
      fc.integer({ min: 0, max: 255 }),
    );
    fc.assert(
      fc.property(fc.array(byte), fc.nat(), (bytes, at) => {
        const cut = at % (bytes.length + 1);
        expect(replies(bytes.slice(0, cut), bytes.slice(cut))).toEqual(replies(bytes));
      }),
    );
  });
});
