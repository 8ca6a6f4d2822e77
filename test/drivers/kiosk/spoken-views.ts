import type { Texts } from '#config/texts-config.ts';
import type { Alternative, DisplayView, Screen } from '#ports/customer-display.ts';
import { formatAmount } from '#terminal/format.ts';
import { loadConfiguration } from '../../../src/cli/load-configuration.ts';
import { viewOf } from './views.ts';

const loaded = loadConfiguration('base');
if (!('texts' in loaded)) throw new Error('the base configuration is broken');
const { texts } = loaded;

export const LANGUAGES: readonly string[] = Object.keys(texts);

/** A view of a screen as the terminal words it in this language, in a shop that takes dollars. */
export function spokenView(language: string, screen: Screen): DisplayView {
  const { screens, ways } = textsIn(language);
  const { headline, detail } = screens[screen];
  const sum = (amountMinor: number) => formatAmount({ amountMinor, currency: 840 }, language);
  const view = viewOf(screen, { language, headline, detail: detail.replace('{rest}', sum(450)) });
  return {
    ...view,
    ...(view.amount === undefined ? {} : { amount: sum(1250) }),
    ...(view.alternatives === undefined ? {} : { alternatives: alternativesIn(ways) }),
  };
}

function textsIn(language: string): Texts {
  const found = texts[language];
  if (found === undefined) throw new Error(`no texts in ${language}`);
  return found;
}

const alternativesIn = ({ insert, swipe, qr, cash }: Texts['ways']): readonly Alternative[] => [
  { way: 'insert', words: insert },
  { way: 'swipe', words: swipe },
  { way: 'qr', words: qr },
  { way: 'cash', words: cash },
];
