import { NEVER } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { cueOf, withReaderCues } from '#cli/opening/reader-cues.ts';
import type { Cue } from '#ports/card-reader.ts';
import type { DisplayView } from '#ports/customer-display.ts';

describe('what the display shows, on the reader', () => {
  test.each([
    ['welcome', 'idle', undefined, 'idle'],
    ['presentCard', 'off', undefined, 'ready'],
    ['presentCard', 'ready', undefined, 'ready'],
    ['reading', 'processing', undefined, 'processing'],
    ['removeCard', 'success', 'success', 'success'],
    ['insertCard', 'error', 'alert', 'error'],
    ['contactlessOff', 'off', undefined, 'off'],
    ['notReady', 'off', undefined, 'off'],
  ] as const)('%s with lights %s and tone %s is the cue %s', (screen, lights, tone, cue) => {
    expect(cueOf(tone ? { screen, lights, tone } : { screen, lights })).toBe(cue);
  });

  test.each([
    ['authorising', 'success'],
    ['approved', 'success'],
    ['insertCard', 'error'],
    ['declined', 'off'],
    ['scanCode', 'off'],
  ] as const)('%s with lights %s and no tone leaves it as it is', (screen, lights) => {
    expect(cueOf({ screen, lights })).toBeUndefined();
  });

  test.each(['tryAgain', 'seePhone', 'oneCardOnly', 'anotherCard', 'takeCardAway'] as const)(
    '%s is silent though a tone sounds: a card is awaited next',
    (screen) => {
      expect(cueOf({ screen, lights: 'error', tone: 'alert' })).toBe('ready');
    },
  );

  test('comes after the display, and a reader without lights is left alone', () => {
    const told: (string | Cue)[] = [];
    const display = {
      show: ({ screen }: DisplayView) => void told.push(`shows ${screen}`),
      choices$: NEVER,
      answers$: NEVER,
      watchers$: NEVER,
      close: async () => {},
    };
    const view: DisplayView = {
      ...{ sequence: 1, screen: 'welcome', headline: '', detail: '', language: 'en' },
      ...{ lights: 'idle', merchant: 'a shop' },
    };
    withReaderCues(display, { signal: (cue) => void told.push(cue) }).show(view);
    withReaderCues(display, {}).show(view);
    expect(told).toEqual(['shows welcome', 'idle', 'shows welcome']);
  });
});
