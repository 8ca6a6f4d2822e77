import type { DisplayCommands } from '#drivers/serial/index.ts';

/** What a display shows after all these bytes: 20 characters a line, as bytes in Latin-1. */
export interface Shown {
  readonly upper: string;
  readonly lower: string;
  readonly brightness: number;
}

/**
 * A display as its manual tells it, and not as the driver has it: Epson DM-D110 (ESC/POS), Partner
 * Tech CD5220. Fails on a command that neither knows, or that the display would not take now.
 */
export const shownBy = (commands: DisplayCommands, bytes: Uint8Array): Shown => {
  const screen: Screen = { lines: [BLANK, BLANK], brightness: 4, x: 0, y: 0, stringMode: false };
  let rest = Buffer.from(bytes).toString('latin1');
  while (rest !== '') {
    const found = FORMS[commands].find(({ form }) => form.test(rest));
    // The rest is on its way.
    if (found === undefined && (rest.startsWith(ESC) || rest.startsWith(US))) break;
    const [whole = '', ...parts] = found?.form.exec(rest) ?? [];
    if (found === undefined) throw new Error(`no display knows ${JSON.stringify(rest)}`);
    if (screen.stringMode && found.stringMode !== true) throw new Error('not in string mode');
    found.apply(screen, parts);
    rest = rest.slice(whole.length);
  }
  const [upper = '', lower = ''] = screen.lines;
  return { upper, lower, brightness: screen.brightness };
};

interface Screen {
  lines: string[];
  brightness: number;
  x: number;
  y: number;
  stringMode: boolean;
}

const BLANK = ' '.repeat(20);

interface Form {
  readonly form: RegExp;
  /** Taken after ESC Q, too. */
  readonly stringMode?: true;
  readonly apply: (screen: Screen, parts: readonly string[]) => void;
}

const clear = (screen: Screen): void => {
  Object.assign(screen, { lines: [BLANK, BLANK], x: 0, y: 0, stringMode: false });
};

const dim = (screen: Screen, [step = '']: readonly string[]): void => {
  screen.brightness = step.charCodeAt(0);
};

// The whole of a form, so that what a display has half got changes nothing.
const one = (form: string, apply: Form['apply'], stringMode?: true): Form => ({
  form: new RegExp(`^${form}`, 's'),
  apply,
  ...(stringMode ? { stringMode } : {}),
});

const ESC = '\u001b';
const US = '\u001f';

const line = (screen: Screen, [which, text = '']: readonly string[]): void => {
  screen.lines[which === 'A' ? 0 : 1] = text.padEnd(20);
  screen.stringMode = true;
};

const FORMS: Readonly<Record<DisplayCommands, readonly Form[]>> = {
  escpos: [
    one(`${ESC}@`, (screen) => {
      clear(screen);
      screen.brightness = 4;
    }),
    one(`${US}\\u0001`, () => {}),
    one(`${US}C[\\u0000\\u0001]`, () => {}),
    one(`${ESC}t.`, () => {}),
    one(`${US}X([\\u0001-\\u0004])`, dim),
    one(`${US}\\$([\\u0001-\\u0014])([\\u0001\\u0002])`, (screen, [x = '', y = '']) => {
      Object.assign(screen, { x: x.charCodeAt(0) - 1, y: y.charCodeAt(0) - 1 });
    }),
    one('([^\\u0000-\\u001f])', (screen, [character = '']) => {
      const { x, y, lines } = screen;
      const old = lines[y] ?? '';
      lines[y] = old.slice(0, x) + character + old.slice(x + 1);
      Object.assign(screen, x < 19 ? { x: x + 1 } : { x: 0, y: 1 - y });
    }),
  ],
  cd5220: [
    one(`${ESC}@`, (screen) => {
      clear(screen);
      screen.brightness = 4;
    }),
    one('\r', () => {}, true),
    one('\\f', clear, true),
    one(`${ESC}_[\\u0000\\u0001]`, () => {}),
    one(`${ESC}\\*([\\u0001-\\u0004])`, dim),
    one(`${ESC}Q([AB])([^\\u0000-\\u001f]{20})\\r`, line, true),
  ],
};
