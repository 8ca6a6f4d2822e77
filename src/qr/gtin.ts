/** Product barcodes by how many digits they show. GS1 General Specifications §7.9. */
export const PRODUCT_FORMS = ['EAN-8', 'UPC-A', 'EAN-13', 'ITF-14'] as const;

export type ProductForm = (typeof PRODUCT_FORMS)[number];

/** The form that has as many digits as this text; undefined for what isn't digits alone. */
export const productFormOf = (text: string): ProductForm | undefined =>
  /^[0-9]+$/.test(text) ? BY_LENGTH.get(text.length) : undefined;

/** GS1's check digit for the digits before it: 3 and 1 in turn, from the right. */
export const gtinCheckDigit = (digits: string): string => {
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += Number(digits[digits.length - 1 - i]) * (i % 2 === 0 ? 3 : 1);
  }
  return String((10 - (sum % 10)) % 10);
};

export const isGtin = (text: string): boolean =>
  productFormOf(text) !== undefined && gtinCheckDigit(text.slice(0, -1)) === text.at(-1);

const BY_LENGTH: ReadonlyMap<number, ProductForm> = new Map([
  [8, 'EAN-8'],
  [12, 'UPC-A'],
  [13, 'EAN-13'],
  [14, 'ITF-14'],
]);
