import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { isConfigProblem } from '#config/problem.ts';
import { rowOf } from '#payment/index.ts';
import { quiet } from '#test/drivers/sqlite/support.ts';
import { kinds } from '#test/receipt/samples.ts';
import { freePort } from '#test/support/running-terminal.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { openReceipts } from '../../src/cli/opening/open-receipts.ts';
import { placesIn } from '../../src/cli/places.ts';

const base = loadConfiguration('base');
if (isConfigProblem(base)) throw new Error('config/base');

let state = '';
beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'countertap-receipts-'));
});
afterAll(() => rmSync(state, { recursive: true, force: true }));

const ID = kinds.approved.id;
const journal = {
  payment: async (id: string) => (id === ID ? rowOf(kinds.approved) : undefined),
  byTillId: async () => undefined,
  transcript: async () => undefined,
};

/** Receipts as pages on this port, known by `origin`, and by nothing where that is absent. */
const opened = (port: number, origin?: string, log = quiet) => {
  const page = { host: '127.0.0.1', port, days: 7, ...(origin === undefined ? {} : { origin }) };
  const receipts = { print: 'asked', declined: false, page } as const;
  const terminal = { ...base.terminal, receipts };
  return openReceipts({ ...base, terminal }, placesIn(state), journal, [], log);
};

/** Open at an origin of its own. */
const reachable = async () => {
  const port = await freePort();
  return opened(port, `http://127.0.0.1:${port}`);
};

describe("a receipt on the shopper's phone", () => {
  test('is in the language that the display had, and the address stays as it was', async () => {
    const receipts = await reachable();
    const { content = '', words } = receipts.onPhone?.(ID, 'ar') ?? {};
    expect(words).toBe('امسح الرمز للحصول على الإيصال');
    expect(receipts.onPhone?.(ID, 'ar')?.content).toBe(content);
    const answer = await fetch(content);
    expect([answer.status, answer.headers.get('content-language')]).toEqual([200, 'ar']);
    await receipts.close();
  });

  test("is in the shop's language after a restart, at the address of before it", async () => {
    const before = await reachable();
    const { content = '' } = before.onPhone?.(ID, 'ar') ?? {};
    await before.close();
    const port = Number(new URL(content).port);
    const after = await opened(port, `http://127.0.0.1:${port}`);
    const answer = await fetch(content);
    expect([answer.status, answer.headers.get('content-language')]).toEqual([200, 'en']);
    await after.close();
  });

  test('has no code in a language without words for it, and the log says why once', async () => {
    const error = vi.fn();
    const receipts = await opened(await freePort(), 'http://192.0.2.7', { ...quiet, error });
    for (const id of [ID, '77AA01E4C955']) {
      expect(receipts.onPhone?.(id, 'xx')).toBeUndefined();
    }
    expect(error).toHaveBeenCalledOnce();
    await receipts.close();
  });
});

describe('a page that no phone can reach', () => {
  test('for it listens on this machine alone: the log says so, and no code is shown', async () => {
    const warn = vi.fn();
    const receipts = await opened(await freePort(), undefined, { ...quiet, warn });
    expect(warn).toHaveBeenCalledOnce();
    expect(receipts.onPhone?.(ID, 'en')).toBeUndefined();
    await receipts.close();
  });

  test('for another program has its port: payments go on without it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const error = vi.fn();
    const receipts = await opened(port, 'http://192.0.2.7', { ...quiet, error });
    expect(receipts.onPhone).toBeUndefined();
    expect(error.mock.calls[0]?.[1]).toBe('receipts are not shown to phones; payments go on');
    await receipts.close();
    other.close();
  });
});
