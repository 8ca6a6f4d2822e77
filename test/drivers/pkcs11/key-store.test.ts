import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { openPkcs11Sealer } from '#drivers/pkcs11/index.ts';
import type { Sealer } from '#ports/sealer.ts';
import { detailOf, sound, TRANSPORT } from '#test/drivers/keystore/key-material.ts';
import { loadedIn, log, newFolder, openIn } from '#test/drivers/keystore/stores.ts';
import { keyStoreSuite } from '#test/ports/key-store-suite.ts';
import { type SoftModule, startSoftModule } from './soft-module.ts';

let soft: SoftModule;
beforeAll(() => {
  soft = startSoftModule();
});
afterAll(() => soft.close());

const DATA = hex('5413330089600010');

const sealerIn = (token: string): Sealer =>
  openPkcs11Sealer({ library: soft.library, pin: soft.pin, token, log });

keyStoreSuite('the key store behind a security module', () =>
  loadedIn(newFolder(), { sealer: sealerIn(soft.token) }),
);

it('the file opens with its own token, after a restart, and with no other', async () => {
  const folder = newFolder();
  const first = await loadedIn(folder, { sealer: sealerIn(soft.token) });
  const sealed = sound(await first.seal(DATA, 'a', true));
  await first.close();
  const copy = newFolder();
  cpSync(join(folder, 'keys.sealed'), join(copy, 'keys.sealed'));
  soft.addToken('another machine', soft.pin);
  const elsewhere = await openIn(copy, { sealer: sealerIn('another machine') });
  expect(elsewhere.refusal()?.detail).toMatch(/key .* in .* token "another machine" is missing/);
  await elsewhere.close();
  const again = await openIn(folder, { sealer: sealerIn(soft.token) });
  expect(await again.open(sealed, 'a')).toEqual(DATA);
});

it('what was erased is lost to the module, too: the file put back opens no more', async () => {
  const folder = newFolder();
  const store = await loadedIn(folder, { sealer: sealerIn(soft.token) });
  const copy = newFolder();
  cpSync(join(folder, 'keys.sealed'), join(copy, 'keys.sealed'));
  await store.erase('the case was opened');
  const again = await openIn(copy, { sealer: sealerIn(soft.token) });
  expect(detailOf(again.refusal())).toMatch(/is missing/);
  expect(detailOf(await again.loadTransportKey(TRANSPORT))).toMatch(/is missing/);
});
