import type { Texts } from '#config/texts-config.ts';
import type { Choice, Screen } from '#ports/customer-display.ts';
import type { WalletHost } from '#ports/wallet-host.ts';

/** What a shopper may touch instead of doing what a screen asks for. */
export interface Offered {
  /** Contactless, where a code is waited for. */
  readonly tap: boolean;
  readonly wallets: readonly Pick<WalletHost, 'name' | 'title'>[];
  /** The same wallet the other way round. */
  readonly turn?: Turn;
}

/** From our code to the shopper's, which a scanner waits for, or back. */
export interface Turn {
  readonly to: 'showCode' | 'scanCode';
  readonly wallet: string;
}

export const TAP = 'tap';

/** A choice's id for a wallet, and back. */
export const walletChoice = (name: string): string => `wallet:${name}`;
export const walletOfChoice = (id: string): string | undefined =>
  id.startsWith('wallet:') ? id.slice(7) : undefined;

/** The same for a wallet whose own code the shopper would rather show. */
export const walletToShow = (id: string): string | undefined =>
  id.startsWith('show:') ? id.slice(5) : undefined;

export const turnId = ({ to, wallet }: Turn): string =>
  to === 'showCode' ? `show:${wallet}` : walletChoice(wallet);

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
  const { tap, turn } = offered;
  return [
    ...(turn === undefined
      ? []
      : [{ id: turnId(turn), way: 'qr' as const, words: choices[turn.to] }]),
    ...wallets,
    ...(tap ? [{ id: TAP, way: 'phone' as const, words: choices.tap }] : []),
  ];
};

const CHOOSING: readonly Screen[] = [
  'presentCard',
  'tryAgain',
  'seePhone',
  'payByCode',
  'scanCode',
  'showYourCode',
];
