import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ControlServer, call, openControl } from '#drivers/control/index.ts';
import type { ControlLine } from '#ports/control.ts';
import { fault, isFault } from '#ports/fault.ts';
import {
  approved,
  cardNamed,
  type Harness,
  type HarnessOptions,
  startHarness,
  unanswered,
} from '#test/support/terminal-harness.ts';
import type { Answered } from '#uplink/index.ts';
import { controlService } from '../../src/cli/control-service.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let harness: Harness;
let server: ControlServer;
let folder = '';
let recordedLines: object[] = [];
let socket = '';
const start = async (options: HarnessOptions = {}): Promise<Harness> => {
  harness = await startHarness(options);
  folder = await mkdtemp(join(tmpdir(), 'countertap-control-'));
  socket = join(folder, 'run', 'countertap.sock');
  const service = controlService({
    terminal: harness.terminal,
    about: () => ({ pid: 1 }),
    audit: async (line) => {
      if (line.action === 'not now') return fault('journal', 'the disk is full');
      recordedLines.push(line);
      return undefined;
    },
  });
  const opened = await openControl(socket, service, quiet);
  if (isFault(opened)) throw new Error(opened.detail);
  server = opened;
  return harness;
};
afterEach(async () => {
  await server.close();
  harness.close();
  await rm(folder, { recursive: true, force: true });
  recordedLines = [];
});

const ask = async (request: ControlLine, signal?: AbortSignal): Promise<ControlLine> => {
  const answer = await call(socket, request, () => {}, signal);
  return isFault(answer) ? { hungUp: answer.detail } : answer;
};
const resultOf = async (request: ControlLine) => (await ask(request))['result'] as ControlLine;

const sale = { op: 'sale', amountMinor: 1250, currency: 840 };
const paid = async (more: ControlLine = {}): Promise<ControlLine> => {
  const from = harness.views.length;
  const paying = resultOf({ ...sale, ...more });
  await harness.seen('presentCard', from);
  await harness.reader.present(cardNamed('visa-phone'), { holdMs: 200 });
  return paying;
};

/** A host that decides when the test says so. */
const slowHost = () => {
  const { promise, resolve } = Promise.withResolvers<Answered>();
  const authorise = (_: unknown, signal: AbortSignal) =>
    Promise.race([
      promise,
      new Promise<ReturnType<typeof unanswered>>((gaveUp) => {
        const why = fault('aborted', 'cancelled while the host was asked');
        signal.addEventListener('abort', () => gaveUp(unanswered(why, true)));
      }),
    ]);
  return { authorise, decide: () => resolve(approved) };
};

/** A payment that is at the host, of a till that then loses its connection. */
const lostAtTheHost = async (request: ControlLine): Promise<void> => {
  const connection = new AbortController();
  const from = harness.views.length;
  const lost = ask(request, connection.signal);
  await harness.seen('presentCard', from);
  await harness.reader.present(cardNamed('visa-phone'), { holdMs: 200 });
  await harness.seen('authorising', from);
  connection.abort();
  expect(await lost).toHaveProperty('hungUp');
};

describe('a till that lost its connection', () => {
  it('while the host decides gets the one true result by asking again', async () => {
    const host = slowHost();
    const { payments } = await start(host);
    await lostAtTheHost({ ...sale, tillId: 'T1' });
    const again = resultOf({ ...sale, tillId: 'T1' });
    host.decide();
    const told = await again;
    expect(told).toMatchObject({ status: 'approved', tillId: 'T1', amountMinor: 1250 });
    const later = await resultOf({ ...sale, tillId: 'T1' });
    expect(later).toMatchObject({
      status: 'approved',
      repeated: 'approved',
      transactionId: told['transactionId'],
    });
    expect(payments).toHaveLength(1);
    expect(await harness.takenBack()).toEqual([]);
  });

  it('and has no id of its own to ask by: what the host may have is taken back', async () => {
    await start(slowHost());
    await lostAtTheHost(sale);
    await vi.waitUntil(async () => (await harness.takenBack()).length === 1);
  });

  it('before a card was there finds it cancelled, and can take it under a new id', async () => {
    const { seen } = await start();
    const connection = new AbortController();
    const lost = ask({ ...sale, tillId: 'T1' }, connection.signal);
    await seen('presentCard');
    connection.abort();
    await lost;
    await vi.waitUntil(() => harness.terminal.status().state === 'idle');
    const again = await resultOf({ ...sale, tillId: 'T1' });
    expect(again).toMatchObject({ status: 'cancelled', repeated: 'cancelled' });
    expect(await paid({ tillId: 'T2' })).toMatchObject({ status: 'approved' });
  });
});

describe('a till whose terminal crashed', () => {
  it('while the host was asked hears what it was, and that it is being taken back', async () => {
    const first = await startHarness();
    const { books, journal } = first;
    const taken = { id: 'AA', tillId: 'T1', state: 'new', startedMs: 1, currency: 840 } as const;
    const card = { scheme: 'Visa', maskedPan: '476173******0043' };
    const held = { ...taken, kind: 'preAuthorisation', amountMinor: 1250, card } as const;
    await books.note(held, 'asked');
    const durable = journal.durable();
    first.close();
    await start({ durable });
    expect(await resultOf({ ...sale, kind: 'preAuthorisation', tillId: 'T1' })).toEqual({
      status: 'declined',
      transactionId: 'AA',
      tillId: 'T1',
      kind: 'preAuthorisation',
      amountMinor: 1250,
      currency: 'USD',
      reason: 'interrupted: being taken back at the host',
      repeated: 'reversing',
      ...card,
    });
  });
});

describe('asked again with', () => {
  it.each([
    ['another amount', { amountMinor: 1300 }, /T1: it was asked for with another amount/],
    ['another currency', { currency: 978 }, /T1: it was asked for in another currency/],
    ['another kind', { kind: 'refund' }, /T1: it was asked for as a purchase/],
  ])('%s, it says so and takes nothing', async (_, more, why) => {
    const { payments } = await start();
    await paid({ tillId: 'T1' });
    const other = await resultOf({ ...sale, tillId: 'T1', ...more });
    expect(other).toMatchObject({ status: 'error', reason: expect.stringMatching(why) });
    expect(payments).toHaveLength(1);
  });
});

describe('orders about payments', () => {
  it('collects an amount that is held once, however often it is asked for at once', async () => {
    const { books, terminal } = await start();
    const original = String((await paid({ kind: 'preAuthorisation' }))['transactionId']);
    const both = await Promise.all([
      terminal.complete({ original, amountMinor: 1000 }),
      terminal.complete({ original, amountMinor: 1250 }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['approved', 'error']);
    const all = await books.latest(10);
    if (isFault(all)) throw new Error(all.detail);
    expect(all.filter(({ kind }) => kind === 'completion')).toHaveLength(1);
  });

  it('either collects or lets go of an amount when both are asked for at once', async () => {
    const { terminal } = await start();
    const original = String((await paid({ kind: 'preAuthorisation' }))['transactionId']);
    const [collected, gone] = await Promise.all([
      terminal.complete({ original, amountMinor: 1250 }),
      terminal.void(original),
    ]);
    expect(collected).toMatchObject({ status: 'approved', kind: 'completion' });
    expect(gone).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/amount held is being collected/),
    });
  });

  it('does not take back what is being given back at the host just now', async () => {
    const host = slowHost();
    let asked = 0;
    await start({
      authorise: async (payment, signal) =>
        ++asked === 1 ? approved : host.authorise(payment, signal),
    });
    const { transactionId } = await paid({ tillId: 'T1' });
    const refund = resultOf({ ...sale, amountMinor: 500, kind: 'refund', original: 'T1' });
    await vi.waitUntil(() => asked === 2);
    for (const payment of ['T1', transactionId]) {
      const refused = await resultOf({ op: 'void', payment });
      expect(refused).toMatchObject({ status: 'refused', reason: 'it is being refunded just now' });
    }
    host.decide();
    expect(await refund).toMatchObject({ status: 'approved', kind: 'refund' });
    const later = await resultOf({ op: 'void', payment: 'T1' });
    expect(later).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/part of it was refunded/),
    });
  });

  it.each([
    ['more than was paid', { amountMinor: 1251 }, 'more than is left of the payment'],
    ['in another currency', { currency: 978 }, 'it was paid in another currency'],
    ['of a payment nobody knows', { original: 'T9' }, 'no payment T9'],
  ])('refunds nothing %s', async (_, more, reason) => {
    const { payments } = await start();
    await paid({ tillId: 'T1' });
    const refund = { ...sale, kind: 'refund', original: 'T1', ...more };
    expect(await resultOf(refund)).toMatchObject({ status: 'error', reason });
    expect(payments).toHaveLength(1);
    expect(await paid()).toMatchObject({ status: 'approved' });
  });

  it('takes nothing back that was declined, and knows no payment that never was', async () => {
    await start();
    const connection = new AbortController();
    const cancelled = ask({ ...sale, tillId: 'T1' }, connection.signal);
    await harness.seen('presentCard');
    connection.abort();
    await cancelled;
    await vi.waitUntil(() => harness.terminal.status().state === 'idle');
    const refused = await resultOf({ op: 'void', payment: 'T1' });
    expect(refused).toMatchObject({
      status: 'refused',
      reason: "it can't be taken back: cancelled",
    });
    const unknown = await resultOf({ op: 'void', payment: 'T9' });
    expect(unknown).toEqual({ status: 'error', reason: 'no payment T9' });
  });
});

describe('what the host refuses when it is forwarded', () => {
  it('is counted in the status until staff have noted it', async () => {
    const { books } = await start();
    const count = async () => (await ask({ op: 'status' }))['refusedLater'];
    expect(await count()).toBe(0);
    for (const id of ['AA', 'BB']) {
      const taken = { id, state: 'new', kind: 'purchase', startedMs: 1, currency: 840 } as const;
      const queued = await books.note({ ...taken, amountMinor: 100 }, 'acceptedOffline');
      if (isFault(queued)) throw new Error(queued.detail);
      await books.note(queued, 'forwardRefused');
    }
    await expect.poll(count).toBe(2);
    expect(await resultOf({ op: 'note', payment: 'AA' })).toMatchObject({ status: 'done' });
    expect(await count()).toBe(1);
    const again = await resultOf({ op: 'note', payment: 'AA' });
    expect(again).toMatchObject({ status: 'done', reason: 'noted before' });
    expect(await resultOf({ op: 'note', payment: 'CC' })).toMatchObject({ status: 'error' });
  });

  it('can only be noted of such a payment', async () => {
    await start();
    await paid({ tillId: 'T1' });
    const refused = await resultOf({ op: 'note', payment: 'T1' });
    expect(refused).toMatchObject({
      status: 'refused',
      reason: 'there is nothing to note: approved',
    });
  });
});

describe('what is being taken back', () => {
  it('is not given up by a note alone', async () => {
    await start();
    await paid({ tillId: 'T1' });
    await resultOf({ op: 'void', payment: 'T1' });
    const refused = await resultOf({ op: 'note', payment: 'T1' });
    expect(refused).toMatchObject({ status: 'refused', reason: expect.stringMatching(/give-up/) });
    expect(await harness.takenBack()).toHaveLength(1);
    const gone = await resultOf({ op: 'note', payment: 'T1', giveUp: true });
    expect(gone).toMatchObject({ status: 'done' });
    expect(await harness.takenBack()).toHaveLength(0);
  });

  it('can not be what is being taken just now', async () => {
    const host = slowHost();
    await start(host);
    const paying = resultOf({ ...sale, tillId: 'T1' });
    await harness.seen('presentCard');
    await harness.reader.present(cardNamed('visa-phone'), { holdMs: 200 });
    await harness.seen('authorising');
    for (const op of ['void', 'note']) {
      const refused = await resultOf({ op, payment: 'T1', ...(op === 'note' && { giveUp: true }) });
      expect(refused).toMatchObject({
        status: 'refused',
        reason: 'it is being taken just now: cancel it',
      });
    }
    host.decide();
    expect(await paying).toMatchObject({ status: 'approved' });
  });
});

describe('a terminal that can take no payment', () => {
  it('says what is wrong with its journal, and takes payments when that is over', async () => {
    const { journal, payments } = await start();
    journal.refuse(fault('journal', 'the disk is full: make room'));
    const refused = await resultOf(sale);
    expect(refused).toMatchObject({
      status: 'error',
      reason: 'no payment can be taken: the disk is full: make room',
    });
    expect(await ask({ op: 'status' })).toMatchObject({
      refusal: 'the disk is full: make room',
      journalRefusal: 'the disk is full: make room',
    });
    expect(await resultOf({ op: 'void', payment: 'T1' })).toMatchObject({ status: 'error' });
    journal.refuse(undefined);
    expect(payments).toHaveLength(0);
    expect(await paid()).toMatchObject({ status: 'approved' });
  });

  it('says that its keys were erased', async () => {
    const { keys } = await start();
    await paid({ tillId: 'T1' });
    await keys.erase('the case was opened');
    const refused = await resultOf(sale);
    expect(refused['reason']).toMatch(/^no payment can be taken: the keys were erased/);
    const owed = await resultOf({ op: 'void', payment: 'T1' });
    expect(owed).toMatchObject({ status: 'underWay', reason: expect.stringMatching(/erased/) });
    expect(await ask({ op: 'status' })).toMatchObject({
      keysRefusal: expect.stringMatching(/the case was opened/),
    });
  });
});

describe('a command that has done something beside the terminal', () => {
  const line = {
    ...{ person: 'Ann', role: 'manager', action: 'add person', subject: 'Bob' },
    ...{ outcome: 'done', says: 'Bob may sign in' },
  };

  it('is recorded, or told why not', async () => {
    await start();
    expect(await ask({ op: 'audit', ...line })).toEqual({ recorded: true });
    expect(recordedLines).toEqual([line]);
    const unwritten = await ask({ op: 'audit', ...line, action: 'not now' });
    expect(unwritten).toEqual({ error: 'the disk is full' });
  });

  it.each([
    ['the console', { from: 'console' }],
    ['another time', { atMs: 0 }],
    ['a role that there is not', { role: 'owner' }],
    ['words without end', { says: 'x'.repeat(1001) }],
  ])('can not pretend %s', async (_, more) => {
    await start();
    expect((await ask({ op: 'audit', ...line, ...more }))['error']).toMatch(/no request/);
    expect(recordedLines).toEqual([]);
  });
});

describe('a line that is no request', () => {
  it.each([
    ['no amount', { op: 'sale', currency: 840 }, /amountMinor/],
    ['a blank in the id', { ...sale, tillId: 'a b' }, /tillId: 1 to 64 letters/],
    ['an id without end', { ...sale, tillId: 'x'.repeat(65) }, /tillId/],
    ['a kind nobody knows', { ...sale, kind: 'gift' }, /kind/],
    ['no payment to void', { op: 'void' }, /payment/],
    ['an operation nobody knows', { op: 'dance' }, /op/],
  ])('is refused with its reason: %s', async (_, line, why) => {
    await start();
    expect((await ask(line))['error']).toMatch(why);
    expect(harness.terminal.status().state).toBe('idle');
  });
});

it('the devices begin with the card reader', async () => {
  await start();
  expect(await ask({ op: 'devices' })).toMatchObject({ devices: [{ kind: 'cardReader' }] });
});
