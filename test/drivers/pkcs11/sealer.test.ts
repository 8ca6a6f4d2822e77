import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { equal } from '#bytes/bytes.ts';
import { hex } from '#bytes/hex.ts';
import { openPkcs11Sealer } from '#drivers/pkcs11/index.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { Sealer } from '#ports/sealer.ts';
import { keptLog } from '#test/support/kept-log.ts';
import { type SoftModule, startSoftModule } from './soft-module.ts';

let soft: SoftModule;
const opened: Sealer[] = [];
beforeAll(() => {
  soft = startSoftModule();
});
afterEach(async () => {
  for (const sealer of opened.splice(0)) await sealer.close();
});
afterAll(() => soft.close());

const log = keptLog();
const sealerOf = (change: Partial<Parameters<typeof openPkcs11Sealer>[0]> = {}): Sealer => {
  const { library, token, pin } = soft;
  const sealer = openPkcs11Sealer({ library, token, pin, log, ...change });
  opened.push(sealer);
  return sealer;
};

const PLAIN = hex('00112233445566778899AABBCCDDEEFF');
const ABOUT = hex('01');

const sealed = async (sealer: Sealer): Promise<Uint8Array> => {
  const bytes = await sealer.seal(PLAIN, ABOUT);
  if (isFault(bytes)) throw new Error(bytes.detail);
  return bytes;
};

const detailOf = (value: Uint8Array | Fault | undefined): string =>
  isFault(value) ? value.detail : 'no fault';

describe('a key in a security module', () => {
  it('is made at the first sealing, and opens what it sealed in a later session', async () => {
    const first = sealerOf({ keyLabel: 'later' });
    const bytes = await sealed(first);
    await first.close();
    expect(await sealerOf({ keyLabel: 'later' }).open(bytes, ABOUT)).toEqual(Buffer.from(PLAIN));
  });

  it('seals the same bytes differently each time', async () => {
    const sealer = sealerOf();
    expect(equal(await sealed(sealer), await sealed(sealer))).toBe(false);
  });

  it('opens nothing that was changed, at any byte, nor about something else', async () => {
    const sealer = sealerOf();
    const bytes = await sealed(sealer);
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.map((byte, at) => (at === i ? byte ^ 1 : byte));
      expect(detailOf(await sealer.open(changed, ABOUT))).toMatch(/doesn't open it/);
    }
    expect(detailOf(await sealer.open(bytes, hex('02')))).toMatch(/doesn't open it/);
    expect(detailOf(await sealer.open(bytes.slice(0, 20), ABOUT))).toMatch(/too short/);
    expect(await sealer.open(bytes, ABOUT)).toEqual(Buffer.from(PLAIN));
  });

  it('opens nothing once it is destroyed, nor does the key that is made after it', async () => {
    const sealer = sealerOf({ keyLabel: 'short-lived' });
    const bytes = await sealed(sealer);
    expect(await sealer.destroy()).toBeUndefined();
    expect(detailOf(await sealer.open(bytes, ABOUT))).toMatch(/"short-lived".* is missing/);
    await sealed(sealer);
    expect(detailOf(await sealer.open(bytes, ABOUT))).toMatch(/doesn't open it/);
  });

  it("can't be read out of the module", async () => {
    await sealed(sealerOf({ keyLabel: 'hidden' }));
    expect(() => readKey('hidden')).toThrow(/CKR_ATTRIBUTE_SENSITIVE/);
  });

  it('is refused when it could be', async () => {
    await sealed(sealerOf({ keyLabel: 'opener' }));
    makeReadableKey('loose');
    const answer = await sealerOf({ keyLabel: 'loose' }).seal(PLAIN, ABOUT);
    expect(detailOf(answer)).toMatch(/"loose".* could leave it/);
  });
});

describe('a security module that is not as configured', () => {
  it('says that the PIN is wrong, and not which', async () => {
    const answer = detailOf(await sealerOf({ pin: '000999' }).seal(PLAIN, ABOUT));
    expect(answer).toMatch(/CKR_PIN_INCORRECT/);
    expect(answer).not.toContain('000999');
  });

  it('says that the token is missing', async () => {
    const answer = await sealerOf({ token: 'till 8' }).seal(PLAIN, ABOUT);
    expect(detailOf(answer)).toBe('the security module has no token "till 8"');
  });

  it('says that the library is missing', async () => {
    const answer = await sealerOf({ library: '/nowhere/lib.so' }).seal(PLAIN, ABOUT);
    expect(detailOf(answer)).toMatch(/\/nowhere\/lib\.so can't be started/);
  });

  it('tries again after a module that lost its sessions', async () => {
    const sealer = sealerOf();
    const bytes = await sealed(sealer);
    loseSessions();
    expect(await sealer.open(bytes, ABOUT)).toEqual(Buffer.from(PLAIN));
  });
});

it("no log line holds the token's PIN", () => {
  expect(log.lines.length).toBeGreaterThan(0);
  expect(log.lines.join()).not.toContain(soft.pin);
});

// Beside the sealer, in the same process: the library's sessions and logins are the process's.
const pkcs11js = createRequire(import.meta.url)('pkcs11js') as typeof import('pkcs11js');

const beside = () => {
  const calls = new pkcs11js.PKCS11();
  calls.load(soft.library);
  const slot = calls
    .C_GetSlotList(true)
    .find((one) => calls.C_GetTokenInfo(one).label.trimEnd() === soft.token);
  if (slot === undefined) throw new Error('no token');
  const flags = pkcs11js.CKF_SERIAL_SESSION | pkcs11js.CKF_RW_SESSION;
  return { calls, slot, session: calls.C_OpenSession(slot, flags) };
};

const readKey = (label: string): unknown => {
  const { calls, session } = beside();
  calls.C_FindObjectsInit(session, [{ type: pkcs11js.CKA_LABEL, value: label }]);
  const [key] = calls.C_FindObjects(session, 1);
  calls.C_FindObjectsFinal(session);
  if (key === undefined) throw new Error('no key');
  return calls.C_GetAttributeValue(session, key, [{ type: pkcs11js.CKA_VALUE }]);
};

const makeReadableKey = (label: string): void => {
  const { calls, session } = beside();
  calls.C_GenerateKey(session, { mechanism: pkcs11js.CKM_AES_KEY_GEN }, [
    { type: pkcs11js.CKA_LABEL, value: label },
    { type: pkcs11js.CKA_VALUE_LEN, value: 32 },
    { type: pkcs11js.CKA_TOKEN, value: true },
    { type: pkcs11js.CKA_EXTRACTABLE, value: true },
    { type: pkcs11js.CKA_SENSITIVE, value: false },
    { type: pkcs11js.CKA_ENCRYPT, value: true },
    { type: pkcs11js.CKA_DECRYPT, value: true },
  ]);
};

const loseSessions = (): void => {
  const { calls, slot } = beside();
  calls.C_CloseAllSessions(slot);
};
