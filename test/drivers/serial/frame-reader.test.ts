import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  createFrameReader,
  type Frame,
  type ScannerProtocol,
} from '#drivers/serial/frame-reader.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const protocol = (more: Partial<ScannerProtocol> = {}): ScannerProtocol => ({
  suffix: bytes('\r'),
  prefix: bytes(''),
  aimIdentifier: true,
  shortest: 4,
  longest: 1024,
  ...more,
});

/** All that comes of pieces, and of the silence behind them. */
const read = (pieces: readonly (string | Uint8Array)[], more: Partial<ScannerProtocol> = {}) => {
  const reader = createFrameReader(protocol(more));
  const frames = pieces.flatMap((piece, index) =>
    reader.push(typeof piece === 'string' ? bytes(piece) : piece, index),
  );
  return [...frames, ...reader.silence()];
};

const codes = (frames: readonly Frame[]) =>
  frames.flatMap((one) => (one.frame === 'code' ? [one.text] : []));
const reasons = (frames: readonly Frame[]) =>
  frames.flatMap((one) => (one.frame === 'dropped' ? [one.why] : []));

// Digits of nobody's wallet.
const CODE = '000000000012345678';

describe('a scanner that ends codes with', () => {
  test.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['a tabulator', '\t'],
    ['ETX', '\u0003'],
  ])('%s gives them whole', (_, suffix) => {
    const frames = read([`${CODE}${suffix}`, `abcd${suffix}`], { suffix: bytes(suffix) });
    expect(frames).toEqual([
      { frame: 'code', text: CODE, atMs: 0 },
      { frame: 'code', text: 'abcd', atMs: 1 },
    ]);
  });

  test('nothing gives them when it falls silent', () => {
    const reader = createFrameReader(protocol({ suffix: bytes('') }));
    expect(reader.push(bytes('00000000'), 5)).toEqual([]);
    expect(reader.push(bytes('12345678'), 7)).toEqual([]);
    expect(reader.waiting()).toBe(true);
    expect(reader.silence()).toEqual([{ frame: 'code', text: '0000000012345678', atMs: 7 }]);
    expect(reader.waiting()).toBe(false);
  });

  test('CR LF where CR is said, or LF, is understood all the same', () => {
    const reader = createFrameReader(protocol());
    expect(codes(reader.push(bytes(`${CODE}\r\n`), 0))).toEqual([CODE]);
    expect(reader.waiting()).toBe(false);
    expect(codes(read([`${CODE}\r\nabcd\r\n`], { suffix: bytes('\n') }))).toEqual([CODE, 'abcd']);
  });
});

describe('a code', () => {
  test('in pieces of one byte is one code, timed by its last byte', () => {
    expect(read([...`${CODE}\r`])).toEqual([{ frame: 'code', text: CODE, atMs: CODE.length }]);
  });

  test('behind another in the same piece is a second one', () => {
    expect(codes(read([`${CODE}\rabcdef\r`]))).toEqual([CODE, 'abcdef']);
  });

  test('of which half came is dropped, and the next one is whole', () => {
    const reader = createFrameReader(protocol());
    reader.push(bytes('00000000'), 0);
    expect(reader.silence()).toEqual([{ frame: 'dropped', why: 'cutOff', byteCount: 8 }]);
    expect(codes(reader.push(bytes(`${CODE}\r`), 9))).toEqual([CODE]);
  });

  test('in Chinese letters, cut within a letter, is read', () => {
    const whole = bytes('支付宝测试\r');
    expect(codes(read([whole.subarray(0, 4), whole.subarray(4)]))).toEqual(['支付宝测试']);
  });

  test('of GS1 keeps its group separators', () => {
    expect(codes(read(['\u001d01095060001343\u001d10AB\r']))).toEqual([
      '\u001d01095060001343\u001d10AB',
    ]);
  });

  test('after a prefix is without it, and what came before is noise', () => {
    const prefix = bytes('SCAN:');
    expect(codes(read([`~~SCAN:${CODE}\r`], { prefix }))).toEqual([CODE]);
    expect(reasons(read([`${CODE}\r`], { prefix }))).toEqual(['noPrefix']);
  });

  test('that a second STX cuts off is dropped, the second one is read', () => {
    const frames = read([`\u0002${CODE}\u0002abcd\u0003`], {
      prefix: bytes('\u0002'),
      suffix: bytes('\u0003'),
    });
    expect([codes(frames), reasons(frames)]).toEqual([['abcd'], ['cutOff']]);
  });
});

describe('the symbology identifier of ISO/IEC 15424', () => {
  test('is taken off and reported', () => {
    expect(read([`]Q1${CODE}\r`])).toEqual([
      { frame: 'code', text: CODE, symbology: ']Q1', atMs: 0 },
    ]);
  });

  test('stands behind a prefix', () => {
    expect(read([`#]C0${CODE}\r`], { prefix: bytes('#') })).toEqual([
      { frame: 'code', text: CODE, symbology: ']C0', atMs: 0 },
    ]);
  });

  test('stays where the scanner is said to send none', () => {
    expect(codes(read([`]Q1${CODE}\r`], { aimIdentifier: false }))).toEqual([`]Q1${CODE}`]);
  });
});

describe('rubbish', () => {
  test('of 4 KB without an end is dropped once, and the next code is read', () => {
    const frames = read(['x'.repeat(4096), '\r', `${CODE}\r`]);
    expect([codes(frames), reasons(frames)]).toEqual([[CODE], ['tooLong']]);
  });

  test('without an end ends with silence', () => {
    const reader = createFrameReader(protocol({ suffix: bytes('') }));
    expect(reasons(reader.push(bytes('x'.repeat(4096)), 0))).toEqual(['tooLong']);
    expect(reader.silence()).toEqual([]);
    reader.push(bytes('abcdef'), 1);
    expect(codes(reader.silence())).toEqual(['abcdef']);
  });

  test('of a wrong speed is no text', () => {
    expect(reasons(read([Uint8Array.of(0x80, 0xf8, 0x1c, 0xe3, 0x0d)]))).toEqual(['notText']);
    expect(reasons(read(['0000\u001b0000\r']))).toEqual(['notText']);
  });

  test('too short to be a code is none', () => {
    expect(reasons(read(['ab\r']))).toEqual(['tooShort']);
  });

  test('of a line that is plugged in does not spoil the code behind it', () => {
    expect(read([Uint8Array.of(0, 0, 0xff, 0x0a), `${CODE}\r`])).toEqual([
      { frame: 'code', text: CODE, atMs: 1 },
    ]);
  });

  test('of any kind never keeps the code behind it away, nor names its own bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (rubbish) => {
        const frames = read([rubbish, '\r', `${CODE}\r`]);
        expect(codes(frames).at(-1)).toBe(CODE);
        for (const one of frames.filter(({ frame }) => frame === 'dropped')) {
          expect(Object.keys(one)).toEqual(['frame', 'why', 'byteCount']);
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('however a stream is cut into pieces', () => {
  const anyProtocol = fc.record({
    suffix: fc.constantFrom('\r', '\n', '\r\n', '\t', '\u0003').map(bytes),
    prefix: fc.constantFrom('', '\u0002', '#', 'AB').map(bytes),
    aimIdentifier: fc.boolean(),
  });
  const anyText = fc.string({
    unit: fc.constantFrom(...'0123456789ABCxyz]#=/ é支'),
    minLength: 4,
    maxLength: 40,
  });

  test('the codes are the same, and those that were sent', () => {
    fc.assert(
      fc.property(
        anyProtocol,
        fc.array(anyText, { maxLength: 5 }),
        fc.array(fc.nat(400)),
        (more, texts, cuts) => {
          const { prefix, suffix } = more;
          const stream = Buffer.concat(
            texts.flatMap((text) => [prefix, bytes(']Q1'), bytes(text), suffix]),
          );
          const at = [0, ...cuts.filter((cut) => cut < stream.length), stream.length];
          at.sort((a, b) => a - b);
          const pieces = at.slice(1).map((end, index) => stream.subarray(at[index], end));
          const sent = texts.map((text) => (more.aimIdentifier ? text : `]Q1${text}`));
          expect(codes(read(pieces, more))).toEqual(sent);
        },
      ),
    );
  });

  test('any bytes at all give the same frames', () => {
    fc.assert(
      fc.property(
        anyProtocol,
        fc.array(fc.constantFrom(...bytes('0123\r\n\t\u0002\u0003#AB]Q\u00001é')), {
          maxLength: 200,
        }),
        (more, stream) => {
          const whole = createFrameReader(protocol({ ...more, longest: 20 }));
          const single = createFrameReader(protocol({ ...more, longest: 20 }));
          const atOnce = [...whole.push(Uint8Array.from(stream), 0), ...whole.silence()];
          const oneByOne = stream.flatMap((byte) => single.push(Uint8Array.of(byte), 0));
          expect([...oneByOne, ...single.silence()]).toEqual(atOnce);
        },
      ),
    );
  });
});
