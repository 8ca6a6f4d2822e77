import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Fault, fault } from '#ports/fault.ts';

export interface KeyPaths {
  /** PEM file of the shop's private key (Ed25519, PKCS#8). */
  readonly privateKeyPath: string;
  /** PEM file of the host's public key (Ed25519, SPKI). */
  readonly hostPublicKeyPath: string;
}

export interface Keys {
  readonly privateKey: KeyObject;
  readonly hostPublicKey: KeyObject;
}

/** Reads both files. Fault `keys` names the one that can't be used, and quotes nothing of it. */
export const readKeys = ({ privateKeyPath, hostPublicKeyPath }: KeyPaths): Keys | Fault => {
  const privateKey = pem(privateKeyPath, createPrivateKey);
  if (privateKey === undefined) return unusable(privateKeyPath, 'private');
  const hostPublicKey = pem(hostPublicKeyPath, createPublicKey);
  if (hostPublicKey === undefined) return unusable(hostPublicKeyPath, 'public');
  return { privateKey, hostPublicKey };
};

const pem = (path: string, parse: (text: string) => KeyObject): KeyObject | undefined => {
  try {
    const key = parse(readFileSync(path, 'utf8'));
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
};

const unusable = (path: string, kind: string): Fault =>
  fault('keys', `${path} is no ${kind} Ed25519 key in PEM that can be read`);
