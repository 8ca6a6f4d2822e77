export {
  type CaEccPublicKey,
  type CaPublicKey,
  type CaPublicKeys,
  caPublicKeys,
} from './ca-public-keys.ts';
export { type CdaInput, type CdaResult, verifyCda } from './cda.ts';
export { type EccIccKeyInput, recoverEccIccKey } from './ecc-icc-key.ts';
export { isOdaFailure, type OdaFailure, type OdaFailureReason } from './failure.ts';
export { type FddaInput, type FddaResult, verifyFdda } from './fdda.ts';
export { type IccKey, type IccKeyInput, recoverIccKey } from './icc-key.ts';
export { type IssuerKeyCache, issuerKeyCache } from './issuer-key-cache.ts';
export {
  type RevocationList,
  type RevokedCertificate,
  revocationList,
} from './revocation-list.ts';
export { type SignedRecord, staticDataToAuthenticate } from './static-data.ts';
