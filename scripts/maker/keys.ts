import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Signature } from '@tufjs/models';
import { Trouble } from './trouble.ts';

/** A public key as root.json and delegations have it. */
export interface PublicKey {
  /** SHA-256 of the key's canonical JSON. */
  readonly id: string;
  readonly json: {
    readonly keytype: 'ed25519';
    readonly scheme: 'ed25519';
    readonly keyval: { readonly public: string };
  };
}

export interface SigningKey extends PublicKey {
  readonly name: string;
  readonly signer: (data: Buffer) => Signature;
}

/**
 * Makes an Ed25519 key: `<name>.pem` (PKCS #8, only for its owner to read) and `<name>.pub`, which
 * goes to whoever names the key in a role. Never over a key that is there.
 */
export const makeKey = (folder: string, name: string): SigningKey => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${name}.pem`);
  if (existsSync(path)) throw new Trouble(`${path} is there already: give it another name`);
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(path, pem, { flag: 'wx', mode: 0o600 });
  const open = publicKey.export({ type: 'spki', format: 'pem' });
  writeFileSync(join(folder, `${name}.pub`), open, { flag: 'wx' });
  return signingKey(name, privateKey);
};

/** Reads the public half of a key, from a `.pub` file or from the private one. */
export const publicKeyIn = (path: string): PublicKey => {
  try {
    return describe(createPublicKey(readFileSync(path)), path);
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(`${path} holds no key: ${(error as Error).message}`);
  }
};

/** The private keys in these files, and in these folders' `.pem` files. */
export const signingKeysIn = (paths: readonly string[]): SigningKey[] =>
  paths.flatMap((path) => {
    if (!existsSync(path)) throw new Trouble(`${path} isn't there`);
    if (!statSync(path).isDirectory()) return [readSigningKey(path)];
    const names = readdirSync(path).filter((name) => name.endsWith('.pem'));
    return names.toSorted().map((name) => readSigningKey(join(path, name)));
  });

const readSigningKey = (path: string): SigningKey => {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path));
  } catch {
    // Nothing of the file may come into a message.
    throw new Trouble(`${path} holds no private key that can be read`);
  }
  return signingKey(basename(path, '.pem'), key);
};

const signingKey = (name: string, key: KeyObject): SigningKey => {
  const { id, json } = describe(createPublicKey(key), name);
  const signer = (data: Buffer): Signature =>
    new Signature({ keyID: id, sig: sign(null, data, key).toString('hex') });
  return { name, id, json, signer };
};

const describe = (key: KeyObject, where: string): PublicKey => {
  const { kty, crv, x = '' } = key.export({ format: 'jwk' });
  if (kty !== 'OKP' || crv !== 'Ed25519') throw new Trouble(`${where} is no Ed25519 key`);
  const open = Buffer.from(x, 'base64url').toString('hex');
  // Canonical JSON: the names in order, and nothing between.
  const canonical = `{"keytype":"ed25519","keyval":{"public":"${open}"},"scheme":"ed25519"}`;
  const id = createHash('sha256').update(canonical).digest('hex');
  return { id, json: { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: open } } };
};
