import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DisplayView } from '#ports/customer-display.ts';
import { Alternatives } from './alternatives.tsx';
import { useFittingText } from './fit-text.ts';
import { FourLights } from './four-lights.tsx';
import { LOOKS, lookOf, type OwnScreen } from './looks.ts';
import { directionOf, ownTexts } from './texts.ts';
import { useLights, useTone } from './use-cues.ts';
import { type Picture as Shown, useTerminal } from './use-terminal.ts';

/** The part of a view that is drawn. The page's own states have no amount and no merchant. */
type Drawing = Pick<
  DisplayView,
  'headline' | 'detail' | 'language' | 'merchant' | 'alternatives' | 'plasticOnly'
> & {
  readonly screen: DisplayView['screen'] | OwnScreen;
  readonly amount?: string;
};

export function App() {
  const picture = useTerminal();
  const lights = useLights(picture);
  useTone(picture);
  const drawing = drawingOf(picture);
  const language = drawing?.language ?? 'en';
  const option = picture.kind === 'view' ? picture.indicators.option : 1;
  useLayoutEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = directionOf(language);
  }, [language]);
  return (
    <div
      class="display"
      lang={language}
      dir={directionOf(language)}
      data-screen={drawing?.screen}
      data-mood={drawing && moodOf(drawing)}
      data-ways={offersWays(drawing) ? '' : undefined}
    >
      <header class="top">
        <FourLights lights={lights} option={option} language={language} />
      </header>
      {drawing && <Stage drawing={drawing} />}
      <Words drawing={drawing} />
    </div>
  );
}

// The place beside the words: a symbol, and whatever else a screen may hold one day.
function Stage({ drawing }: { readonly drawing: Drawing }) {
  const { symbol: Picture } = lookOf(drawing.screen, drawing.plasticOnly === true);
  return (
    <div class="stage" aria-hidden="true" key={drawing.screen}>
      <Picture />
    </div>
  );
}

// One region for as long as the page lives. A screen reader speaks what is new in it, and neither
// the sum nor the shop's name again with each step of a payment.
function Words({ drawing }: { readonly drawing: Drawing | undefined }) {
  const place = useRef<HTMLElement>(null);
  useFittingText(place, JSON.stringify(drawing));
  const first = drawing && LOOKS[drawing.screen].first;
  return (
    <main class="words" ref={place} data-first={first} aria-live="polite" aria-atomic="false">
      {drawing?.merchant && (
        <p class="merchant">
          <bdi>{drawing.merchant}</bdi>
        </p>
      )}
      {drawing?.amount && (
        <p class="amount" data-fit>
          <bdi>{drawing.amount}</bdi>
        </p>
      )}
      {drawing && (
        <h1 class="headline" data-fit>
          {drawing.headline}
        </h1>
      )}
      {drawing?.detail && <p class="detail">{drawing.detail}</p>}
      {drawing?.alternatives?.length ? <Alternatives ways={drawing.alternatives} /> : null}
    </main>
  );
}

// What else is taken is the picture then.
const offersWays = (drawing: Pick<Drawing, 'screen' | 'alternatives'> | undefined): boolean =>
  drawing?.screen === 'contactlessOff' || (drawing?.alternatives?.length ?? 0) > 0;

const moodOf = (drawing: Drawing): string => LOOKS[drawing.screen].mood;

function drawingOf(picture: Shown): Drawing | undefined {
  switch (picture.kind) {
    case 'blank':
      return undefined;
    case 'view':
      // What else is taken needs the room of the shop's name.
      return offersWays(picture.view) ? { ...picture.view, merchant: '' } : picture.view;
    case 'away':
    case 'starting': {
      const { kind: screen, language } = picture;
      return { screen, language, merchant: '', ...ownTexts(language)[screen] };
    }
  }
}
