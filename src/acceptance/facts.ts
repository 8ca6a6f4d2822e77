import { fromHex } from '#bytes/hex.ts';
import { schemeOf } from '#data/schemes.ts';
import type { Amount } from './decision.ts';

/**
 * What is known of a payment so far; it only ever grows. `null` is known, too: the card was read
 * and it can't be told. Then an "off" that asks for it applies, and an "on" does not.
 */
export interface Facts {
  readonly method: 'contactless' | 'qr';
  readonly lane?: string;
  readonly amount?: Amount;
  /** The wallet whose code it is: "alipay". */
  readonly wallet?: string | null;
  /** The whole identifier of the selected application, upper-case hexadecimal. */
  readonly aid?: string;
  /** A scheme's name, or `OTHER_SCHEME`. */
  readonly scheme?: string;
  readonly kernel?: string;
  /** Phones are phones and watches: what holds a token and its owner can unlock. */
  readonly device?: 'phone' | 'plastic' | null;
  /** The account number's leading digits, as many as are known. Account data: never logged. */
  readonly account?: string | null;
}

export type FactName = Exclude<keyof Facts, 'method'>;
export type Stage = 'beforeField' | 'afterSelection' | 'afterReading';

/** The scheme of an application that belongs to none that we know by name. */
export const OTHER_SCHEME = 'other';

/** When each fact comes to be known, in that order, and its name for people. */
export const FACTS: Readonly<Record<FactName, { readonly stage: Stage; readonly title: string }>> =
  {
    lane: { stage: 'beforeField', title: 'the lane' },
    amount: { stage: 'beforeField', title: 'the amount' },
    aid: { stage: 'afterSelection', title: 'the application' },
    scheme: { stage: 'afterSelection', title: 'the scheme' },
    kernel: { stage: 'afterSelection', title: 'the kernel' },
    wallet: { stage: 'afterReading', title: 'the wallet' },
    device: { stage: 'afterReading', title: 'whether it is a phone' },
    account: { stage: 'afterReading', title: "the account number's first digits" },
  };

/** The names in `needs` in the order of `FACTS`, none twice. */
export const inOrder = (needs: readonly FactName[]): FactName[] => {
  const wanted = new Set(needs);
  return NAMES.filter((name) => wanted.has(name));
};

/** Adds what application selection tells. @param aid the selected ADF Name, hexadecimal */
export const withApplication = (facts: Facts, aid: string, kernel: string): Facts => ({
  ...facts,
  aid: aid.toUpperCase(),
  kernel: kernel.toUpperCase(),
  scheme: schemeNameOf(aid) ?? OTHER_SCHEME,
});

/** The scheme that an application identifier belongs to by its first five bytes. */
export const schemeNameOf = (aid: string): string | undefined => {
  const bytes = fromHex(aid);
  return bytes === undefined ? undefined : schemeOf(bytes)?.name;
};

/** Adds what was read from the card; of the account number, as much as a range can ask for. */
export const withCard = (
  facts: Facts,
  device: 'phone' | 'plastic' | null,
  account: string | null,
): Facts => ({ ...facts, device, account: account?.slice(0, LONGEST_RANGE) ?? null });

/** Digits of the longest range. */
export const LONGEST_RANGE = 11;

const NAMES = Object.keys(FACTS) as FactName[];
