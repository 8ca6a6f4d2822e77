import type { Page } from 'playwright-core';

export interface Beep {
  readonly type: string;
  readonly hertz: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface PageSpy {
  readonly beeps: Beep[];
  lost: number;
  /** Breaks the stream as a network would, seen from the page. */
  loseConnection(): void;
  /** A beat of the terminal, for pages whose clock runs ahead of the real one. */
  beat(): void;
  readonly screens: string[];
  /** Resolves when the view with this number has come, and whatever it changes is drawn. */
  arrived(sequence: number): Promise<void>;
}

declare global {
  interface Window {
    spy: PageSpy;
  }
}

/**
 * Puts ears and eyes into the page before it runs: which tones it schedules, how often its stream
 * was lost, and each screen it ever drew. `sound` is what the browser answers to sound.
 */
export function spyOn(page: Page, sound: 'running' | 'suspended' = 'running'): Promise<unknown> {
  return page.addInitScript((state) => {
    const spy: PageSpy = {
      beeps: [],
      lost: 0,
      loseConnection: () => undefined,
      beat: () => undefined,
      screens: [],
      arrived: (sequence) =>
        new Promise((resolve) => {
          if (latest === sequence) resolve();
          else awaited.set(sequence, resolve);
        }),
    };
    let latest = 0;
    const awaited = new Map<number, () => void>();
    const now = 10;
    const node = { connect: () => undefined };
    const ramp = { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined };
    const FakeAudioContext = class {
      readonly state = state;
      readonly currentTime = now;
      readonly destination = node;
      resume = () => (state === 'running' ? Promise.resolve() : Promise.reject(new Error('no')));
      createGain = () => ({ ...node, gain: ramp });
      createOscillator = () => {
        let start = 0;
        const oscillator = {
          ...node,
          type: '',
          frequency: { value: 0 },
          start(at: number) {
            start = at;
          },
          stop(end: number) {
            const { type, frequency } = oscillator;
            const ms = (seconds: number) => Math.round((seconds - now) * 1000);
            spy.beeps.push({ type, hertz: frequency.value, fromMs: ms(start), toMs: ms(end) });
          },
        };
        return oscillator;
      };
    };
    const SpiedEventSource = class extends EventSource {
      constructor(url: string) {
        super(url);
        this.addEventListener('error', () => {
          spy.lost += 1;
        });
        // Heard before the page hears of it, told after: nobody outside comes in between.
        this.addEventListener('view', ({ data }: MessageEvent<string>) => {
          latest = JSON.parse(data).view?.sequence ?? 0;
          awaited.get(latest)?.();
        });
        spy.loseConnection = () => this.dispatchEvent(new Event('error'));
        spy.beat = () => this.dispatchEvent(new Event('beat'));
      }
    };
    new MutationObserver(() => {
      const screen = document.querySelector('.display')?.getAttribute('data-screen');
      if (screen && spy.screens.at(-1) !== screen) spy.screens.push(screen);
    }).observe(document, { subtree: true, childList: true, attributes: true });
    Object.assign(window, { spy, AudioContext: FakeAudioContext, EventSource: SpiedEventSource });
  }, sound);
}

/** Everything that sticks out of its place or of the window, or can't be seen; best empty. */
export function flawsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const flaws: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > innerWidth || root.scrollHeight > innerHeight)
      flaws.push('page scrolls');
    const words = document.querySelector('.words')?.getBoundingClientRect();
    const symbol = document.querySelector('.symbol, .code')?.getBoundingClientRect();
    const apart = (a?: DOMRect, b?: DOMRect) =>
      a && b && (a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top);
    if (!apart(words, symbol)) flaws.push('words and symbol overlap');
    const time = document.querySelector('.time')?.getBoundingClientRect();
    if (time && !(apart(time, symbol) && apart(time, words))) flaws.push('the time overlaps');
    for (const button of document.querySelectorAll('button')) {
      const box = button.getBoundingClientRect();
      // WCAG 2.2, 2.5.5 asks for 44 pixels each way.
      if (box.width < 44 || box.height < 44) flaws.push(`${button.innerText} too small to touch`);
      if (button.scrollWidth > button.clientWidth) flaws.push(`${button.innerText} too wide`);
      if (button.scrollHeight > button.clientHeight) flaws.push(`${button.innerText} too high`);
      for (const place of [words, symbol, time]) {
        if (place && !apart(box, place)) flaws.push(`${button.innerText} overlaps`);
      }
    }
    const lines = '.headline, .amount, .detail, .wallet, .typed, .time p';
    const cut = `.words, ${lines}, [data-first=merchant] .merchant`;
    for (const element of document.querySelectorAll(cut)) {
      if (element.scrollWidth > element.clientWidth) flaws.push(`${element.className} too wide`);
      if (element.matches('.words') && element.scrollHeight > element.clientHeight) {
        flaws.push(`${element.className} too high`);
      }
    }
    const placed = '.words > *, .symbol, .code, .time, .light, button';
    for (const element of document.querySelectorAll(placed)) {
      const box = element.getBoundingClientRect();
      const inside =
        box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
      const seen = element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
      if (!inside || !seen || box.width === 0)
        flaws.push(`${element.getAttribute('class')} unseen`);
    }
    return flaws;
  });
}

/** Which lights are on this long after their pattern began: "1000" the first, R for a red one. */
export const litAt = (page: Page, afterMs: number): Promise<string> =>
  page.evaluate((ms) => {
    for (const animation of document.getAnimations()) {
      animation.pause();
      animation.currentTime = ms;
    }
    return [...document.querySelectorAll('.light')]
      .map((light) => getComputedStyle(light).backgroundColor)
      .map((colour) =>
        colour === 'rgb(53, 240, 138)' ? '1' : colour === 'rgb(255, 90, 77)' ? 'R' : '0',
      )
      .join('');
  }, afterMs);

/** Symbols stand still and complete, as they are once their entrance is over. */
export const settle = (page: Page): Promise<void> =>
  page.evaluate(() => {
    for (const animation of document.getAnimations()) {
      if (animation.effect?.getTiming().iterations === 1) animation.finish();
      else animation.currentTime = 0;
    }
  });
