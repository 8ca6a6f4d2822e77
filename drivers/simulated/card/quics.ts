import { quickPayment } from './quick-payment.ts';

/** UnionPay's (kernel 7): 9F69 has eight bytes at least, and gates get their ARQC signed. C-7 */
export const quics = quickPayment({ relatedTail: Uint8Array.of(0), signsForOnline: true });
