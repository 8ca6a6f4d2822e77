import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Fault, fault } from '#ports/fault.ts';

export interface KeyPaths {
  /** PEM file of the application's private key (RSA, PKCS#1 or PKCS#8). */
  readonly appPrivateKeyPath: string;
  /** PEM file of Alipay's public key: what its answers are signed with. */
  readonly alipayPublicKeyPath: string;
}

/** Both keys as the SDK takes them: PKCS#8 and SPKI, in PEM. */
export interface Keys {
  readonly privateKey: string;
  readonly alipayPublicKey: string;
}

/** Reads both files. Fault `keys` names the one that can't be used, and quotes nothing of it. */
export const readKeys = (paths: KeyPaths): Keys | Fault => {
  const app = pem(paths.appPrivateKeyPath, createPrivateKey);
  if (app === undefined) return unusable(paths.appPrivateKeyPath, 'private');
  const alipay = pem(paths.alipayPublicKeyPath, createPublicKey);
  if (alipay === undefined) return unusable(paths.alipayPublicKeyPath, 'public');
  // The SDK takes PEM apart by lines and wants no empty last one.
  return {
    privateKey: app.export({ type: 'pkcs8', format: 'pem' }).toString().trim(),
    alipayPublicKey: alipay.export({ type: 'spki', format: 'pem' }).toString().trim(),
  };
};

const pem = (path: string, parse: (text: string) => KeyObject): KeyObject | undefined => {
  try {
    const key = parse(readFileSync(path, 'utf8'));
    return key.asymmetricKeyType === 'rsa' ? key : undefined;
  } catch {
    return undefined;
  }
};

const unusable = (path: string, kind: string): Fault =>
  fault('keys', `${path} is no ${kind} RSA key in PEM that can be read`);
