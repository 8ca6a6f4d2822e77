import type { SaleRequest } from './types.ts';

/** Why a request makes no sense, whoever asks it; undefined when it does. */
export const problemOf = (request: SaleRequest): string | undefined => {
  const { amountMinor, tipMinor = 0, cashBackMinor = 0, kind = 'purchase' } = request;
  const { method, code, wallet, askTip } = request;
  if (![tipMinor, cashBackMinor].every((part) => Number.isSafeInteger(part) && part >= 0)) {
    return 'tip and cashback are amounts in minor units';
  }
  if (tipMinor + cashBackMinor > amountMinor) return 'tip and cashback are more than the amount';
  if ((tipMinor > 0 || askTip === true) && kind === 'refund') return 'a refund has no tip';
  if (cashBackMinor === 0) return undefined;
  if (kind !== 'purchase') return 'cash is paid out beside a purchase alone';
  if (cashBackMinor === amountMinor) return 'cash is paid out beside a purchase: there is none';
  const byCode = method === 'code' || code !== undefined || wallet !== undefined;
  return byCode ? 'cash is paid out to cards alone' : undefined;
};
