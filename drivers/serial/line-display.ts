import { BehaviorSubject } from 'rxjs';
import type { ByteLine } from '#ports/byte-line.ts';
import type { AttachedDevice, DeviceHealth } from '#ports/devices.ts';
import type { LineDisplay } from '#ports/line-display.ts';
import { CODE_PAGES, type CodePageName } from './code-pages.ts';
import {
  type Brightness,
  type DisplayCommands,
  drawing,
  type Picture,
} from './display-commands.ts';

export interface DisplayOptions {
  readonly commands?: DisplayCommands;
  readonly codePage?: CodePageName;
  /** While it shows something; with nothing to show it is at its darkest. */
  readonly brightness?: Brightness;
  /** What the device is called, as far as the machine knows; asked whenever it comes. */
  readonly nameOf?: (path: string) => string;
  /** Why it is taken for a line display. */
  readonly because?: string;
}

/**
 * Two lines of 20 characters on a byte line. Only the latest picture counts: what is asked for
 * while another is being drawn takes its turn, and what came between is never drawn. A display that
 * is plugged in again is set up anew and shows what it should by then.
 */
export const displayOn = (line: ByteLine, options: DisplayOptions): LineDisplay => {
  const display: Display = {
    ...{ line, options },
    devices: new BehaviorSubject<readonly AttachedDevice[]>([]),
    wanted: pictureOf('', '', options),
    up: false,
  };
  line.state$.subscribe((state) => {
    display.up = state.line === 'up';
    display.drawn = undefined;
    if (state.line === 'up') draw(display);
    else tell(display, { health: 'absent', why: state.why });
  });
  return {
    devices$: display.devices.asObservable(),
    show: (upper, lower) => {
      display.wanted = pictureOf(upper, lower, options);
      draw(display);
    },
    close: async () => {
      // An amount must not stand there when nobody takes payments any more.
      display.wanted = pictureOf('', '', options);
      draw(display);
      await display.drawing;
      await line.close();
      display.devices.complete();
    },
  };
};

interface Display {
  readonly line: ByteLine;
  readonly options: DisplayOptions;
  readonly devices: BehaviorSubject<readonly AttachedDevice[]>;
  wanted: Picture;
  /** Undefined while that isn't known: it was unplugged. */
  drawn?: Picture | undefined;
  drawing?: Promise<void> | undefined;
  up: boolean;
}

/** 70 bytes take 75 ms at 9600 baud. */
const DRAWN_WITHIN_MS = 2000;

const pictureOf = (upper: string, lower: string, { brightness = 4 }: DisplayOptions): Picture => ({
  upper,
  lower,
  brightness: upper.trim() === '' && lower.trim() === '' ? 1 : brightness,
});

const draw = (display: Display): void => {
  display.drawing ??= drawAll(display).finally(() => {
    display.drawing = undefined;
    // It came back while the last write to its former self failed.
    if (display.up && display.drawn !== display.wanted) draw(display);
  });
};

const drawAll = async (display: Display): Promise<void> => {
  const { line, options } = display;
  const codePage = CODE_PAGES[options.codePage ?? 'cp437'];
  while (display.up && display.drawn !== display.wanted) {
    const picture = display.wanted;
    const before = display.drawn;
    // Unknown until it is drawn, whatever happens meanwhile.
    display.drawn = undefined;
    const bytes = drawing(options.commands ?? 'escpos', codePage, picture, before);
    if ((await line.write(bytes, DRAWN_WITHIN_MS)) !== undefined) return;
    display.drawn = picture;
    tell(display, { health: 'ready' });
  }
};

const tell = ({ line, options, devices }: Display, health: DeviceHealth): void => {
  const { nameOf = () => '', because = '' } = options;
  const before = devices.value[0];
  if (before?.health.health === 'ready' && health.health === 'ready') return;
  const name = health.health === 'absent' ? (before?.name ?? '') : nameOf(line.path);
  devices.next([{ kind: 'lineDisplay', place: line.path, name, because, health }]);
};
