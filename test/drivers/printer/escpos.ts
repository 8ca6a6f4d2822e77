/** What stands on the paper, made out of ESC/POS by a decoder of its own. */
export interface OnPaper {
  readonly lines: readonly string[];
  /** The lines in bold. */
  readonly bold: readonly string[];
  readonly codes: readonly string[];
  readonly cuts: number;
  /** The code pages (ESC t) that were chosen. */
  readonly pages: readonly number[];
}

// Code page 858 from 80 on, as far as receipts' letters go; a dot is another sign.
const PAGE_858 = [
  'ÇüéâäàåçêëèïîìÄÅ',
  'ÉæÆôöòûùÿÖÜø£Ø×.',
  'áíóúñÑªº¿®¬½¼¡«»',
  '.....ÁÂÀ©....¢¥.',
  '......ãÃ.......¤',
  'ðÐÊËÈ€ÍÎÏ....¦Ì.',
  'ÓßÔÒõÕµþÞÚÛÙýÝ¯´',
  '.±.¾¶§÷¸°¨·¹³²..',
].join('');

/** Throws at a command that it doesn't know: nothing on the paper goes unread. */
export const onPaper = (bytes: Uint8Array): OnPaper => {
  const lines: string[] = [];
  const bold: string[] = [];
  const codes: string[] = [];
  let [text, strong, page, cuts] = ['', false, 0, 0];
  let heavy = false;
  const pages = new Set<number>();
  let at = 0;
  const next = (): number => bytes[at++] ?? 0;
  const end = () => {
    lines.push(text);
    if (heavy) bold.push(text.trim());
    text = '';
    heavy = false;
  };
  const single = (command: string): void => {
    if (command === '@') page = 0;
    else if (command === 't') {
      page = next();
      pages.add(page);
    } else if (command === 'E') strong = next() === 1;
    else if (command === 'a' || command === 'M') next();
    else throw new Error(`ESC ${command}`);
  };
  const group = (command: string): void => {
    if (command === '!' || command === 'a' || command === 'r') next();
    else if (command === 'V') {
      next();
      cuts += 1;
    } else if (command === '(') {
      const kind = next();
      const length = next() + next() * 256;
      const data = bytes.subarray(at, at + length);
      at += length;
      if (kind !== 0x6b) throw new Error('GS ( of another kind');
      // GS ( k, cn 31, fn 50: the content of a QR code.
      if (data[0] === 0x31 && data[1] === 0x50)
        codes.push(new TextDecoder().decode(data.subarray(3)));
    } else throw new Error(`GS ${command}`);
  };
  while (at < bytes.length) {
    const byte = next();
    if (byte === 0x1b) single(String.fromCharCode(next()));
    else if (byte === 0x1d) group(String.fromCharCode(next()));
    else if (byte === 0x1c) next();
    else if (byte === 0x0a) end();
    else {
      const plain = byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : undefined;
      text +=
        plain ??
        (page === 19 ? PAGE_858[byte - 0x80] : undefined) ??
        `<${page}:${byte.toString(16)}>`;
      heavy ||= strong;
    }
  }
  return { lines, bold, codes, cuts, pages: [...pages] };
};
