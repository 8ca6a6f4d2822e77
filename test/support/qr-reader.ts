import { inflateSync } from 'node:zlib';
import type { Page } from 'playwright-core';

/**
 * Reads a QR code off a page as a phone's camera would: from its pixels alone. Only what screens
 * draw perfectly: upright, square, nothing to correct. ISO/IEC 18004, versions 1 to 6, byte mode,
 * level M; throws for anything else.
 * @param selector of the element that the dark modules are all of
 */
export const readQrOf = async (page: Page, selector: string): Promise<string> =>
  textOf(modulesOf(pictureOf(await page.locator(selector).screenshot())));

type Modules = readonly (readonly boolean[])[];

interface Picture {
  readonly width: number;
  readonly height: number;
  isDark(x: number, y: number): boolean;
}

/** A PNG as browsers make screenshots: 8 bits a colour, not interlaced. W3C PNG §5, §9. */
const pictureOf = (png: Buffer): Picture => {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const bytesPerPixel = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString('latin1', at + 4, at + 8);
    if (type === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * bytesPerPixel;
  const lines: Buffer[] = [];
  for (let y = 0; y < height; y++) {
    const from = y * (stride + 1);
    const above = lines.at(-1) ?? Buffer.alloc(stride);
    const line = Buffer.from(raw.subarray(from + 1, from + 1 + stride));
    unfilter(raw[from] ?? 0, line, above, bytesPerPixel);
    lines.push(line);
  }
  const isDark = (x: number, y: number) => (lines[y]?.[x * bytesPerPixel] ?? 255) < 128;
  return { width, height, isDark };
};

const unfilter = (kind: number, line: Buffer, above: Buffer, step: number): void => {
  for (let i = 0; i < line.length; i++) {
    const [left = 0, up = 0, corner = 0] = [line[i - step], above[i], above[i - step]];
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind] ?? 0;
    line[i] = ((line[i] ?? 0) + predicted) & 0xff;
  }
};

const paeth = (left: number, up: number, corner: number): number => {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [left, up, corner].map((one) => Math.abs(guess - one));
  if ((toLeft ?? 0) <= (toUp ?? 0) && (toLeft ?? 0) <= (toCorner ?? 0)) return left;
  return (toUp ?? 0) <= (toCorner ?? 0) ? up : corner;
};

// From the first dark pixel on: the finder pattern's upper edge is seven modules wide.
const modulesOf = ({ width, height, isDark }: Picture): Modules => {
  const columns = Array.from({ length: width }, (_, x) => x);
  const rows = Array.from({ length: height }, (_, y) => y);
  const top = rows.find((y) => columns.some((x) => isDark(x, y)));
  if (top === undefined) throw new Error('nothing dark');
  const dark = columns.filter((x) => isDark(x, top));
  const [left = 0] = dark;
  const right = dark.at(-1) ?? 0;
  const edge = columns.find((x) => x > left && !isDark(x, top)) ?? left;
  const module = (edge - left) / 7;
  const size = Math.round((right + 1 - left) / module);
  const at = (from: number, place: number) => Math.floor(from + (place + 0.5) * module);
  return Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => isDark(at(left, x), at(top, y))),
  );
};

/** The text of a code's modules. */
export const textOf = (modules: Modules): string => {
  const version = (modules.length - 17) / 4;
  const blocks = BLOCKS[version];
  if (blocks === undefined) throw new Error(`${modules.length} modules are no version from 1 to 6`);
  const words = wordsOf(modules, maskOf(modules));
  const [count, length] = blocks;
  // Data codewords of the blocks take turns. §7.6
  const data = Array.from({ length: count * length }, (_, i) => {
    const word = words[(i % length) * count + Math.floor(i / length)];
    return (word ?? 0).toString(2).padStart(8, '0');
  }).join('');
  if (!data.startsWith(BYTE_MODE)) throw new Error('not in byte mode');
  const characters = Number.parseInt(data.slice(4, 12), 2);
  const bytes = Array.from({ length: characters }, (_, i) =>
    Number.parseInt(data.slice(12 + i * 8, 20 + i * 8), 2),
  );
  return Buffer.from(bytes).toString('utf8');
};

const BYTE_MODE = '0100';

/** Level M: how many blocks, and data codewords of each, by version. ISO/IEC 18004 table 9. */
const BLOCKS: { readonly [version: number]: readonly [number, number] } = {
  1: [1, 16],
  2: [1, 28],
  3: [1, 44],
  4: [2, 32],
  5: [2, 43],
  6: [4, 27],
};

// Format information: two bits of level, three of mask, ten that correct them. §7.9
const maskOf = (modules: Modules): (typeof MASKS)[number] => {
  const bits = [0, 1, 2, 3, 4].map((x) => (modules[8]?.[x] === true ? 1 : 0));
  const format = Number.parseInt(bits.join(''), 2) ^ 0b10101;
  const mask = MASKS[format & 0b111];
  if (format >> 3 !== 0 || mask === undefined) throw new Error('not of level M');
  return mask;
};

/** x: column, y: row. Table 10. */
const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

// Two columns at a time, from the right, up and down in turn, around what is fixed. §7.7.3
const wordsOf = (modules: Modules, mask: (x: number, y: number) => boolean): number[] => {
  const size = modules.length;
  let bits = '';
  let upwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    // The timing pattern has a column to itself.
    if (right === TIMING) right -= 1;
    for (let step = 0; step < size; step++) {
      const y = upwards ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (!isFixed(x, y, size)) bits += (modules[y]?.[x] === true) !== mask(x, y) ? '1' : '0';
      }
    }
    upwards = !upwards;
  }
  return (bits.match(/[01]{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
};

const TIMING = 6;

// Finders with format information, timing, and the one alignment pattern of versions 2 to 6.
const isFixed = (x: number, y: number, size: number): boolean => {
  if (x === TIMING || y === TIMING) return true;
  if (x <= 8 && y <= 8) return true;
  if ((x <= 8 && y >= size - 8) || (y <= 8 && x >= size - 8)) return true;
  const centre = size - 7;
  return size > 21 && Math.abs(x - centre) <= 2 && Math.abs(y - centre) <= 2;
};
