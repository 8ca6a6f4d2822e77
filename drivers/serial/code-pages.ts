/** The characters of a display's upper half, and how Epson's command ESC t calls that page. */
export interface CodePage {
  readonly escPosNumber: number;
  /** By character: 80 to FF. */
  readonly bytes: ReadonlyMap<string, number>;
}

export type CodePageName = 'cp437' | 'cp850' | 'cp852' | 'cp858' | 'cp866' | 'windows1252';

/**
 * Text in one byte a character. What the page lacks is written legibly: without its accent, or in
 * letters (EUR for €); what has no such form is "?". Control characters become blanks: text
 * commands nothing.
 */
export const encodeText = (text: string, { bytes }: CodePage): readonly number[] =>
  [...text.normalize('NFC')].flatMap((character) => {
    const byte = byteOf(character, bytes);
    return byte === undefined ? replaced(character, bytes) : [byte];
  });

const byteOf = (character: string, bytes: CodePage['bytes']): number | undefined => {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return 0x20;
  return code < 0x7f ? code : bytes.get(character);
};

const replaced = (character: string, bytes: CodePage['bytes']): readonly number[] => {
  const plain = IN_LETTERS[character] ?? withoutMarks(character);
  const found = [...plain].map((one) => byteOf(one, bytes));
  const whole = found.filter((byte) => byte !== undefined);
  if (whole.length === found.length) return whole;
  return [QUESTION_MARK];
};

const QUESTION_MARK = 0x3f;

// Letter and mark are two characters in this form: the mark alone is left out.
const withoutMarks = (character: string): string =>
  character.normalize('NFKD').replaceAll(/\p{M}/gu, '');

const IN_LETTERS: Readonly<Record<string, string>> = {
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₩': 'KRW',
  '₹': 'INR',
  '₽': 'RUB',
  '₺': 'TRY',
  '₫': 'VND',
  ß: 'ss',
  ẞ: 'SS',
  Æ: 'AE',
  æ: 'ae',
  Œ: 'OE',
  œ: 'oe',
  Ø: 'O',
  ø: 'o',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  Þ: 'Th',
  þ: 'th',
  ı: 'i',
  '‘': "'",
  '’': "'",
  '‚': ',',
  '“': '"',
  '”': '"',
  '„': '"',
  '«': '"',
  '»': '"',
  '‐': '-',
  '‑': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  '×': 'x',
  '•': '*',
  '·': '.',
  '\u200e': '',
  '\u200f': '',
};

const page = (escPosNumber: number, upperHalf: readonly string[]): CodePage => ({
  escPosNumber,
  bytes: new Map([...upperHalf.join('')].map((character, index) => [character, 0x80 + index])),
});

/** Those that Node knows by itself. */
const known = (escPosNumber: number, name: string): CodePage => {
  const upper = Uint8Array.from({ length: 128 }, (_, index) => 0x80 + index);
  const bytes = [...new TextDecoder(name).decode(upper)].map(
    (character, index) => [character, 0x80 + index] as const,
  );
  // windows-1252 leaves some bytes without a character: no control characters come of them.
  return { escPosNumber, bytes: new Map(bytes.filter(([one]) => one > '\u009f')) };
};

// Unicode consortium, MAPPINGS/VENDORS/MICSFT/PC; numbers: Epson, ESC/POS, ESC t.
export const CODE_PAGES: Readonly<Record<CodePageName, CodePage>> = {
  cp437: page(0, [
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒ',
    'áíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐',
    '└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀',
    'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ]),
  cp850: page(2, [
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ',
    'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐',
    '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀',
    'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ]),
  cp852: page(18, [
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×č',
    'áíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐',
    '└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀',
    'ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
  ]),
  cp858: page(19, [
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒ',
    'áíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐',
    '└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈ€ÍÎÏ┘┌█▄¦Ì▀',
    'ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ]),
  cp866: known(17, 'ibm866'),
  windows1252: known(16, 'windows-1252'),
};
