import { type Message, text } from '#iso8583/index.ts';

/** What DE 4 contains, in minor units; what is zero is left out. */
export interface PartsOfAmount {
  readonly cashBackMinor?: number;
  readonly tipMinor?: number;
  readonly feeMinor?: number;
}

/** DE 54 and DE 28 of a request; undefined when they can't be read, or are in another currency. */
export const partsOfAmount = (request: Message): PartsOfAmount | undefined => {
  const amounts = text(request, 54) ?? '';
  const fee = text(request, 28);
  if (!GROUPS.test(amounts) || (fee !== undefined && !/^D\d{8}$/.test(fee))) return undefined;
  const sums = { cashBackMinor: 0, tipMinor: 0, feeMinor: Number((fee ?? '0').replace('D', '')) };
  for (const [, type = '', currency = '', minor = ''] of amounts.matchAll(GROUP)) {
    if (currency !== text(request, 49)) return undefined;
    if (type === '40') sums.cashBackMinor += Number(minor);
    if (type === '44') sums.tipMinor += Number(minor);
  }
  return Object.fromEntries(Object.entries(sums).filter(([, minor]) => minor > 0));
};

/** Why the parts can't be the amount's own: DE 3 09 needs cash, and only it may have some. */
export const problemOfParts = (
  request: Message,
): { readonly code: string; readonly why: string } | undefined => {
  const parts = partsOfAmount(request);
  if (parts === undefined) return { code: '30', why: 'DE 54 or DE 28 cannot be read' };
  const { cashBackMinor = 0, tipMinor = 0, feeMinor = 0 } = parts;
  const isCashBack = (text(request, 3) ?? '').startsWith('09');
  if (isCashBack !== cashBackMinor > 0) return { code: '12', why: 'DE 3 and DE 54 disagree' };
  return cashBackMinor + tipMinor + feeMinor > Number(text(request, 4))
    ? { code: '13', why: 'the parts are more than DE 4' }
    : undefined;
};

// Account type 2, amount type 2, currency 3, sign, amount 12.
const GROUP = /\d\d(\d\d)(\d{3})D(\d{12})/g;
const GROUPS = /^(\d{7}D\d{12})*$/;
