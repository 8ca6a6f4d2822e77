import { useLayoutEffect, useRef } from 'preact/hooks';
import type { DisplayView } from '#ports/customer-display.ts';
import { Alternatives } from './alternatives.tsx';
import { Choices } from './choices.tsx';
import { Digits, WalletName } from './code-words.tsx';
import { useFittingText } from './fit-text.ts';
import { FourLights } from './four-lights.tsx';
import { LOOKS, lookOf, type OwnScreen } from './looks.ts';
import { QrCode } from './qr-code.tsx';
import { Question } from './question/question.tsx';
import { ReceiptCode } from './receipt-code.tsx';
import { directionOf, ownTexts } from './texts.ts';
import { Countdown, spokenTime, type TimeLeft, useTimeLeft } from './time-left.tsx';
import { useChoice } from './use-choice.ts';
import { BY_CODE, useLights, useTone } from './use-cues.ts';
import { type Picture as Shown, useTerminal } from './use-terminal.ts';

/** The part of a view that is drawn. The page's own states have no amount and no merchant. */
type Drawing = Pick<
  DisplayView,
  | 'headline'
  | 'detail'
  | 'language'
  | 'merchant'
  | 'alternatives'
  | 'choices'
  | 'code'
  | 'question'
  | 'receipt'
  | 'plasticOnly'
> & {
  readonly screen: DisplayView['screen'] | OwnScreen;
  readonly amount?: string;
  /** The run of the terminal that shows it. */
  readonly run?: string;
};

export function App() {
  const picture = useTerminal();
  const lights = useLights(picture);
  useTone(picture);
  const left = useTimeLeft(picture);
  const choosing = useChoice(picture);
  const drawing = drawingOf(picture, left);
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
      data-ask={drawing?.question?.ask.kind}
      data-receipt={drawing?.receipt && ''}
      data-by-code={drawing && BY_CODE.includes(drawing.screen) ? '' : undefined}
    >
      <header class="top">
        {!(drawing && hasNoLights(drawing)) && (
          <FourLights lights={lights} option={option} language={language} />
        )}
        <p class="said" role="status">
          {spokenTime(left, language)}
        </p>
      </header>
      {drawing && <Stage drawing={drawing} left={left} />}
      <Words drawing={drawing} />
      {drawing?.question && <Asked drawing={drawing} question={drawing.question} />}
      {drawing?.choices?.length ? <Choices choices={drawing.choices} {...choosing} /> : null}
    </div>
  );
}

interface AskedProps {
  readonly drawing: Drawing;
  readonly question: NonNullable<Drawing['question']>;
}

function Asked({ drawing: { run = '', language, headline, detail }, question }: AskedProps) {
  const asks = [detail, headline].filter((line) => line !== '').join(' ');
  return <Question key={`${run}/${question.id}`} {...{ question, run, language, asks }} />;
}

interface StageProps {
  readonly drawing: Drawing;
  readonly left: TimeLeft | undefined;
}

// The place beside the words: a symbol or a code, and how long is left for it, or where the receipt
// of what the symbol says can be fetched.
function Stage({ drawing, left }: StageProps) {
  const { screen, code, receipt, language } = drawing;
  const { symbol: Picture } = lookOf(screen, drawing.plasticOnly === true);
  const name = code && `${ownTexts(language).code.name}: ${code.wallet}`;
  return (
    <aside class="stage" aria-hidden={!code && !left && !receipt} key={screen}>
      {code && name ? <QrCode content={code.content} name={name} /> : <Picture />}
      {receipt && <ReceiptCode receipt={receipt} language={language} />}
      {left && <Countdown left={left} language={language} />}
    </aside>
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
      {drawing?.code && <WalletName wallet={drawing.code.wallet} />}
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
      {drawing?.code?.digits && <Digits digits={drawing.code.digits} language={drawing.language} />}
      {drawing?.alternatives?.length ? <Alternatives ways={drawing.alternatives} /> : null}
    </main>
  );
}

// What else is taken is the picture then.
const offersWays = (drawing: Pick<Drawing, 'screen' | 'alternatives'> | undefined): boolean =>
  drawing?.screen === 'contactlessOff' || (drawing?.alternatives?.length ?? 0) > 0;

const hasNoLights = ({ screen }: Pick<Drawing, 'screen'>): boolean =>
  screen === 'question' || BY_CODE.includes(screen);

const moodOf = (drawing: Drawing): string => LOOKS[drawing.screen].mood;

function drawingOf(picture: Shown, left: TimeLeft | undefined): Drawing | undefined {
  switch (picture.kind) {
    case 'blank':
      return undefined;
    case 'view': {
      const { code, merchant, ...view } = picture.view;
      // What else is taken needs the room of the shop's name, and so do codes.
      const needsRoom = offersWays(view) || hasNoLights(view);
      return {
        ...view,
        run: picture.run,
        merchant: needsRoom ? '' : merchant,
        // Nobody is to scan what is closed by now.
        ...(code === undefined || left?.seconds === 0 ? {} : { code }),
      };
    }
    case 'away':
    case 'starting': {
      const { kind: screen, language } = picture;
      return { screen, language, merchant: '', ...ownTexts(language)[screen] };
    }
  }
}
