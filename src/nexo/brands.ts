/** PaymentBrand of a scheme, as Adyen's terminals name it; of others, the name in small letters. */
export const paymentBrand = (scheme: string): string =>
  BRANDS.get(scheme) ?? scheme.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** By the names that `schemes` has. Adyen: payment method variants of card schemes. */
const BRANDS: ReadonlyMap<string, string> = new Map([
  ['Visa', 'visa'],
  ['Mastercard', 'mc'],
  ['American Express', 'amex'],
  ['JCB', 'jcb'],
  ['Discover', 'discover'],
  ['UnionPay', 'cup'],
]);
