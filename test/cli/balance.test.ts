import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type ControlServer, openControl } from '#drivers/control/index.ts';
import { fault, isFault } from '#ports/fault.ts';
import {
  cardNamed,
  type Harness,
  type HarnessOptions,
  startHarness,
  unanswered,
} from '#test/support/terminal-harness.ts';
import { balance } from '../../src/cli/balance.ts';
import { controlService } from '../../src/cli/control-service.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let harness: Harness;
let server: ControlServer;
let folder = '';
let socket = '';
let said: string[];
let failed: string[];

const open = async (options: HarnessOptions = {}) => {
  harness = await startHarness(options);
  folder = await mkdtemp(join(tmpdir(), 'countertap-balance-'));
  socket = join(folder, 'run', 'countertap.sock');
  const service = controlService({
    terminal: harness.terminal,
    about: () => ({ currency: 'USD' }),
    audit: async () => undefined,
  });
  const opened = await openControl(socket, service, quiet);
  if (isFault(opened)) throw new Error(opened.detail);
  server = opened;
};

beforeEach(() => {
  said = [];
  failed = [];
  const kept = (lines: string[]) => (text: unknown) => lines.push(`${text}`) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(kept(said));
  vi.spyOn(process.stderr, 'write').mockImplementation(kept(failed));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
  harness.close();
  await rm(folder, { recursive: true, force: true });
});

it('a balance is printed with the card that it is of', async () => {
  await open();
  harness.reader.place(cardNamed('visa-phone'));
  expect(await balance(socket, { account: 'default' })).toBe(0);
  expect(said.join('')).toMatch(/^Available {4}\$100\.00 USD\ncard {9}Visa \d{6}\*+\d{4}\n$/);
});

it('an overdrawn account has less than nothing, in JSON as well', async () => {
  await open({
    inquire: async () => ({
      ...{ kind: 'answered', retrievalReference: '1', milliseconds: 1 },
      row: { code: '00', approved: true, meaning: '', shopper: 'approved', retry: 'never' },
      balance: { kind: 'ledger', amountMinor: -1250, currency: 978 },
    }),
  });
  harness.reader.place(cardNamed('visa-phone'));
  expect(await balance(socket, { account: 'default', json: true })).toBe(0);
  expect(JSON.parse(said.join(''))).toMatchObject({
    status: 'told',
    balance: { kind: 'ledger', amountMinor: -1250, currency: 978 },
  });
});

it('where the host is away it says so, and exits as a declined payment does', async () => {
  await open({ inquire: async () => unanswered(fault('linkDown', 'no connection to the host')) });
  harness.reader.place(cardNamed('visa-phone'));
  expect(await balance(socket, { account: 'savings' })).toBe(1);
  expect(failed.join('')).toContain('no connection to the host');
  expect(said).toEqual([]);
});

it('a currency that nobody knows is asked of no card', async () => {
  await open();
  expect(await balance(socket, { account: 'default', currency: 'XYZ' })).toBe(3);
  expect(harness.screens()).not.toContain('presentCard');
});
