import { fromHex, toHex } from '#bytes/hex.ts';
import { describeMalformed, isMalformed } from '#bytes/malformed.ts';
import { loadInitialKey } from '#crypto/dukpt-register.ts';
import { unwrapKey } from '#crypto/key-block.ts';
import type { KeyBlockHeader } from '#crypto/key-block-header.ts';
import { fitsAlgorithm, keyCheckValue } from '#crypto/key-check-value.ts';
import { type Fault, fault } from '#ports/fault.ts';
import type { KeyInfo } from '#ports/key-store.ts';
import type { AccountKey, Contents, HeldKey } from './contents.ts';

/** What a key block brings: one new part of the contents, its keys the caller's to overwrite. */
export type Arrival =
  | { readonly name: 'account'; readonly account: AccountKey }
  | { readonly name: 'mac' | 'transport'; readonly key: HeldKey };

/**
 * Takes a key block apart and decides whether the store has use for it. Faults say which part is
 * wrong and at which character, never what it held.
 */
export const arrivalOf = (block: string, transport: HeldKey): Arrival | Fault => {
  // X9.143 4: the protection key has the algorithm that its version says, and no other use.
  if (/^[ABC]/.test(block)) {
    return refused('version', 0, `${block.charAt(0)} is protected by TDES, not by an AES key`);
  }
  const unwrapped = unwrapKey(transport.key, block);
  if (isMalformed(unwrapped)) return fault('keys', `refused: ${describeMalformed(unwrapped)}`);
  const { header, key } = unwrapped;
  const arrival = accepted(header, key, transport);
  if ('fault' in arrival || arrival.name === 'account') key.fill(0);
  return arrival;
};

/** Whoever holds the components brings it: AES alone, 16, 24 or 32 bytes. */
export const transportKeyOf = (key: Uint8Array): HeldKey | Fault =>
  fitsAlgorithm('A', key.length)
    ? { usage: 'K1', algorithm: 'A', key: Uint8Array.from(key) }
    : fault('keys', `refused: ${key.length} bytes are no AES key: 16, 24 or 32 are`);

/** What people may know of the keys. */
export const describeKeys = ({ transport, account, mac }: Contents): KeyInfo[] => [
  ...(transport ? [describeHeld('transport', transport)] : []),
  ...(account ? [describeAccount(account)] : []),
  ...(mac ? [describeHeld('mac', mac)] : []),
];

const describeHeld = (name: 'transport' | 'mac', { usage, algorithm, key }: HeldKey): KeyInfo => ({
  name,
  usage,
  algorithm,
  bits: key.length * 8,
  checkValue: toHex(keyCheckValue(algorithm, key) ?? new Uint8Array()),
});

const describeAccount = ({ bits, checkValue, register }: AccountKey): KeyInfo => ({
  name: 'account',
  usage: 'B1',
  algorithm: 'A',
  bits,
  checkValue: toHex(checkValue),
  initialKeyId: toHex(register.initialKeyId),
  counter: register.counter,
});

const accepted = (header: KeyBlockHeader, key: Uint8Array, transport: HeldKey): Arrival | Fault => {
  const { usage, algorithm, modeOfUse } = header;
  const use = USES[usage];
  if (use === undefined) {
    return refused('key usage', 5, `${usage}: the store takes B1, K1, M3 and M6`);
  }
  if (!use.algorithms.includes(algorithm)) {
    return refused('algorithm', 7, `${algorithm} for ${use.what}, not ${use.algorithms}`);
  }
  if (!use.modes.includes(modeOfUse)) {
    return refused('mode of use', 8, `${modeOfUse} for ${use.what}, not one of ${use.modes}`);
  }
  if (!fitsAlgorithm(algorithm, key.length)) {
    return refused('key', 16, `${key.length} bytes for algorithm ${algorithm}`);
  }
  if (usage === 'M3' && key.length !== 16) {
    return refused('key', 16, `${key.length} bytes: MAC algorithm 3 has keys of 16`);
  }
  // A key is as strong as the weakest that it ever was under. ISO 11568
  if (algorithm === 'A' && key.length > transport.key.length) {
    return refused('key', 16, `${8 * key.length} bits under a transport key of fewer`);
  }
  if (use.name === 'account') return accountKey(header, key);
  return { name: use.name, key: { usage, algorithm, key } };
};

const accountKey = (header: KeyBlockHeader, key: Uint8Array): Arrival | Fault => {
  const id = header.optionalBlocks.find((block) => block.id === 'IK')?.data;
  const initialKeyId = id?.length === 16 ? fromHex(id) : undefined;
  if (initialKeyId === undefined) {
    return refused('optional block IK', 16, 'an initial key has to bring its id, 16 digits');
  }
  const register = loadInitialKey(key, initialKeyId);
  const checkValue = keyCheckValue('A', key);
  if (isMalformed(register) || checkValue === undefined) return refused('key', 16, 'no AES key');
  return { name: 'account', account: { bits: 8 * key.length, checkValue, register } };
};

interface Use {
  readonly name: KeyInfo['name'];
  readonly what: string;
  /** Characters of X9.143 table 3. */
  readonly algorithms: string;
  /** Of table 4: N for any use, and those that let a terminal do what it has to. */
  readonly modes: string;
}

const USES: Readonly<Record<string, Use>> = {
  B1: { name: 'account', what: 'a DUKPT initial key', algorithms: 'A', modes: 'XN' },
  K1: { name: 'transport', what: 'a key block protection key', algorithms: 'A', modes: 'BDN' },
  M3: { name: 'mac', what: 'a MAC of ISO 9797-1 algorithm 3', algorithms: 'T', modes: 'CGN' },
  M6: { name: 'mac', what: 'a CMAC', algorithms: 'AT', modes: 'CGN' },
};

const refused = (part: string, offset: number, problem: string): Fault =>
  fault('keys', `refused: key block › ${part} at ${offset}: ${problem}`);
