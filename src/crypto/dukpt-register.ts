// The terminal's side of AES DUKPT, ANSI X9.24-3:2017: one intermediate key for each bit that the
// counter can still set. Whoever reads the register learns the keys to come, none of those used.
import { concat } from '#bytes/bytes.ts';
import { isMalformed, type Malformed, malformed } from '#bytes/malformed.ts';
import { isAesKey } from './aes.ts';
import {
  badKey,
  badLength,
  intermediateKey,
  keySerialNumber,
  MAX_COUNTER_BITS,
  oneBits,
} from './dukpt-aes.ts';

/** Secret. Readonly data: every function here returns a new register. */
export interface DukptRegister {
  /** 8 bytes. */
  readonly initialKeyId: Uint8Array;
  /** Counter of the next transaction; 0 when there is none left. */
  readonly counter: number;
  /** 32, one for each bit of the counter from the least significant; undefined once erased. */
  readonly keys: readonly (Uint8Array | undefined)[];
}

/** The key of one transaction, and the register that can't derive it any more. */
export interface NextTransaction {
  /** 12 bytes. */
  readonly serial: Uint8Array;
  /**
   * Derivation key, for `workingKey`. The array is the one in the register before: `fill(0)` once
   * the working keys are made overwrites both.
   */
  readonly key: Uint8Array;
  /** To be kept durably before the key is used. */
  readonly after: DukptRegister;
}

const COUNTER_BITS = 32;

/**
 * A register for a terminal's new initial key, which is not in it any more: its first transaction
 * has counter 1. X9.24-3, routine Load Initial Key
 * @param initial AES, 16, 24 or 32 bytes
 * @param initialKeyId 8 bytes
 */
export const loadInitialKey = (
  initial: Uint8Array,
  initialKeyId: Uint8Array,
): DukptRegister | Malformed => {
  if (!isAesKey(initial)) return badKey('initial key', initial);
  if (initialKeyId.length !== 8) return badLength('initial key id', initialKeyId, 8);
  const keys = Array.from({ length: COUNTER_BITS }, (_, i) =>
    intermediateKey(initial, initialKeyId, 2 ** i),
  );
  return { initialKeyId: initialKeyId.slice(), counter: 1, keys };
};

/**
 * The next transaction's key. `exhausted` after the last counter (FFFF0000, about 2.4 thousand
 * million transactions): the terminal needs a new initial key.
 * X9.24-3 §6.1, routine Update State for Next Transaction
 */
export const nextTransaction = (register: DukptRegister): NextTransaction | 'exhausted' => {
  const { initialKeyId, counter } = register;
  const at = lowestBit(counter);
  const key = at === undefined ? undefined : register.keys[at];
  if (at === undefined || key === undefined) return 'exhausted';
  const keys = [...register.keys];
  // A counter below this one in the tree has one bit more; past 16 none is used.
  const deeper = oneBits(counter) < MAX_COUNTER_BITS;
  for (let i = 0; i < at; i++) {
    keys[i] = deeper ? intermediateKey(key, initialKeyId, counter + 2 ** i) : undefined;
  }
  keys[at] = undefined;
  const following = counter + (deeper ? 1 : 2 ** at);
  const after = { initialKeyId, counter: following < 2 ** COUNTER_BITS ? following : 0, keys };
  return { serial: keySerialNumber(initialKeyId, counter), key, after };
};

/**
 * The register after `count` transactions, as far as there are any. Kept durably in advance, it
 * reserves their counters: after a crash the terminal goes on behind them, and uses none twice.
 */
export const advance = (register: DukptRegister, count: number): DukptRegister => {
  let reached = register;
  for (let i = 0; i < count; i++) {
    const next = nextTransaction(reached);
    if (next === 'exhausted') return reached;
    reached = next.after;
  }
  return reached;
};

/** Overwrites every key of a register, and of those that share keys with it. */
export const eraseRegister = (register: DukptRegister): void => {
  for (const key of register.keys) key?.fill(0);
};

/**
 * Bytes for a key store to seal: 01, length of a key, initial key id (8), counter (4), which keys
 * are there (4, a bit each), the keys from the least significant bit. At most 1,042 bytes.
 */
export const encodeRegister = (register: DukptRegister): Uint8Array => {
  const keys = register.keys.filter((key) => key !== undefined);
  const head = new Uint8Array(HEAD_LENGTH);
  const view = new DataView(head.buffer);
  head[0] = FORM;
  head[1] = keys[0]?.length ?? 0;
  head.set(register.initialKeyId, 2);
  view.setUint32(10, register.counter);
  view.setUint32(14, presence(register.keys));
  return concat(head, ...keys);
};

/** The register that `encodeRegister` wrote; Malformed for anything else. */
export const decodeRegister = (bytes: Uint8Array): DukptRegister | Malformed => {
  if (bytes.length < HEAD_LENGTH) return wrong(0, `${bytes.length} bytes are too few`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = view.getUint8(1);
  const there = view.getUint32(14);
  if (view.getUint8(0) !== FORM) return wrong(0, `form ${view.getUint8(0)}`);
  if (![0, 16, 24, 32].includes(length)) return wrong(1, `keys of ${length} bytes`);
  const counter = view.getUint32(10);
  const problem = counterProblem(counter, there);
  if (isMalformed(problem)) return problem;
  if (bytes.length !== HEAD_LENGTH + oneBits(there) * length || (length === 0) !== (there === 0)) {
    return wrong(HEAD_LENGTH, `${bytes.length} bytes for ${oneBits(there)} keys of ${length}`);
  }
  let from = HEAD_LENGTH;
  const keys = Array.from({ length: COUNTER_BITS }, (_, i) => {
    if ((there & (1 << i)) === 0) return undefined;
    from += length;
    return bytes.slice(from - length, from);
  });
  return { initialKeyId: bytes.slice(2, 10), counter, keys };
};

const FORM = 1;
const HEAD_LENGTH = 18;

const presence = (keys: DukptRegister['keys']): number =>
  keys.reduce((bits, key, i) => (key === undefined ? bits : bits + 2 ** i), 0);

/** Of a counter's bits, those above the lowest have their keys where they are zero. */
const counterProblem = (counter: number, there: number): Malformed | undefined => {
  if (oneBits(counter) > MAX_COUNTER_BITS) return wrong(10, 'counter with too many one-bits');
  const lowest = lowestBit(counter);
  const expected = lowest === undefined ? 0 : (~counter & -(2 ** lowest)) | (1 << lowest);
  return there === expected >>> 0 ? undefined : wrong(14, 'not the keys of its counter');
};

const lowestBit = (counter: number): number | undefined =>
  counter === 0 ? undefined : 31 - Math.clz32(counter & -counter);

const wrong = (offset: number, problem: string): Malformed =>
  malformed(['DUKPT register'], offset, problem);
