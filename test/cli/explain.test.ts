import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { layouts } from '#data/bits.ts';
import { element } from '#data/dictionary.ts';
import { explainTag, explainTlvs, explainValue } from '#data/explain/index.ts';
import { explain } from '../../src/cli/explain.ts';
import { colourless, colours, textOf } from '../../src/cli/explain-text.ts';

// The emulated visa-phone's answer to GET PROCESSING OPTIONS; its account is a test account.
const ANSWER =
  '77658202004094041801010057124761739002010043D311220100000000000F5F3401009F10' +
  '201F220134A40000020000000000000000000000000000000000000000000000009F26087541' +
  '87AC9D7E40049F2701809F360200019F6C0200809F6E04238200009000';

let out: string[] = [];
let err: string[] = [];
beforeEach(() => {
  out = [];
  err = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('countertap explain', () => {
  it('explains a value by its tag and ends with 0', () => {
    expect(explain('9F27', ['80'], {})).toBe(0);
    expect(out.join('')).toContain('ARQC, wants to go online');
  });

  it('takes lower-case digits, and blanks between bytes', () => {
    expect(explain('9f02', ['00 00', '00', '00 12 50'], {})).toBe(0);
    expect(out.join('')).toContain('1250 minor units');
  });

  it('explains a status word, which is no tag', () => {
    expect(explain('6985', [], {})).toBe(0);
    expect(out.join('')).toContain('conditions of use not satisfied');
  });

  it('ends with 3 on malformed TLV, and prints what could be read', () => {
    expect(explain(undefined, [], { tlv: ['7708', '82020040', '9404', '18'] })).toBe(3);
    expect(out.join('')).toContain('Application Interchange Profile');
    expect(out.join('')).toContain('malformed: 77 › 94 at 6');
  });

  it('ends with 3 on a list inside a value that is malformed', () => {
    expect(explain('9F38', ['9F66049F02'], {})).toBe(3);
    expect(out.join('')).toContain('malformed: 9F38 › 9F02 at 3: length is missing');
  });

  it.each([
    ['what is not hexadecimal', '5A', ['476173900101011X'], {}, "the value isn't hexadecimal"],
    ['a tag that is none', '9F', [], {}, 'is no tag'],
    ['a kernel that nobody knows', '9F27', ['80'], { kernel: '9' }, 'kernels 2 to 8'],
    ['nothing to explain', undefined, [], {}, 'explain what?'],
    ['two things at once', '9F27', [], { tlv: ['9F270180'] }, 'explain what?'],
  ] as const)('refuses %s with 3', (_, tag, value, options, message) => {
    expect(explain(tag, value, options)).toBe(3);
    expect(err.join('')).toContain(message);
    expect(err.join('')).not.toContain('4761739001');
  });

  it('prints JSON for machines, with account data masked', () => {
    expect(explain(undefined, [], { tlv: [ANSWER], kernel: '3', json: true })).toBe(0);
    const [answer, sw] = JSON.parse(out.join('')).objects;
    expect(answer.objects[2]).toMatchObject({ tag: '57', value: '476173******0043' });
    expect(sw).toMatchObject({ tag: 'SW', value: '9000' });
    expect(out.join('')).not.toContain('4761739002010043');
  });
});

describe('its text', () => {
  const everything = layouts.flatMap(({ elements, books }) =>
    elements.flatMap((name) => {
      const { tag, max } = element(name);
      const value = new Uint8Array(max ?? 8).fill(0xff);
      return [...books].flatMap((book) => [
        explainTag(tag, { book }),
        explainValue(tag, value, { book }),
        explainValue(tag, value),
      ]);
    }),
  );

  it('keeps within 100 columns, whatever it explains', () => {
    for (const all of [false, true]) {
      const text = textOf({ objects: everything, malformed: null }, { all, style: colourless });
      for (const line of text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100);
    }
  });

  it('has no colour where none is wanted, and the same words where it is', () => {
    const explained = explainTlvs(hex(ANSWER), { book: 'K3' });
    const bare = textOf(explained, { all: true, style: colourless });
    const coloured = textOf(explained, { all: true, style: colours });
    expect(bare).not.toContain('\u001b');
    expect(coloured).toContain('\u001b');
    expect(
      coloured
        .split('\u001b')
        .map((part) => part.replace(/^\[[0-9;]*m/, ''))
        .join(''),
    ).toBe(bare);
  });

  it('tells clear bits from set ones when asked for all', () => {
    const explained = {
      objects: [explainValue(0x9f6c, hex('0080'), { book: 'K3' })],
      malformed: null,
    };
    expect(textOf(explained, { all: false, style: colourless })).not.toContain(
      'Online PIN required',
    );
    expect(textOf(explained, { all: true, style: colourless })).toMatch(
      /B1 b8 +0 Online PIN required/,
    );
  });

  it('is what docs/explain.md shows', () => {
    const docs = readFileSync(new URL('../../docs/explain.md', import.meta.url), 'utf8');
    const style = { all: false, style: colourless };
    expect(docs).toContain(textOf(explainTlvs(hex(ANSWER), { book: 'K3' }), style));
    expect(docs).toContain(textOf(explainTlvs(hex('7708820200409404 18'), { book: 'K3' }), style));
    expect(docs).not.toContain('4761739002010043');
  });
});
