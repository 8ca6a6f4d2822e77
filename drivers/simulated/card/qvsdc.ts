import { quickPayment } from './quick-payment.ts';

/** Visa's quick payment (kernel 3); the card's side after the digest of VCPS. */
export const qvsdc = quickPayment({ relatedTail: new Uint8Array(0), signsForOnline: false });
