/** What an issuer's host does with an application cryptogram. Simulated keys only. */

export {
  type Certificate,
  cdaDynamicData,
  type Meddling,
  signDynamicData,
} from './certificates.ts';
export { applicationCryptogram, cardMasterKey } from './cryptogram.ts';
export { type CryptogramMethod, methodOf } from './cryptogram-methods.ts';
export { readIssuerApplicationData } from './issuer-application-data.ts';
export { type Issuer, issuerOf, issuers, type Scheme } from './keys.ts';
export { CODE_STAND_IN, coveredByCode } from './presented-code.ts';
export { generateRsaKey, type RsaKey, rsaKey } from './rsa-key.ts';
export { type Verification, verifyCryptogram } from './verify.ts';
