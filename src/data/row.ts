/** EMV Book 3 §4.3: a, an, ans, b, cn, n; `var` is a constructed object. Digits give the length. */
export type Format = 'b' | 'n' | 'cn' | 'a' | 'an' | 'ans' | 'var';

export type Source = 'card' | 'terminal' | 'card/terminal' | 'issuer' | 'kernel';

/**
 * How much of a value may be seen outside memory. `account`: begins with the account number, shown
 * masked. `enclosed`: holds account data where no part can be told from the rest (discretionary
 * data, a certificate that encloses the PAN), only its length is shown. `personal`: the
 * cardholder's name, likewise. `secret`: never shown, not even its length.
 * The expiry (5F24, DE 14) is `open`: of all cardholder data PCI DSS (3.4) masks the PAN alone.
 */
export type Sensitivity = 'open' | 'account' | 'enclosed' | 'personal' | 'secret';

/** Which books know the element: base Books 1 to 4, Entry Point, or a contactless kernel. */
export type Book =
  | 'EMV'
  | 'EP'
  | `K${2 | 3 | 4 | 5 | 6 | 7 | 8}`
  | 'K2-legacy'
  | 'INTERAC'
  | 'QR-CPM';

export interface Element {
  readonly tag: number;
  readonly title: string;
  readonly format: Format;
  /** Format as the books write it, such as "n 12" or "n 6 YYMMDD". */
  readonly layout: string;
  /** Length of the value in bytes; 0 for min means "not stated", null for max "by context only". */
  readonly min: number;
  readonly max: number | null;
  readonly source: Source;
  readonly books: ReadonlySet<Book>;
  readonly sensitivity: Sensitivity;
}

export const row = (
  tag: number,
  title: string,
  layout: string,
  min: number,
  max: number | null,
  source: Source,
  books: string,
  sensitivity: Sensitivity = 'open',
): Element => ({
  tag,
  title,
  layout,
  format: layout.match(/^(var|ans|an|a|cn|n|b)/)?.[1] as Format,
  min,
  max,
  source,
  books: new Set(books.split(' ') as Book[]),
  sensitivity,
});
