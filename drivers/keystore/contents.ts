import { toHex } from '#bytes/hex.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import {
  type DukptRegister,
  decodeRegister,
  encodeRegister,
  eraseRegister,
} from '#crypto/dukpt-register.ts';

/** A key in the clear, and what its key block said of it. */
export interface HeldKey {
  readonly usage: string;
  readonly algorithm: string;
  readonly key: Uint8Array;
}

/** The initial key is gone; what is left of it are its id, length, check value and register. */
export interface AccountKey {
  readonly bits: number;
  /** 5 bytes. */
  readonly checkValue: Uint8Array;
  readonly register: DukptRegister;
}

/** What the file holds, opened. Secret, all of it but the ids. */
export interface Contents {
  readonly transport?: HeldKey | undefined;
  readonly mac?: HeldKey | undefined;
  readonly account?: AccountKey | undefined;
  /** 32 random bytes each, made with the store: for tokens, for the keys of what is reopened. */
  readonly tokenKey: Uint8Array;
  readonly wrappingKey: Uint8Array;
  /** Ids of all initial keys that ever were here: none comes back, its counters are used. */
  readonly usedKeyIds: readonly string[];
  /** The tombstone that these keys came after; empty for none. */
  readonly after: string;
}

/** Entries of a tag (1 byte), a length (2 bytes) and a value. The caller fills it with zeros. */
export const encodeContents = (contents: Contents): Buffer => {
  const { transport, mac, account, tokenKey, wrappingKey, usedKeyIds, after } = contents;
  const parts: Buffer[] = [];
  const add = (tag: number, ...values: readonly Uint8Array[]) => {
    const head = Buffer.of(tag, 0, 0);
    head.writeUInt16BE(
      values.reduce((sum, { length }) => sum + length, 0),
      1,
    );
    parts.push(head, ...values.map((value) => Buffer.from(value)));
  };
  const addKey = (tag: number, { usage, algorithm, key }: HeldKey) =>
    add(tag, Buffer.from(usage + algorithm, 'latin1'), key);
  if (transport) addKey(TAGS.transport, transport);
  if (mac) addKey(TAGS.mac, mac);
  if (account) {
    const bits = Buffer.alloc(2);
    bits.writeUInt16BE(account.bits);
    const register = encodeRegister(account.register);
    add(TAGS.account, bits, account.checkValue, register);
    register.fill(0);
  }
  add(TAGS.tokenKey, tokenKey);
  add(TAGS.wrappingKey, wrappingKey);
  add(TAGS.usedKeyIds, Buffer.from(usedKeyIds.join(''), 'hex'));
  add(TAGS.after, Buffer.from(after, 'hex'));
  const whole = Buffer.concat(parts);
  for (const part of parts) part.fill(0);
  return whole;
};

/** What `encodeContents` wrote. Its keys are copies: the caller fills `plain` with zeros. */
export const decodeContents = (plain: Uint8Array): Contents | Malformed => {
  // No Buffer: its `slice` shares the bytes that the caller overwrites.
  const bytes = new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
  const found = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length; ) {
    const length = 256 * (bytes[at + 1] ?? 0) + (bytes[at + 2] ?? 0);
    const end = at + 3 + length;
    if (end > bytes.length) return wrong(at, 'an entry runs past the end');
    found.set(bytes[at] ?? 0, bytes.subarray(at + 3, end));
    at = end;
  }
  const tokenKey = found.get(TAGS.tokenKey)?.slice();
  const wrappingKey = found.get(TAGS.wrappingKey)?.slice();
  if (tokenKey?.length !== 32 || wrappingKey?.length !== 32) return wrong(0, 'own keys missing');
  const account = decodeAccount(found.get(TAGS.account));
  if (isMalformed(account)) return account;
  const ids = toHex(found.get(TAGS.usedKeyIds) ?? new Uint8Array());
  return {
    transport: decodeKey(found.get(TAGS.transport)),
    mac: decodeKey(found.get(TAGS.mac)),
    account,
    tokenKey,
    wrappingKey,
    usedKeyIds: ids.match(/.{16}/g) ?? [],
    after: toHex(found.get(TAGS.after) ?? new Uint8Array()),
  };
};

/** Overwrites every key. */
export const wipe = (contents: Contents): void => {
  contents.transport?.key.fill(0);
  contents.mac?.key.fill(0);
  if (contents.account) eraseRegister(contents.account.register);
  contents.tokenKey.fill(0);
  contents.wrappingKey.fill(0);
};

const TAGS = {
  transport: 1,
  mac: 2,
  account: 3,
  tokenKey: 4,
  wrappingKey: 5,
  usedKeyIds: 6,
  after: 7,
} as const;

const decodeKey = (value: Uint8Array | undefined): HeldKey | undefined => {
  if (value === undefined) return undefined;
  const words = Buffer.from(value.subarray(0, 3)).toString('latin1');
  return { usage: words.slice(0, 2), algorithm: words.slice(2), key: value.slice(3) };
};

const decodeAccount = (value: Uint8Array | undefined): AccountKey | Malformed | undefined => {
  if (value === undefined) return undefined;
  const register = decodeRegister(value.subarray(7));
  if (isMalformed(register)) return register;
  const bits = 256 * (value[0] ?? 0) + (value[1] ?? 0);
  return { bits, checkValue: value.slice(2, 7), register };
};

const wrong = (offset: number, problem: string): Malformed =>
  malformed(['key store'], offset, problem);
