/** Kernel 8's certificates and keys on curves. Simulated keys only. */
export type { CardCertificates } from './certification.ts';
export { certifyEccCard, eccAuthorities, eccAuthorityKey } from './ecc-certification.ts';
export { simulatedEccKey } from './ecc-keys.ts';
