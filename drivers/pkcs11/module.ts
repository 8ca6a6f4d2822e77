import { createRequire } from 'node:module';
import { type Fault, fault } from '#ports/fault.ts';

type Pkcs11js = typeof import('pkcs11js');
export type Pkcs11 = InstanceType<Pkcs11js['PKCS11']>;

/** A module's library in this process, started. */
export interface Pkcs11Module {
  readonly names: Pkcs11js;
  readonly calls: Pkcs11;
  release(): void;
}

/** Loads the addon and the library. C_Initialize counts for the process, so we count its users. */
export const loadModule = (library: string): Pkcs11Module | Fault => {
  const known = loaded.get(library);
  if (known !== undefined) {
    known.users++;
    return known.module;
  }
  const addon = loadAddon();
  if (addon === undefined) {
    return fault('keys', "the security module addon isn't built: run ./scripts/setup");
  }
  const calls = new addon.PKCS11();
  try {
    calls.load(library);
    calls.C_Initialize();
  } catch (error) {
    const why = nameOf(error);
    // Somebody else in this process has started it.
    if (why !== 'CKR_CRYPTOKI_ALREADY_INITIALIZED') {
      return fault('keys', `the security module's library ${library} can't be started: ${why}`);
    }
  }
  const entry = { users: 1, module: { names: addon, calls, release: () => release(library) } };
  loaded.set(library, entry);
  return entry.module;
};

/** What the library returned, such as CKR_PIN_INCORRECT; else the error's first line. */
export const nameOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return /CKR_[A-Z0-9_]+/.exec(text)?.[0] ?? text.split('\n')[0]?.slice(0, 120) ?? '';
};

const loaded = new Map<string, { users: number; readonly module: Pkcs11Module }>();

const release = (library: string): void => {
  const entry = loaded.get(library);
  if (entry === undefined || --entry.users > 0) return;
  loaded.delete(library);
  try {
    entry.module.calls.C_Finalize();
    entry.module.calls.close();
  } catch {
    // The library is gone already; nothing is left to end.
  }
};

const loadAddon = (): Pkcs11js | undefined => {
  try {
    const require = createRequire(import.meta.url);
    return require('pkcs11js') as Pkcs11js;
  } catch {
    return undefined;
  }
};
