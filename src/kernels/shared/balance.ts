import { fromBcd } from '#bytes/bcd.ts';
import type { Transaction } from './kernel-input.ts';
import type { UiRequest } from './ui-request.ts';

/** What a card says that it has left, for a message; nothing where it says nothing or no number. */
export const balanceShown = (
  returned: Uint8Array | undefined,
  { currency }: Transaction,
): Partial<UiRequest> => {
  const amount = returned === undefined ? undefined : fromBcd(returned);
  return amount === undefined
    ? {}
    : {
        valueQualifier: 'balance',
        value: amount,
        currency: currency.toString().padStart(4, '0'),
      };
};
