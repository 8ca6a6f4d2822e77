import type { Indicators } from '#data/indicators.ts';
import type { Lights } from '#ports/customer-display.ts';
import { ownTexts } from './texts.ts';

interface FourLightsProps {
  readonly lights: Lights;
  readonly option: Indicators['option'];
  readonly language: string;
}

/**
 * The four contactless indicators (Book A): all green (option 1), or the fourth red (option 2).
 * The style sheet draws each name; who can't see them finds the same in words.
 */
export const FourLights = ({ lights, option, language }: FourLightsProps) => (
  <div
    class="lights"
    data-lights={lights}
    data-option={option}
    role="img"
    aria-label={ownTexts(language).lights[lights]}
  >
    <i class="light" />
    <i class="light" />
    <i class="light" />
    <i class="light" />
  </div>
);
