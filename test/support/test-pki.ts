import { createPrivateKey } from 'node:crypto';
import { hex } from '#bytes/hex.ts';
import { generateRsaKey, type RsaKey } from '#drivers/simulated/issuer/rsa-key.ts';
import { encodeTlv } from '#tlv/tlv.ts';

// The certificate maker itself is the emulated cards' own.
export {
  type Certificate,
  cdaDynamicData,
  certifyIcc,
  certifyIssuer,
  type Meddling,
  signDynamicData,
} from '#drivers/simulated/issuer/certificates.ts';

/** An RSA key pair of a certification authority, an issuer or a card, for tests only. */
export interface TestKey extends RsaKey {
  /** PKCS #8, PEM. */
  readonly pem: string;
}

/** A new key. @param bytes length of the modulus, 64 to 248 */
export const generateTestKey = (bytes: number, exponent: 3 | 65537 = 3): TestKey => {
  const key = generateRsaKey(bytes, exponent);
  const der = Buffer.from(key.pkcs8, 'base64');
  const pem = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
  return { ...key, pem };
};

/** A record in template 70. */
export const record = (...objects: readonly (readonly [tag: number, value: string])[]) =>
  encodeTlv(0x70, ...objects.map(([tag, value]) => encodeTlv(tag, hex(value))));
