import { concat } from '#bytes/bytes.ts';
import { fromHex } from '#bytes/hex.ts';
import { isMalformed } from '#bytes/malformed.ts';
import { clockDigits } from '#contactless/transaction-data.ts';
import { LARGEST_AMOUNT } from '#data/amount.ts';
import type { Transaction } from '#kernels/shared/kernel.ts';
import type { CaPublicKey } from '#oda/index.ts';
import { parseDol } from '#tlv/dol.ts';
import { parseTlvs } from '#tlv/tlv.ts';
import type { Transcript } from './transcript.ts';

/** The header as far as it was read. */
export interface Header {
  config?: string;
  clock?: string;
  random?: Uint8Array;
  transaction?: Transaction;
  host?: Uint8Array;
  readonly overrides: Map<number, Uint8Array>;
  readonly keys: CaPublicKey[];
}

/** Takes one header line in. Undefined: it is in order; otherwise what is wrong with it. */
export const parseHeader = (header: Header, line: string): string | undefined => {
  const match = /^([^:]+):\s*(.*)$/.exec(line);
  if (match === null) return 'neither a header such as "config: base" nor >, <, ! or =';
  const [, name = '', value = ''] = match;
  const [word = '', ...names] = name.trim().split(/\s+/);
  if (word === 'set') return readOverride(header, names, value);
  if (word === 'capk') return readKey(header, names, value);
  if (names.length > 0 || !isScalar(word)) return `no header is called "${name.trim()}"`;
  if (header[word] !== undefined) return `"${word}" stands twice`;
  return SCALARS[word](header, value);
};

/** The header with all that a run needs, or what is missing. */
export const wholeHeader = (
  header: Header,
): Omit<Transcript, 'about' | 'exchanges' | 'expectations'> | string => {
  const { config, clock, random, transaction, overrides, keys, host } = header;
  if (config === undefined) return 'the header has no "config"';
  if (clock === undefined) return 'the header has no "clock"';
  if (random === undefined) return 'the header has no "random"';
  if (transaction === undefined) return 'the header has no "transaction"';
  const rest = host === undefined ? {} : { host };
  return { config, clock, random, transaction, overrides, keys, ...rest };
};

const SCALARS = {
  config: (header, value) => {
    if (value === '') return 'expected a configuration set, or a path';
    header.config = value;
    return undefined;
  },
  clock: (header, value) => {
    if (clockDigits(value) === undefined) return 'expected a time such as 2026-01-31T12:00:00Z';
    header.clock = value;
    return undefined;
  },
  random: (header, value) => {
    const bytes = fromHex(value);
    if (bytes === undefined || bytes.length === 0) return 'expected bytes in hexadecimal';
    header.random = bytes;
    return undefined;
  },
  transaction: (header, value) => {
    const transaction = readTransaction(value);
    if (transaction === undefined) {
      return 'expected such as type=00 amount=200 other=0 currency=0840';
    }
    header.transaction = transaction;
    return undefined;
  },
  host: (header, value) => {
    const bytes = fromHex(value);
    if (bytes === undefined || isMalformed(parseTlvs(bytes))) return 'expected data objects (TLV)';
    header.host = bytes;
    return undefined;
  },
} as const satisfies Readonly<
  Record<string, (header: Header, value: string) => string | undefined>
>;

const isScalar = (word: string): word is keyof typeof SCALARS => Object.hasOwn(SCALARS, word);

/** "a=1 b=2" as a record; undefined where a word has no =, or a key stands twice. */
export const assignments = (text: string): ReadonlyMap<string, string> | undefined => {
  const found = new Map<string, string>();
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    const at = word.indexOf('=');
    if (at < 1 || found.has(word.slice(0, at))) return undefined;
    found.set(word.slice(0, at), word.slice(at + 1));
  }
  return found;
};

/** A tag in hexadecimal; undefined for bytes that are none. */
export const tagOf = (text: string): number | undefined => {
  const bytes = fromHex(text);
  if (bytes === undefined || bytes.length === 0 || bytes[0] === 0) return undefined;
  const entries = parseDol(concat(bytes, Uint8Array.of(0)));
  return isMalformed(entries) || entries.length !== 1 ? undefined : entries[0]?.tag;
};

const readTransaction = (text: string): Transaction | undefined => {
  const words = assignments(text);
  if (words === undefined) return undefined;
  const known = ['type', 'amount', 'other', 'currency'];
  if ([...words.keys()].some((key) => !known.includes(key))) return undefined;
  const type = /^[0-9]{2}$/.exec(words.get('type') ?? '')?.[0];
  const currency = /^[0-9]{3,4}$/.exec(words.get('currency') ?? '')?.[0];
  const amount = minorUnits(words.get('amount'));
  const other = minorUnits(words.get('other') ?? '0');
  if (type === undefined || currency === undefined) return undefined;
  if (amount === undefined || other === undefined) return undefined;
  return {
    type: Number.parseInt(type, 16),
    amountAuthorised: amount,
    amountOther: other,
    currency: Number(currency),
  };
};

const minorUnits = (digits = ''): number | undefined =>
  /^[0-9]{1,12}$/.test(digits) && Number(digits) <= LARGEST_AMOUNT ? Number(digits) : undefined;

const readOverride = (header: Header, names: readonly string[], value: string) => {
  const [name = ''] = names;
  const tag = names.length === 1 ? tagOf(name) : undefined;
  if (tag === undefined) return 'expected "set", a tag, and its value';
  const bytes = fromHex(value);
  if (bytes === undefined) return 'expected bytes in hexadecimal';
  if (header.overrides.has(tag)) return `${name} is set twice`;
  header.overrides.set(tag, bytes);
  return undefined;
};

const readKey = (header: Header, names: readonly string[], value: string) => {
  const [rid, index] = names.map((name) => fromHex(name));
  const words = assignments(value);
  const exponent = words?.get('e');
  const modulus = fromHex(words?.get('n') ?? 'none');
  const expires = words?.get('expires');
  if (names.length !== 2 || rid?.length !== 5 || index?.length !== 1) {
    return 'expected "capk", a RID of 5 bytes and an index of one';
  }
  if (modulus === undefined || modulus.length === 0 || !/^(03|010001)$/.test(exponent ?? '')) {
    return 'expected e=03 or e=010001, and n= with the modulus in hexadecimal';
  }
  if (expires !== undefined && clockDigits(`${expires}T00:00:00`) === undefined) {
    return 'expected expires= with a date such as 2030-12-31';
  }
  if ([...(words?.keys() ?? [])].some((key) => !['e', 'n', 'expires'].includes(key))) {
    return 'a key has e=, n= and expires= only';
  }
  header.keys.push({
    rid,
    index: index[0] ?? 0,
    modulus,
    exponent: Number.parseInt(exponent ?? '', 16),
    ...(expires === undefined ? {} : { expires }),
  });
  return undefined;
};
