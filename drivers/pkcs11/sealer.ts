import { randomBytes } from 'node:crypto';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Sealer } from '#ports/sealer.ts';
import { createSession, type Open, type SessionOptions } from './session.ts';

export interface Pkcs11Options extends SessionOptions {
  /** The key's label in the token. */
  readonly keyLabel?: string;
  readonly log: Log;
}

/**
 * A Sealer whose AES-256 key is made in a security module and can't leave it: the module itself
 * encrypts (CKM_AES_GCM). What it gives: nonce (12 bytes), ciphertext, tag (16 bytes).
 * The library, token and PIN are tried at the first use; their errors are Faults of kind `keys`.
 */
export const openPkcs11Sealer = (options: Pkcs11Options): Sealer => {
  const { keyLabel = 'countertap key store', log, token } = options;
  const session = createSession(options);
  const where = `the key "${keyLabel}" in the security module's token "${token}"`;

  return {
    name: 'pkcs11',
    seal: async (plain, about) =>
      session.run((open) => {
        const found = findKey(open, keyLabel);
        if (found === undefined) log.info({ keyLabel, token }, 'making a key in the module');
        const key = found ?? makeKey(open, keyLabel);
        if (!staysInside(open, key)) return fault('keys', `${where} could leave it: not used`);
        const nonce = randomBytes(NONCE);
        open.calls.C_EncryptInit(open.session, gcm(open, nonce, about), key);
        const room = Buffer.alloc(plain.length + TAG);
        const input = Buffer.from(plain);
        const sealed = open.calls.C_Encrypt(open.session, input, room);
        input.fill(0);
        return Buffer.concat([nonce, sealed]);
      }),
    open: async (sealed, about) => {
      if (sealed.length < NONCE + TAG) return fault('keys', 'too short to have been sealed');
      const plain = session.run((open) => {
        const key = findKey(open, keyLabel);
        if (key === undefined) return fault('keys', `${where} is missing`);
        const nonce = Buffer.from(sealed.subarray(0, NONCE));
        const input = Buffer.from(sealed.subarray(NONCE));
        open.calls.C_DecryptInit(open.session, gcm(open, nonce, about), key);
        // Room for the tag too: modules may ask for as much as they were given.
        return open.calls.C_Decrypt(open.session, input, Buffer.alloc(input.length));
      });
      return isFault(plain) ? doesNotOpen(plain, where) : plain;
    },
    destroy: async () => {
      const gone = session.run((open) => {
        const key = findKey(open, keyLabel);
        if (key !== undefined) open.calls.C_DestroyObject(open.session, key);
        return 'gone' as const;
      });
      return isFault(gone) ? gone : undefined;
    },
    close: async () => session.close(),
  };
};

const NONCE = 12;
const TAG = 16;

// Modules tell a wrong tag in different words; none of them helps whoever reads this.
const WRONG_TAG = /CKR_(GENERAL_ERROR|(ENCRYPTED_)?DATA_(INVALID|LEN_RANGE)|AEAD_DECRYPT_FAILED)/;

const doesNotOpen = (why: Fault, where: string): Fault =>
  WRONG_TAG.test(why.detail)
    ? fault('keys', `${where} doesn't open it: it was changed, or sealed under another key`)
    : why;

// PKCS#11 2.40 headers have ulIvBits in CK_GCM_PARAMS; the first 2.40 text forgot it.
const gcm = ({ module: { names } }: Open, iv: Buffer, about: Uint8Array) => ({
  mechanism: names.CKM_AES_GCM,
  parameter: {
    type: names.CK_PARAMS_AES_GCM_v240,
    iv,
    ivBits: NONCE * 8,
    aad: Buffer.from(about),
    tagBits: TAG * 8,
  },
});

const findKey = (
  { calls, module: { names }, session }: Open,
  label: string,
): Buffer | undefined => {
  calls.C_FindObjectsInit(session, [
    { type: names.CKA_CLASS, value: names.CKO_SECRET_KEY },
    { type: names.CKA_KEY_TYPE, value: names.CKK_AES },
    { type: names.CKA_LABEL, value: label },
  ]);
  try {
    return calls.C_FindObjects(session, 1)[0];
  } finally {
    calls.C_FindObjectsFinal(session);
  }
};

const makeKey = ({ calls, module: { names }, session }: Open, label: string): Buffer =>
  calls.C_GenerateKey(session, { mechanism: names.CKM_AES_KEY_GEN }, [
    { type: names.CKA_CLASS, value: names.CKO_SECRET_KEY },
    { type: names.CKA_KEY_TYPE, value: names.CKK_AES },
    { type: names.CKA_LABEL, value: label },
    { type: names.CKA_VALUE_LEN, value: 32 },
    { type: names.CKA_TOKEN, value: true },
    { type: names.CKA_PRIVATE, value: true },
    { type: names.CKA_SENSITIVE, value: true },
    { type: names.CKA_EXTRACTABLE, value: false },
    { type: names.CKA_ENCRYPT, value: true },
    { type: names.CKA_DECRYPT, value: true },
  ]);

/** The key was made in the module, and neither it nor a copy could ever be read. */
const staysInside = ({ calls, module: { names }, session }: Open, key: Buffer): boolean => {
  const types = [names.CKA_ALWAYS_SENSITIVE, names.CKA_NEVER_EXTRACTABLE, names.CKA_LOCAL];
  const values = calls.C_GetAttributeValue(
    session,
    key,
    types.map((type) => ({ type })),
  );
  return values.every(({ value }) => value[0] === 1);
};
