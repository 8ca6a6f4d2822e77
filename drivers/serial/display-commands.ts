import { type CodePage, encodeText } from './code-pages.ts';

/** How a line display is spoken to. */
export type DisplayCommands = 'escpos' | 'cd5220';

/** Four steps, 1 is the darkest. */
export type Brightness = 1 | 2 | 3 | 4;

export interface Picture {
  readonly upper: string;
  readonly lower: string;
  readonly brightness: Brightness;
}

export const COLUMNS = 20;

/**
 * What makes a display show a picture. Sent to a display in any state it gives the same picture.
 * @param before what the display shows, undefined when that isn't known: it is then set up anew
 */
export const drawing = (
  commands: DisplayCommands,
  codePage: CodePage,
  picture: Picture,
  before: Picture | undefined,
): Uint8Array => {
  const set = SETS[commands];
  const dimmed = before?.brightness !== picture.brightness;
  return Uint8Array.from([
    ...(before === undefined ? set.begin(codePage.escPosNumber) : []),
    ...(dimmed ? set.dim(picture.brightness) : []),
    ...set.line(1, row(picture.upper, codePage)),
    ...set.line(2, row(picture.lower, codePage)),
  ]);
};

interface CommandSet {
  begin(codePage: number): readonly number[];
  dim(brightness: Brightness): readonly number[];
  line(number: 1 | 2, text: readonly number[]): readonly number[];
}

const ESC = 0x1b;
const US = 0x1f;
const CLR = 0x0c;
const CR = 0x0d;

const SETS: Readonly<Record<DisplayCommands, CommandSet>> = {
  // Epson DM-D: ESC @ initialises, US MD1 overwrites (nothing scrolls), US C 0 hides the cursor,
  // ESC t n chooses the code page, US X n dims, US $ x y moves the cursor.
  escpos: {
    begin: (codePage) => [ESC, 0x40, US, 0x01, US, 0x43, 0, ESC, 0x74, codePage],
    dim: (brightness) => [US, 0x58, brightness],
    line: (number, text) => [US, 0x24, 1, number, ...text],
  },
  // CD5220: ESC @ initialises, ESC _ 0 hides the cursor, ESC * n dims, ESC Q A … CR writes the
  // upper line, ESC Q B … CR the lower. After these two only they and CLR are understood; CR ends
  // one that was cut off. The upper half of its characters is set at the display: there is no
  // command for code pages.
  cd5220: {
    begin: () => [CR, CLR, ESC, 0x40, ESC, 0x5f, 0],
    dim: (brightness) => [CLR, ESC, 0x2a, brightness],
    line: (number, text) => [ESC, 0x51, number === 1 ? 0x41 : 0x42, ...text, CR],
  },
};

// The whole line, so that nothing of what was there before stays.
const row = (text: string, codePage: CodePage): readonly number[] => {
  const bytes = encodeText(text, codePage).slice(0, COLUMNS);
  return [...bytes, ...Array<number>(COLUMNS - bytes.length).fill(0x20)];
};
