import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

const SMALLEST = 0.4;
const STEP = 0.04;

/**
 * Makes words as large as their place allows, whatever the language or the sum. Each child marked
 * `data-fit` first fits the width by itself (CSS variable `--fit`), so that a large sum makes no
 * other word small; then all of them fit the height together (`--room`). Runs again with each new
 * `content`, with a new window size and when the font arrives.
 */
export function useFittingText(place: RefObject<HTMLElement | null>, content: string): void {
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const fit = () => fitWords(element);
    fitWords(element);
    const abort = new AbortController();
    window.addEventListener('resize', fit, { signal: abort.signal });
    document.fonts.addEventListener('loadingdone', fit, { signal: abort.signal });
    return () => abort.abort();
  }, [place, content]);
}

function fitWords(words: HTMLElement): void {
  words.style.setProperty('--room', '1');
  for (const line of words.querySelectorAll<HTMLElement>('[data-fit]')) {
    delete line.dataset['broken'];
    const fits = shrink(line, '--fit', () => line.scrollWidth <= line.clientWidth);
    if (!fits) line.dataset['broken'] = '';
  }
  shrink(words, '--room', () => words.scrollHeight <= words.clientHeight);
}

function shrink(element: HTMLElement, variable: string, fits: () => boolean): boolean {
  for (let scale = 1; scale >= SMALLEST; scale -= STEP) {
    element.style.setProperty(variable, scale.toFixed(2));
    if (fits()) return true;
  }
  return false;
}
