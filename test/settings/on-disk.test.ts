import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openJournal, verifyFile } from '#drivers/sqlite/index.ts';
import type { Log } from '#ports/log.ts';
import { openShopSettings } from '#settings/index.ts';
import { sound } from '#test/drivers/keystore/key-material.ts';
import { ann, base, limitIn, MASTERCARD, NOON_MS, screenIn, taken } from './shop.ts';

const silent = () => {};
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };
const clock = { wallMs: () => NOON_MS };

it('limits and texts of a shop are in the journal on the disk, in its chain', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'countertap-settings-'));
  const path = join(folder, 'journal.db');
  const open = async () => sound(await openJournal({ path, log, ...clock }));
  try {
    const first = await open();
    const before = await openShopSettings({ journal: first, configured: base, clock, log });
    const change = {
      limits: [{ set: MASTERCARD, name: 'readerCvmRequiredLimit', minor: 3000 }],
      texts: [{ language: 'ar', screen: 'welcome', words: { headline: 'أهلاً', detail: '' } }],
    };
    taken(await before.change(change, ann));
    await first.close();
    expect(verifyFile(path)).toMatchObject({ chain: 'whole', entries: 1 });
    const second = await open();
    const after = await openShopSettings({ journal: second, configured: base, clock, log });
    expect(after.view()).toEqual(before.view());
    expect(limitIn(after.view(), MASTERCARD, 'readerCvmRequiredLimit')?.minor).toBe(3000);
    expect(screenIn(after.view(), 'ar', 'welcome')?.headline).toBe('أهلاً');
    await second.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
