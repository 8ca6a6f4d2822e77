import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { toHex } from '#bytes/hex.ts';
import { passesLuhn } from '#drivers/simulated/card/account.ts';
import { commandName } from '#drivers/simulated/card/command.ts';
import { fileLocator } from '#drivers/simulated/card/file-locator.ts';
import { fileStore } from '#drivers/simulated/index.ts';

describe('an application file locator', () => {
  const record = (sfi: number, number: number, signed = false) => ({
    sfi,
    record: number,
    signed,
    forSignature: false,
    elements: [],
  });

  test('joins records in a row and keeps files and gaps apart', () => {
    const records = [record(1, 1), record(1, 2), record(1, 4), record(3, 1), record(1, 3)];
    expect(toHex(fileLocator(records))).toBe(
      '08010200 08040400 18010100 08030300'.replaceAll(' ', ''),
    );
  });

  test('counts signed records, which are the first of an entry', () => {
    const records = [record(2, 1, true), record(2, 2, true), record(2, 3), record(2, 4, true)];
    expect(toHex(fileLocator(records))).toBe('1001030210040401');
  });
});

describe('a transaction counter in a file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'countertap-atc-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('starts at zero, makes its folder, survives, and leaves nothing else', async () => {
    const state = join(folder, 'cards');
    const store = fileStore(state, 'visa-phone');
    expect(store.load()).toBe(0);
    store.save(1);
    store.save(2);
    expect(fileStore(state, 'visa-phone').load()).toBe(2);
    expect(fileStore(state, 'visa-plastic').load()).toBe(0);
    expect(await readdir(state)).toEqual(['visa-phone.atc']);
  });

  test('stands beside the note that a device has asked for its holder', async () => {
    const store = fileStore(join(folder, 'cards'), 'visa-phone');
    expect(store.holderAsked()).toBe(false);
    store.noteHolderAsked(true);
    expect(fileStore(join(folder, 'cards'), 'visa-phone').holderAsked()).toBe(true);
    store.noteHolderAsked(false);
    expect(store.holderAsked()).toBe(false);
  });

  test('is zero when the file holds anything else', async () => {
    await writeFile(join(folder, 'visa-phone.atc'), 'not a number');
    expect(fileStore(folder, 'visa-phone').load()).toBe(0);
  });
});

test('a check digit tells a mistyped account number', () => {
  expect(passesLuhn('4761739001010119')).toBe(true);
  expect(passesLuhn('4761739001010118')).toBe(false);
  expect(passesLuhn('4761739001010191')).toBe(false);
});

test('a command too short to have a name has none', () => {
  expect(commandName(new Uint8Array())).toBe('unknown command');
  expect(commandName(Uint8Array.of(0x00))).toBe('unknown command');
});
