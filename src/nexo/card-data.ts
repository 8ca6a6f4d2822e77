import { schemes } from '#data/schemes.ts';
import type { PaymentInstrumentData } from './payment-messages.ts';
import { oneLine } from './scalars.ts';
import type { PaymentFacts, ToldPayment } from './told-payment.ts';

type ToldCard = Pick<ToldPayment, 'scheme' | 'maskedPan' | 'wallet'>;

/** What paid, in one word: the wallet, or the card's scheme. */
export const brandOf = ({ wallet, scheme }: ToldCard): string | undefined =>
  oneLine(wallet?.name ?? (scheme === undefined ? undefined : paymentBrand(scheme)));

/**
 * What paid, as a register may know it; undefined when nothing did. A wallet's code is "Card", too:
 * CardData is where registers look for a brand.
 */
export const instrumentOf = (
  told: ToldCard,
  token?: PaymentFacts['token'],
): PaymentInstrumentData | undefined => {
  const brand = brandOf(told);
  if (brand === undefined) return undefined;
  const { wallet, maskedPan: masked } = told;
  const value = oneLine(token?.value);
  return {
    PaymentInstrumentType: 'Card',
    CardData: {
      PaymentBrand: brand,
      MaskedPan: masked === undefined ? undefined : maskedPan(masked),
      EntryMode: [wallet ? CODE_ENTRY[wallet.way] : 'Contactless'],
      PaymentToken:
        token && value ? { TokenRequestedType: token.type, TokenValue: value } : undefined,
    },
  };
};

/** PaymentBrand of a scheme, as Adyen's terminals name it; of others, the name in small letters. */
export const paymentBrand = (scheme: string): string =>
  schemes.find(({ name }) => name === scheme)?.brand ??
  scheme.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** "541333 **** 0010", as Adyen's terminals write it: no more than six and four digits. */
export const maskedPan = (masked: string): string | undefined => {
  const [, first, last] = /^([0-9]{6})[^0-9]+([0-9]{4})$/.exec(masked) ?? [];
  return first === undefined ? undefined : `${first} **** ${last}`;
};

const CODE_ENTRY = { shopperCode: 'Scanned', shopCode: 'Mobile', typed: 'Keyed' } as const;
