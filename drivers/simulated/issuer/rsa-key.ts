import { constants, createPrivateKey, generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { hex, toHex } from '#bytes/hex.ts';

/** An RSA key pair of a simulated certification authority, issuer or card. */
export interface RsaKey {
  readonly modulus: Uint8Array;
  readonly exponent: 3 | 65537;
  /** The exponent as certificates and cards carry it. */
  readonly exponentBytes: Uint8Array;
  /** PKCS #8, DER in base 64: with it `rsaKey` makes the same key again. */
  readonly pkcs8: string;
  /** Block to the power of the private exponent: as long as the modulus, and below it. */
  readonly sign: (block: Uint8Array) => Uint8Array;
}

/** A key from its PKCS #8 form, DER in base 64. Throws for anything else: our own files hold it. */
export const rsaKey = (pkcs8: string): RsaKey => {
  const der = Buffer.from(pkcs8, 'base64');
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const exponentBytes = fromBase64Url(e);
  return {
    modulus: fromBase64Url(n),
    exponent: exponentBytes.length === 1 ? 3 : 65537,
    exponentBytes,
    pkcs8,
    sign: (block) =>
      Uint8Array.from(privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block)),
  };
};

/** A new key. @param bytes length of the modulus, 64 to 248 */
export const generateRsaKey = (bytes: number, exponent: 3 | 65537 = 3): RsaKey => {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 8 * bytes,
    publicExponent: exponent,
  });
  return rsaKey(privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'));
};

const fromBase64Url = (text: string): Uint8Array =>
  hex(toHex(new Uint8Array(Buffer.from(text, 'base64url'))));
