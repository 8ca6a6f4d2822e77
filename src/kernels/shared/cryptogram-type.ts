/** Cryptogram types, bits 8-7 of the CID (9F27) and of GENERATE AC's P1. Book 3 §6.5.5 */
export const AAC = 0;
export const TC = 1;
export const ARQC = 2;
export type CryptogramType = typeof AAC | typeof TC | typeof ARQC;
