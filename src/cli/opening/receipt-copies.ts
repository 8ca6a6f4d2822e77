import type { ReceiptOptionsConfig } from '#config/receipt-options-config.ts';
import type { ReceiptCopy } from '#receipt/index.ts';
import type { SaleResult } from '#terminal/types.ts';

/**
 * Which copies are printed when a payment has ended, in the order to be printed. The shop's comes
 * first where the shopper is to sign it.
 * @param askedHost whether an acquirer or a wallet was asked: before that nothing can have happened
 */
export const copiesAfter = (
  { status, cvm, repeated }: Pick<SaleResult, 'status' | 'cvm' | 'repeated'>,
  askedHost: boolean,
  { print, declined }: Pick<ReceiptOptionsConfig, 'print' | 'declined'>,
): readonly ReceiptCopy[] => {
  // Asked once more: its receipt was printed when it happened.
  if (print === 'asked' || repeated !== undefined) return [];
  const copies = COPIES[print];
  if (status === 'approved') {
    return cvm === 'obtainSignature' ? ['merchant', 'customer'] : copies;
  }
  return declined && askedHost ? copies : [];
};

const COPIES = { customer: ['customer'], both: ['customer', 'merchant'] } as const;
