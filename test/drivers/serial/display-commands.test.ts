import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CODE_PAGES, encodeText } from '#drivers/serial/code-pages.ts';
import { type Brightness, drawing, type Picture } from '#drivers/serial/display-commands.ts';
import { shownBy } from './shown-by.ts';

const pages = Object.keys(CODE_PAGES) as (keyof typeof CODE_PAGES)[];
const written = (text: string, page: keyof typeof CODE_PAGES) =>
  Buffer.from(encodeText(text, CODE_PAGES[page])).toString('latin1');

describe('text for a display', () => {
  test.each([
    ['cp437', 'Café', 'Caf\u0082'],
    ['cp850', 'Ørsted', '\u009drsted'],
    ['cp852', 'Łódź', '\u009d\u00a2d\u00ab'],
    ['cp858', '5 €', '5 \u00d5'],
    ['cp866', 'Да', '\u0084\u00a0'],
    ['windows1252', '5 €', '5 \u0080'],
  ] as const)('in %s: %s', (page, text, bytes) => {
    expect(written(text, page)).toBe(bytes);
  });

  test.each([
    ['cp437', '5 €', '5 EUR'],
    ['cp437', 'Łódź', 'L\u00a2dz'],
    ['cp866', 'Café — “x”', 'Cafe - "x"'],
    ['cp437', '谢谢 1.00', '?? 1.00'],
    ['cp437', 'a\u001b@\r\u007fb', 'a @  b'],
    ['cp437', 'e\u0301', '\u0082'],
  ] as const)('that %s lacks is legible: %s', (page, text, bytes) => {
    expect(written(text, page)).toBe(bytes);
  });

  const anyText = fc
    .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 40 })
    .map((codes) => String.fromCodePoint(...codes));

  test('of any kind has no control characters', () => {
    fc.assert(
      fc.property(fc.constantFrom(...pages), anyText, (page, text) => {
        expect(encodeText(text, CODE_PAGES[page]).every((b) => b >= 0x20 && b !== 0x7f)).toBe(true);
      }),
    );
  });
});

describe.each(['escpos', 'cd5220'] as const)('the commands of %s', (commands) => {
  const anyPicture: fc.Arbitrary<Picture> = fc.record({
    upper: fc.string({ maxLength: 30 }),
    lower: fc.string({ maxLength: 30 }),
    brightness: fc.constantFrom<Brightness>(1, 2, 3, 4),
  });

  test('give each picture, whatever stood there before; what is too long is cut', () => {
    fc.assert(
      fc.property(fc.array(anyPicture, { minLength: 1 }), (pictures) => {
        const page = CODE_PAGES.cp437;
        const bytes = pictures.flatMap((picture, index) => [
          ...drawing(commands, page, picture, pictures[index - 1]),
        ]);
        const { upper, lower, brightness } = pictures.at(-1) as Picture;
        expect(shownBy(commands, Uint8Array.from(bytes))).toEqual({
          upper: written(upper, 'cp437').slice(0, 20).padEnd(20),
          lower: written(lower, 'cp437').slice(0, 20).padEnd(20),
          brightness,
        });
      }),
    );
  });

  test('set a display up anew that is in any state', () => {
    const page = CODE_PAGES.cp437;
    const picture: Picture = { upper: 'Please pay', lower: '12.50', brightness: 2 };
    const again = drawing(commands, page, picture, undefined);
    const first = drawing(commands, page, { ...picture, upper: 'Welcome' }, undefined);
    // Plugged in again it starts anew; a display with power of its own may not have.
    for (const bytes of [again, Buffer.concat([first, again])]) {
      expect(shownBy(commands, bytes).upper.trim()).toBe('Please pay');
    }
  });
});
