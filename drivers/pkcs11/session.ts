import { type Fault, fault, isFault } from '#ports/fault.ts';
import { loadModule, nameOf, type Pkcs11, type Pkcs11Module } from './module.ts';

export interface SessionOptions {
  /** The module's library, such as /usr/lib/softhsm/libsofthsm2.so. */
  readonly library: string;
  /** The token's label. */
  readonly token: string;
  /** The user PIN. Stays in memory: a session that is lost is opened again with it. */
  readonly pin: string;
}

export interface Open {
  readonly module: Pkcs11Module;
  readonly calls: Pkcs11;
  readonly session: Buffer;
}

/** A session with a token, opened when it is needed, and once more when it was lost. */
export interface Session {
  /** What `work` throws becomes a Fault that names what the module said. */
  run<T>(work: (open: Open) => T | Fault): T | Fault;
  close(): void;
}

export const createSession = (options: SessionOptions): Session => {
  let current: Open | undefined;

  const drop = () => {
    const open = current;
    current = undefined;
    if (open === undefined) return;
    try {
      open.calls.C_CloseSession(open.session);
    } catch {
      // It was lost: that's why it is dropped.
    }
    open.module.release();
  };

  const attempt = <T>(work: (open: Open) => T | Fault): { value: T | Fault } | { lost: string } => {
    if (current === undefined) {
      const opened = connect(options);
      if (isFault(opened)) return { value: opened };
      current = opened;
    }
    try {
      return { value: work(current) };
    } catch (error) {
      const why = nameOf(error);
      return LOST.has(why) ? { lost: why } : { value: said(options, why) };
    }
  };

  return {
    run: (work) => {
      const first = attempt(work);
      if ('value' in first) return first.value;
      drop();
      const second = attempt(work);
      return 'value' in second ? second.value : said(options, second.lost);
    },
    close: drop,
  };
};

// PKCS#11 2.40 5.1: the session is gone, or the token was away and is back without a login.
const LOST: ReadonlySet<string> = new Set([
  'CKR_SESSION_HANDLE_INVALID',
  'CKR_SESSION_CLOSED',
  'CKR_USER_NOT_LOGGED_IN',
  'CKR_DEVICE_REMOVED',
  'CKR_DEVICE_ERROR',
  'CKR_TOKEN_NOT_PRESENT',
  'CKR_CRYPTOKI_NOT_INITIALIZED',
]);

const said = ({ token }: SessionOptions, why: string): Fault =>
  fault('keys', `the security module's token "${token}" says ${why}`);

const connect = (options: SessionOptions): Open | Fault => {
  const module = loadModule(options.library);
  if (isFault(module)) return module;
  const { calls, names } = module;
  try {
    const slot = calls
      .C_GetSlotList(true)
      .find((one) => calls.C_GetTokenInfo(one).label.trimEnd() === options.token);
    if (slot === undefined) {
      module.release();
      return fault('keys', `the security module has no token "${options.token}"`);
    }
    const session = calls.C_OpenSession(slot, names.CKF_SERIAL_SESSION | names.CKF_RW_SESSION);
    logIn(module, session, options.pin);
    return { module, calls, session };
  } catch (error) {
    module.release();
    return said(options, nameOf(error));
  }
};

// A login counts for all sessions of this process with the token.
const logIn = ({ calls, names }: Pkcs11Module, session: Buffer, pin: string): void => {
  try {
    calls.C_Login(session, names.CKU_USER, pin);
  } catch (error) {
    if (nameOf(error) === 'CKR_USER_ALREADY_LOGGED_IN') return;
    calls.C_CloseSession(session);
    throw error;
  }
};
