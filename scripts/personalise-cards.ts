/**
 * Makes what emulated cards need for offline data authentication: keys of the Countertap test CA,
 * of the simulated issuers and of each card, and their certificates.
 *
 *   node scripts/personalise-cards.ts            keeps the keys there are, makes what is missing
 *   node scripts/personalise-cards.ts --renew    makes all keys anew
 *
 * Run it after a change to a card's account, signed records or `authentication`. It writes
 * drivers/simulated/issuer/certification-keys.json, a keys.json beside each card.json that has
 * `authentication`, and config/ca-public-keys/simulated.json.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { toHex } from '#bytes/hex.ts';
import { sha1 } from '#crypto/sha1.ts';
import { sha256 } from '#crypto/sha2.ts';
import {
  type ApplicationFile,
  isCardFileProblem,
  type KeyMaterial,
} from '#drivers/simulated/card/card-file.ts';
import { dataToCertify } from '#drivers/simulated/card/personalise.ts';
import { readCardFile } from '#drivers/simulated/card/read-card-file.ts';
import { CARD_FOLDER, listCards } from '#drivers/simulated/index.ts';
import {
  authorities,
  certifiedIssuers,
  certifyCard,
  type IssuerKeyName,
  rids,
} from '#drivers/simulated/issuer/certification.ts';
import { eccAuthorities, eccAuthorityKey } from '#drivers/simulated/issuer/ecc.ts';
import {
  generateRsaKey,
  type Issuer,
  issuerOf,
  issuers,
  type RsaKey,
  rsaKey,
  type Scheme,
} from '#drivers/simulated/issuer/index.ts';

const ROOT = join(import.meta.dirname, '..');
const KEYS = join(ROOT, 'drivers', 'simulated', 'issuer', 'certification-keys.json');
const PUBLIC_KEYS = join(ROOT, 'config', 'ca-public-keys', 'simulated.json');
const NOTE = 'SIMULATED. Made up for emulated cards; opens no real card and protects nothing.';
const NAMES: Readonly<Record<Scheme, string>> = {
  visa: 'Visa',
  mastercard: 'Mastercard',
  discover: 'Discover',
  unionpay: 'UnionPay',
  countertap: 'kernel 8',
};

interface CertificationKeys {
  readonly note: string;
  /** Private keys, PKCS #8 in base 64, by scheme and index or name: "visa E0", "visa short". */
  readonly keys: Readonly<Record<string, string>>;
}

const main = (renew: boolean): void => {
  const pool = keyPool(renew ? {} : (read<CertificationKeys>(KEYS)?.keys ?? {}));
  writePublicKeys(pool.key);
  for (const name of listCards()) personaliseCard(name, pool.key, renew);
  write(KEYS, { note: NOTE, keys: pool.all() } satisfies CertificationKeys);
};

type KeyOf = (name: string, bytes: number, exponent: 3 | 65537) => RsaKey;

/** Keys by name: those given, and new ones for names that are asked for first. */
const keyPool = (given: CertificationKeys['keys']) => {
  const keys = new Map(Object.entries(given).map(([name, pkcs8]) => [name, rsaKey(pkcs8)]));
  const key: KeyOf = (name, bytes, exponent) => {
    const known = keys.get(name);
    if (known?.modulus.length === bytes && known.exponent === exponent) return known;
    const made = generateRsaKey(bytes, exponent);
    keys.set(name, made);
    return made;
  };
  const all = () => Object.fromEntries([...keys].map(([name, { pkcs8 }]) => [name, pkcs8]));
  return { key, all };
};

const authorityKey = (key: KeyOf, scheme: Scheme, index: number): RsaKey => {
  const row = authorities.find((authority) => authority.index === index);
  if (row === undefined) throw new RangeError(`no authority has the index ${index}`);
  return key(`${scheme} ${hexByte(index)}`, row.bytes, row.exponent);
};

const issuerKey = (key: KeyOf, scheme: Scheme, name: IssuerKeyName): RsaKey => {
  const { bytes, exponent } = certifiedIssuers[name];
  return key(`${scheme} ${name}`, bytes, exponent);
};

const writePublicKeys = (key: KeyOf): void => {
  const rsa = issuers.filter(({ scheme }) => scheme !== 'countertap');
  const rows = rsa.flatMap(({ scheme }) =>
    authorities
      .filter(({ published }) => published)
      .map(({ index }) => {
        const { modulus, exponentBytes } = authorityKey(key, scheme, index);
        const rid = rids[scheme];
        return {
          scheme: `Countertap test CA, for ${NAMES[scheme]}`,
          rid: toHex(rid),
          index: hexByte(index),
          exponent: toHex(exponentBytes),
          modulus: toHex(modulus),
          checksum: toHex(sha1(rid, Uint8Array.of(index), modulus, exponentBytes)),
          sources: 1,
        };
      }),
  );
  write(PUBLIC_KEYS, [...rows, ...eccPublicKeys()]);
};

// Kernel 8's authority signs on a curve; its keys are made of their names.
const eccPublicKeys = () =>
  eccAuthorities
    .filter(({ published }) => published)
    .map(({ index }) => {
      const { publicKey } = eccAuthorityKey(index);
      const rid = rids.countertap;
      return {
        scheme: `Countertap test CA, for ${NAMES.countertap}`,
        rid: toHex(rid),
        index: hexByte(index),
        curve: 'P-256',
        point: toHex(publicKey),
        checksum: toHex(sha256(rid, Uint8Array.of(index, 0x10), publicKey)),
        sources: 1,
      };
    });

const personaliseCard = (name: string, key: KeyOf, renew: boolean): void => {
  const file = readCardFile(CARD_FOLDER, name);
  if (isCardFileProblem(file)) throw new Error(file.problem);
  const path = join(CARD_FOLDER, name, 'keys.json');
  const before = renew ? [] : (read<{ applications: KeyMaterial[] }>(path)?.applications ?? []);
  const applications = file.applications.map((application, index) =>
    keysFor(name, application, key, before[index]?.privateKey),
  );
  if (applications.some((keys) => keys !== null)) write(path, { note: NOTE, applications });
  else rmSync(path, { force: true });
};

const keysFor = (
  name: string,
  file: ApplicationFile,
  key: KeyOf,
  before: string | undefined,
): KeyMaterial | null => {
  const { authentication, account } = file;
  if (authentication === undefined) return null;
  const staticData = dataToCertify(file);
  if (isCardFileProblem(staticData)) throw new Error(`${name}: ${staticData.problem}`);
  const issuer: Issuer | undefined = issuerOf(account.pan);
  if (issuer === undefined) throw new Error(`${name}: no issuer has this account number`);
  const { issuerKey: issuerKeyName, keyBits, exponent } = authentication;
  const given = before === undefined ? {} : { card: before };
  const cardKey = keyPool(given).key('card', keyBits / 8, exponent);
  const { authority } = certifiedIssuers[issuerKeyName];
  return {
    privateKey: cardKey.pkcs8,
    elements: certifyCard({
      issuer,
      issuerKeyName,
      authorityKey: authorityKey(key, issuer.scheme, authority),
      issuerKey: issuerKey(key, issuer.scheme, issuerKeyName),
      cardKey,
      pan: account.pan,
      staticData,
    }),
  };
};

const hexByte = (value: number): string => toHex(Uint8Array.of(value));

const read = <Content>(path: string): Content | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

const write = (path: string, content: object): void => {
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
  stdout.write(`${path.slice(ROOT.length + 1)}\n`);
};

main(argv.includes('--renew'));
