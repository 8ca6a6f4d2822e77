import { tag } from '#data/dictionary.ts';
import { schemeNamed, schemeOf } from '#data/schemes.ts';
import type { Combination, ReaderConfiguration } from '#entry-point/configuration.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import type { SaleRequest } from './types.ts';

/**
 * A till's request in the terminal's own words: its brands are names of schemes and wallets, and
 * where they, a card's token or cash leave one way to pay, it is paid by that.
 */
export const understood = (
  request: SaleRequest,
  hosts: readonly Pick<WalletHost, 'name'>[],
): SaleRequest => {
  const { brands: asked, cardToken, cashBackMinor = 0, method: named } = request;
  const brands = asked?.map((brand) => nameOf(brand, hosts));
  const wallets = brands?.filter((brand) => hosts.some(({ name }) => name === brand)) ?? [];
  const cardOnly = cardToken !== undefined || cashBackMinor > 0;
  const byBrands =
    brands === undefined || (wallets.length > 0 && wallets.length < brands.length)
      ? undefined
      : wallets.length > 0
        ? 'code'
        : 'card';
  const method = cardOnly ? 'card' : (named ?? byBrands);
  return {
    ...request,
    ...(brands === undefined ? {} : { brands }),
    ...(method === undefined ? {} : { method }),
  };
};

const nameOf = (brand: string, hosts: readonly Pick<WalletHost, 'name'>[]): string =>
  schemeNamed(brand) ?? hosts.find(({ name }) => name === brand.toLowerCase())?.name ?? brand;

/** What the reader may select for a request: its brands alone, and online where it says so. */
export const cardsWanted = (
  contactless: ReaderConfiguration,
  { brands, forceOnline }: Pick<SaleRequest, 'brands' | 'forceOnline'>,
): ReaderConfiguration => {
  const ofBrands = brands === undefined ? contactless : onlyOf(contactless, brands);
  return forceOnline === true ? changed(ofBrands, onlineOnly) : ofBrands;
};

/** For a card that is to be known and pays nothing: zero is allowed, and never stays offline. */
export const forNothing = (contactless: ReaderConfiguration): ReaderConfiguration =>
  changed(contactless, (combination) => {
    const { statusCheck, zeroAmountForOfflineAllowed, ...entryPoint } = combination.entryPoint;
    return { ...combination, entryPoint: { ...entryPoint, zeroAmountAllowed: true } };
  });

const onlyOf = (
  { otherInterface, ...contactless }: ReaderConfiguration,
  brands: readonly string[],
): ReaderConfiguration => ({
  ...contactless,
  combinations: new Map(
    [...contactless.combinations].map(([type, list]) => [
      type,
      list.filter(({ aid }) => brands.includes(schemeOf(aid)?.name ?? '')),
    ]),
  ),
  // A card that may not pay at all is not asked for by another interface either.
  ...(otherInterface === undefined
    ? {}
    : { otherInterface: otherInterface.filter(({ name }) => brands.includes(name)) }),
});

const changed = (
  contactless: ReaderConfiguration,
  change: (combination: Combination) => Combination,
): ReaderConfiguration => ({
  ...contactless,
  combinations: new Map(
    [...contactless.combinations].map(([type, list]) => [type, list.map(change)]),
  ),
});

/**
 * Every amount is over the floor limit, in each kernel's own words: Entry Point sets "online
 * cryptogram required" (9F66 byte 2 bit 8) for 3, 6 and 7, and tells 4 by its indicator; 2, 5 and
 * 8 have limits of their own. What a card approves offline all the same is not taken.
 */
const onlineOnly = (combination: Combination): Combination => {
  const { entryPoint, data, options, kernelId } = combination;
  const limit = FLOOR_LIMITS.get(kernelId);
  return {
    ...combination,
    entryPoint: { ...entryPoint, readerContactlessFloorLimit: 0 },
    data: limit === undefined ? data : new Map([...data, [limit, new Uint8Array(6)]]),
    ...(kernelId === '05'
      ? { options: { ...options, kernel5: { ...options?.kernel5, floorLimit: 0 } } }
      : {}),
  };
};

// C-2 DF8123 and C-8 9F820D, Reader Contactless Floor Limit.
const FLOOR_LIMITS: ReadonlyMap<string, number> = new Map([
  ['02', tag.readerContactlessFloorLimitK2],
  ['08', tag.readerContactlessFloorLimitK8],
]);
