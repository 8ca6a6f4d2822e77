import { currencyByNumeric } from '#data/currencies.ts';
import { type Conversion, refuse, takeText } from './conversion.ts';

/**
 * The transaction fee, DE 28 in 1987, is the first of the fees in DE 46: type, currency, amount
 * with its sign, conversion rate, the same amount for reconciliation (not given) and its currency.
 * 2003 has an exponent behind each currency, as in DE 54. ISO 8583:1993 gives six times 34, 2003
 * six times 36 characters; the order within them is from memory.
 */
export const transactionFee: Conversion = {
  to: (left, made, { version }) => {
    const fee = takeText(left, 28);
    if (fee === undefined) return undefined;
    const currency = left.get(49);
    const row = typeof currency === 'string' ? currencyByNumeric(Number(currency)) : undefined;
    if (row === undefined) return refuse(28, 'DE 49 needs its numeric currency code');
    const coded = version === '2' ? `${currency}${row.exponent}` : `${currency}`;
    made.set(46, `${TRANSACTION}${coded}${fee}${NO_RATE}${NO_AMOUNT}${coded}`);
    return undefined;
  },
  from: (left, made) => {
    const [, fee] = FEE.exec(takeText(left, 46) ?? '') ?? [];
    if (fee !== undefined) made.set(28, fee);
    return undefined;
  },
};

const TRANSACTION = '00';
const NO_RATE = '00000000';
const NO_AMOUNT = 'D00000000';

// What a host says of other fees a terminal has no use for.
const FEE = /^00\d{3,4}([CD]\d{8})/;
