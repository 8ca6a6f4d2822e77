import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import {
  type Assembler,
  MAX_CODE_BYTES,
  openAssembler,
  PARTS_WITHIN_MS,
} from '#drivers/hid/assembler.ts';
import { parseDescriptor } from '#drivers/hid/descriptor.ts';
import { scanLayouts } from '#drivers/hid/scan-layout.ts';
import { HONEYWELL, honeywellReport, honeywellReports, PLAIN } from './descriptors.ts';

const assemblerFor = (bytes: Uint8Array): Assembler => {
  const descriptor = parseDescriptor(bytes);
  if (isMalformed(descriptor)) throw new Error(describeMalformed(descriptor));
  return openAssembler(scanLayouts(descriptor), descriptor.isNumbered);
};

interface Heard {
  readonly codes: readonly string[];
  readonly troubles: readonly string[];
}

/** All reports a millisecond apart, and then silence. */
const hear = (reports: readonly Uint8Array[], assembler = assemblerFor(HONEYWELL)): Heard => {
  const all = reports.map((report, i) => assembler.take(report, i));
  all.push(assembler.expire(reports.length + PARTS_WITHIN_MS + 1));
  return {
    codes: all.flatMap(({ code }) => (code ? [code.text] : [])),
    troubles: all.flatMap(({ trouble }) => trouble ?? []),
  };
};

const full = (digit: string): Uint8Array => Buffer.from(digit.repeat(56));
// Not of its ends: a scanner's suffix is cut off, and an identifier in front.
const text = fc.string({ minLength: 1, maxLength: 400, unit: 'grapheme' }).map((s) => `<${s}>`);

describe('the reports of a scanner', () => {
  test('give a short code with its symbology', () => {
    const [report = new Uint8Array()] = honeywellReports('4006381333931', ']E0');
    expect(assemblerFor(HONEYWELL).take(report, 0)).toEqual({
      code: { text: '4006381333931', symbology: ']E0' },
    });
  });

  // 60 bytes in two reports, as Access IS's manuals show it: LSR118, B.1.1.
  test('give a boarding pass that came in two', () => {
    const pass = 'M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23  s 100';
    const reports = honeywellReports(pass);
    expect(reports.map((report) => [report[1], report[63]])).toEqual([
      [56, 1],
      [pass.length - 56, 0],
    ]);
    expect(hear(reports)).toEqual({ codes: [pass], troubles: [] });
  });

  test('give every text as it was, whatever its length, and each one once', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 5 }), (texts) => {
        const reports = texts.flatMap((one) => honeywellReports(one));
        expect(hear(reports)).toEqual({ codes: texts, troubles: [] });
      }),
    );
  });

  test('give only whole codes when some of them never came', () => {
    const codes = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(codes, fc.array(fc.boolean(), { maxLength: 30 }), (lengths, lost) => {
        // Every code is of one letter and one symbology of its own: a mixture would show.
        const texts = lengths.map((length, i) => 'ABCDEF'.charAt(i).repeat(length));
        const all = texts.flatMap((one, i) =>
          honeywellReports(one, `]${'QCEdLz'.charAt(i)}0`).map((report, part, of) => ({
            report,
            // The tail of a code whose beginning was lost can't be told from a code.
            isLost: lost[i] === true && part === of.length - 1,
          })),
        );
        const came = all.filter(({ isLost }) => !isLost).map(({ report }) => report);
        for (const code of hear(came).codes) expect(texts).toContain(code);
      }),
    );
  });

  test('are passed over to the end of the code after a damaged one', () => {
    const bad = honeywellReport(full('2'), true).fill(57, 1, 2);
    const reports = [honeywellReport(full('1'), true), bad, honeywellReport(full('3'), false)];
    const next = honeywellReports('next');
    expect(hear([...reports, ...next])).toEqual({
      codes: ['next'],
      troubles: ['57 bytes announced where 56 fit'],
    });
  });

  test('of another kind may come between the parts of a code', () => {
    const [one, two] = honeywellReports('x'.repeat(60));
    const other = Uint8Array.of(0xf0, 1, 2, 3);
    expect(hear([one, other, two].filter((report) => report !== undefined))).toEqual({
      codes: ['x'.repeat(60)],
      troubles: [],
    });
  });

  test('that stop in the middle of a code leave nothing but a word about it', () => {
    const assembler = assemblerFor(HONEYWELL);
    assembler.take(honeywellReport(full('1'), true), 0);
    expect(assembler.expire(PARTS_WITHIN_MS)).toEqual({});
    expect(assembler.expire(PARTS_WITHIN_MS + 1).trouble).toMatch(/^half a code/);
    expect(assembler.expire(PARTS_WITHIN_MS + 2)).toEqual({});
  });

  test('of the next code are not put behind half a code of long ago', () => {
    const assembler = assemblerFor(HONEYWELL);
    assembler.take(honeywellReport(full('1'), true), 0);
    const [report = new Uint8Array()] = honeywellReports('later');
    const taken = assembler.take(report, PARTS_WITHIN_MS + 1);
    expect(taken).toEqual({
      code: { text: 'later', symbology: ']Q1' },
      trouble: expect.stringMatching(/^half a code/),
    });
  });

  test('of another symbology begin another code', () => {
    const half = honeywellReport(full('1'), true, ']Q1');
    expect(hear([half, ...honeywellReports('4006381333931', ']E0')])).toEqual({
      codes: ['4006381333931'],
      troubles: [expect.stringMatching(/^half a code/)],
    });
  });

  test('without end are refused once, and the next code is taken', () => {
    const count = MAX_CODE_BYTES / 56 + 20;
    const endless = Array.from({ length: count }, () => honeywellReport(full('7'), true));
    const last = honeywellReport(full('7'), false);
    expect(hear([...endless, last, ...honeywellReports('next')])).toEqual({
      codes: ['next'],
      troubles: [`a code of more than ${MAX_CODE_BYTES} bytes`],
    });
  });

  test('that are rubbish never give a code that no report holds', () => {
    const rubbish = fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 60 });
    fc.assert(
      fc.property(rubbish, (reports) => {
        const layoutId = 2;
        const own = reports.filter((report) => report[0] === layoutId && report.length >= 64);
        expect(hear(reports).codes.length).toBeLessThanOrEqual(own.length);
      }),
    );
    expect(hear([new Uint8Array(), Uint8Array.of(2), Uint8Array.of(2, 1, 0x5d)])).toEqual({
      codes: [],
      troubles: [
        'an empty report',
        'a report of 0 bytes instead of 63',
        'a report of 2 bytes instead of 63',
      ],
    });
  });

  test('without ids and byte counts end where the zeros begin', () => {
    const report = new Uint8Array(20);
    report.set([0, ...Buffer.from(']C1'), ...Buffer.from('0104006381\r')]);
    expect(hear([report], assemblerFor(PLAIN))).toEqual({ codes: ['0104006381'], troubles: [] });
  });

  test('lose suffix and identifier that the scanner was set to send in the text', () => {
    expect(hear(honeywellReports(']Q1hello\r\n')).codes).toEqual(['hello']);
    expect(hear(honeywellReports(']E0hello')).codes).toEqual([']E0hello']);
    expect(hear(honeywellReports('\r\n'))).toEqual({
      codes: [],
      troubles: ['a code without a character'],
    });
  });

  test('that are no UTF-8 are read a character a byte', () => {
    const bytes = Uint8Array.of(0x47, 0xfc, 0x6e);
    expect(hear([honeywellReport(bytes, false)]).codes).toEqual(['Gün']);
  });
});
