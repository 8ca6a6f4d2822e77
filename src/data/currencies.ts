// table: ISO 4217 currencies: alphabetic code, numeric code, digits after the decimal point.

export interface Currency {
  /** Three letters. */
  readonly code: string;
  readonly numeric: number;
  /** Minor units: digits after the decimal point. */
  readonly exponent: number;
}

const ROWS = `
AED 784 2, ARS 032 2, AUD 036 2, BDT 050 2, BGN 975 2, BHD 048 3, BRL 986 2, CAD 124 2, CHF 756 2,
CLP 152 0, CNY 156 2, COP 170 2, CRC 188 2, CZK 203 2, DKK 208 2, DOP 214 2, EGP 818 2, EUR 978 2,
GBP 826 2, GEL 981 2, GHS 936 2, GTQ 320 2, HKD 344 2, HUF 348 2, IDR 360 2, ILS 376 2, INR 356 2,
ISK 352 0, JMD 388 2, JOD 400 3, JPY 392 0, KES 404 2, KRW 410 0, KWD 414 3, KZT 398 2, LKR 144 2,
MAD 504 2, MOP 446 2, MXN 484 2, MYR 458 2, NGN 566 2, NOK 578 2, NZD 554 2, OMR 512 3, PAB 590 2,
PEN 604 2, PHP 608 2, PKR 586 2, PLN 985 2, PYG 600 0, QAR 634 2, RON 946 2, RSD 941 2, SAR 682 2,
SEK 752 2, SGD 702 2, THB 764 2, TND 788 3, TRY 949 2, TWD 901 2, TZS 834 2, UAH 980 2, UGX 800 0,
USD 840 2, UYU 858 2, UZS 860 2, VND 704 0, XAF 950 0, XOF 952 0, XPF 953 0, ZAR 710 2`;

export const currencies: readonly Currency[] = ROWS.trim()
  .split(/,\s*/)
  .map((row) => {
    const [code = '', numeric = '', exponent = ''] = row.split(' ');
    return { code, numeric: Number(numeric), exponent: Number(exponent) };
  });

export const currencyByCode = (code: string): Currency | undefined =>
  currencies.find((currency) => currency.code === code);

export const currencyByNumeric = (numeric: number): Currency | undefined =>
  currencies.find((currency) => currency.numeric === numeric);
