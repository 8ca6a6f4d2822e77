import type { Texts } from '#config/texts-config.ts';
import type { Choice, Screen } from '#ports/customer-display.ts';
import type { WalletHost } from '#ports/wallet-host.ts';

/** What a shopper may touch instead of doing what a screen asks for. */
export interface Offered {
  /** Contactless, where a code is waited for. */
  readonly tap: boolean;
  readonly wallets: readonly Pick<WalletHost, 'name' | 'title'>[];
}

export const TAP = 'tap';

/** A choice's id for a wallet, and back. */
export const walletChoice = (name: string): string => `wallet:${name}`;
export const walletOfChoice = (id: string): string | undefined =>
  id.startsWith('wallet:') ? id.slice(7) : undefined;

/** The choices that a screen shows, in words. */
export const choicesOn = (
  screen: Screen,
  offered: Offered | undefined,
  { choices }: Texts,
): readonly Choice[] => {
  if (offered === undefined || !CHOOSING.includes(screen)) return [];
  // Beside the tap a wallet's name alone would not say that there is a code to scan.
  const words = (title: string) =>
    screen === 'payByCode' ? title : choices.wallet.replace('{wallet}', () => title);
  const wallets = offered.wallets.map(
    ({ name, title }): Choice => ({ id: walletChoice(name), way: 'qr', words: words(title) }),
  );
  return offered.tap ? [...wallets, { id: TAP, way: 'phone', words: choices.tap }] : wallets;
};

const CHOOSING: readonly Screen[] = [
  'presentCard',
  'tryAgain',
  'seePhone',
  'payByCode',
  'scanCode',
  'showYourCode',
];
