import { readFileSync } from 'node:fs';
import { fromHex } from '#bytes/hex.ts';
import { keyCheckValue } from '#crypto/key-check-value.ts';
import { listKeys, openKeyStore } from '#drivers/keystore/index.ts';
import { openPkcs11Sealer } from '#drivers/pkcs11/index.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { KeyInfo, KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import type { Sealer } from '#ports/sealer.ts';
import { type ExitCode, exit, fail, failAs, say } from './exit.ts';
import type { Places } from './places.ts';

/** Where the key store's own key is: a security module if there is one, else this machine. */
export interface KeyOptions {
  /** The module's PKCS#11 library. */
  readonly moduleLibrary?: string;
  /** The label of the module's token. */
  readonly moduleToken?: string;
  /** A file with the PIN of its user. */
  readonly modulePin?: string;
}

/** The sealer that the options name; undefined for the machine's own. */
export const sealerOf = (options: KeyOptions, log: Log): Sealer | Fault | undefined => {
  const { moduleLibrary: library, moduleToken: token, modulePin: pinPath } = options;
  if (library === undefined && token === undefined && pinPath === undefined) return undefined;
  if (library === undefined || token === undefined || pinPath === undefined) {
    return fault('keys', 'a security module needs its library, its token and a file with the PIN');
  }
  const pin = readText(pinPath);
  return isFault(pin) ? pin : openPkcs11Sealer({ library, token, pin: pin.trim(), log });
};

/** `countertap keys list`: also beside a running terminal. 0, or 3 when there are none to see. */
export const list = async (
  places: Places,
  options: KeyOptions & { readonly json?: boolean },
): Promise<ExitCode> => {
  const sealer = sealerOf(options, quiet);
  if (isFault(sealer)) return failAs(options.json, sealer.detail);
  const keys = await listKeys({ folder: places.keys, ...(sealer ? { sealer } : {}) });
  await sealer?.close();
  if (isFault(keys)) return failAs(options.json, keys.detail);
  if (options.json) say(JSON.stringify(keys));
  else for (const key of keys) say(describe(key));
  return exit.ok;
};

/** `countertap keys load`: key blocks, one a line; the first that is refused ends it. */
export const load = (places: Places, file: string, options: KeyOptions): Promise<ExitCode> =>
  withStore(places, options, async (store) => {
    const text = readText(file);
    if (isFault(text)) return fail(text.detail);
    const lines = text.split('\n').map((line) => line.trim());
    for (const [at, line] of lines.entries()) {
      if (line === '') continue;
      const key = await store.load(line);
      if (isFault(key)) return fail(`line ${at + 1}: ${key.detail}`);
      say(describe(key));
    }
    const refusal = store.refusal();
    if (refusal) say(`not yet ready for payments: ${refusal.detail}`);
    return exit.ok;
  });

/**
 * `countertap keys transport`: two or three components, a line of hexadecimal each on standard
 * input. Their holders compare each one's check value, and the key's, with their papers.
 */
export const transport = (places: Places, options: KeyOptions): Promise<ExitCode> =>
  withStore(places, options, async (store) => {
    const components = readComponents();
    if (isFault(components)) return fail(components.detail);
    for (const [at, component] of components.entries()) {
      say(`component ${at + 1}   check value ${checkValueOf(component)}`);
    }
    const key = new Uint8Array(components[0]?.length ?? 0);
    for (const component of components) {
      for (const [i, byte] of component.entries()) key[i] = (key[i] ?? 0) ^ byte;
      component.fill(0);
    }
    // Twice the same paper: the sum is a key that everybody knows.
    if (key.every((byte) => byte === 0)) return fail('the components cancel each other out');
    const info = await store.loadTransportKey(key);
    key.fill(0);
    if (isFault(info)) return fail(info.detail);
    say(describe(info));
    return exit.ok;
  });

/** `countertap keys erase`: nothing can be sealed or opened afterwards, until keys are loaded. */
export const erase = (
  places: Places,
  options: KeyOptions & { readonly why: string; readonly yes?: boolean },
): Promise<ExitCode> => {
  if (options.yes !== true) {
    return Promise.resolve(
      fail('this erases every key; what is sealed for sending later is lost: repeat it with --yes'),
    );
  }
  return withStore(places, options, async (store) => {
    const left = await store.erase(options.why);
    if (left !== undefined) return fail(left.detail);
    say(store.refusal()?.detail ?? 'the keys were erased');
    return exit.ok;
  });
};

const describe = ({ name, usage, algorithm, bits, checkValue, ...more }: KeyInfo): string => {
  const kind = `${usage} ${ALGORITHMS[algorithm] ?? algorithm}-${bits}`;
  const words = `${name.padEnd(10)} ${kind.padEnd(11)} check value ${checkValue.padEnd(10)}`;
  if (more.initialKeyId === undefined) return words.trimEnd();
  return `${words}  id ${more.initialKeyId}, next counter ${more.counter}`;
};

const ALGORITHMS: Readonly<Record<string, string>> = { A: 'AES', T: 'TDES' };

const withStore = async (
  places: Places,
  options: KeyOptions,
  work: (store: KeyStore) => Promise<ExitCode>,
): Promise<ExitCode> => {
  const sealer = sealerOf(options, quiet);
  if (isFault(sealer)) return fail(sealer.detail);
  const store = await openKeyStore({
    ...{ folder: places.keys, log: quiet },
    ...(sealer ? { sealer } : {}),
  });
  if (isFault(store)) {
    const hint = /another process/.test(store.detail)
      ? ': if it is the terminal, stop it first'
      : '';
    return fail(store.detail + hint);
  }
  try {
    return await work(store);
  } finally {
    await store.close();
  }
};

const readComponents = (): readonly Uint8Array[] | Fault => {
  const text = readText('-');
  if (isFault(text)) return text;
  const components: Uint8Array[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const bytes = fromHex(line);
    if (bytes === undefined) return fault('keys', `line ${at + 1} is not in hexadecimal`);
    components.push(bytes);
  }
  if (components.length < 2 || components.length > 3) {
    return fault('keys', `${components.length} components: two or three make a transport key`);
  }
  const lengths = new Set(components.map(({ length }) => length));
  if (lengths.size === 1) return components;
  return fault('keys', `the components have different lengths: ${[...lengths].join(', ')} bytes`);
};

const checkValueOf = (component: Uint8Array): string => {
  const value = keyCheckValue('A', component);
  return value ? Buffer.from(value).toString('hex').toUpperCase() : 'none: no length of AES';
};

const readText = (file: string): string | Fault => {
  try {
    return readFileSync(file === '-' ? 0 : file, 'latin1');
  } catch (error) {
    return fault('keys', `${file} can't be read: ${(error as Error).message}`);
  }
};

/** The command's own answer says what there is to say. */
const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
