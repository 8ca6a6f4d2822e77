import type { CodeToScan } from '#ports/customer-display.ts';
import { WaySign } from './alternatives.tsx';
import { ownTexts } from './texts.ts';

/** As people read a long number: four by four. */
const GROUP = /.{1,4}/gsu;

/** Whose code it is. */
export const WalletName = ({ wallet }: Pick<CodeToScan, 'wallet'>) => (
  <p class="wallet">
    <WaySign way="qr" />
    <bdi>{wallet}</bdi>
  </p>
);

interface DigitsProps {
  readonly digits: string;
  readonly language: string;
}

/** What can be typed where a phone can't scan, from left to right in every language. */
export const Digits = ({ digits, language }: DigitsProps) => (
  <p class="typed">
    <span class="label">{ownTexts(language).code.typeInstead} </span>
    <bdi class="digits" dir="ltr">
      {digits.match(GROUP)?.join(' ')}
    </bdi>
  </p>
);
