/** Seals files under a key that never leaves a security module: PKCS#11 2.40. */
export { openPkcs11Sealer, type Pkcs11Options } from './sealer.ts';
