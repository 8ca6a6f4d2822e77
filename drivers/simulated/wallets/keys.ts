import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** PEM files, made on the first start: what each side signs with, and checks the other by. */
export interface WalletKeyPaths {
  /** The terminal's for Alipay (RSA 2048), and Alipay's. */
  readonly appPrivateKey: string;
  readonly alipayPublicKey: string;
  /** The terminal's for the retailer's wallet (Ed25519), and its host's. */
  readonly merchantPrivateKey: string;
  readonly retailerPublicKey: string;
}

export interface WalletKeys {
  readonly paths: WalletKeyPaths;
  readonly appPublicKey: KeyObject;
  readonly alipayPrivateKey: KeyObject;
  readonly merchantPublicKey: KeyObject;
  readonly retailerPrivateKey: KeyObject;
}

export const ensureWalletKeys = async (folder: string): Promise<WalletKeys> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const app = await ensurePair(folder, 'app', rsa);
  const alipay = await ensurePair(folder, 'alipay', rsa);
  const merchant = await ensurePair(folder, 'merchant', ed25519);
  const retailer = await ensurePair(folder, 'retailer', ed25519);
  return {
    paths: {
      appPrivateKey: app.privatePath,
      alipayPublicKey: alipay.publicPath,
      merchantPrivateKey: merchant.privatePath,
      retailerPublicKey: retailer.publicPath,
    },
    appPublicKey: app.publicKey,
    alipayPrivateKey: alipay.privateKey,
    merchantPublicKey: merchant.publicKey,
    retailerPrivateKey: retailer.privateKey,
  };
};

interface Pair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const rsa = (): Promise<Pair> => promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
const ed25519 = (): Promise<Pair> => promisify(generateKeyPair)('ed25519');

const ensurePair = async (folder: string, name: string, make: () => Promise<Pair>) => {
  const privatePath = join(folder, `${name}-private.pem`);
  const publicPath = join(folder, `${name}-public.pem`);
  const known = await readFile(privatePath, 'utf8').catch(() => undefined);
  const privateKey = known === undefined ? (await make()).privateKey : createPrivateKey(known);
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const publicKey = createPublicKey(privateKey);
  if (known === undefined) await writeFile(privatePath, pem, { mode: 0o600, flush: true });
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' });
  await writeFile(publicPath, publicPem, { mode: 0o600 });
  return { privatePath, publicPath, privateKey, publicKey };
};
