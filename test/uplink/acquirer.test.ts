import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firstValueFrom, type Subscription } from 'rxjs';
import { filter, timeout } from 'rxjs/operators';
import { afterEach, describe, expect, test } from 'vitest';
import { hex } from '#bytes/hex.ts';
import { openKeyStore } from '#drivers/keystore/index.ts';
import { type Acquirer, createAcquirer } from '#drivers/simulated/acquirer/acquirer.ts';
import { createTlsLink } from '#drivers/tls/index.ts';
import { createCodec, type DialectName, dialects, type FramingOptions } from '#iso8583/index.ts';
import { openBooks, owed, type PaymentRecord } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { HostLink } from '#ports/host-link.ts';
import type { KeyStore } from '#ports/key-store.ts';
import { memoryJournal } from '#test/support/memory-journal.ts';
import { createUplink, type Uplink, type UplinkParts } from '#uplink/index.ts';
import { clock, config, dataRecord, memoryLog, payment as tap, VISA } from './support.ts';

interface Shop {
  readonly acquirer: Acquirer;
  readonly uplink: Uplink;
  readonly parts: UplinkParts;
  readonly log: ReturnType<typeof memoryLog>;
}

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const real = { ...clock, wallMs: Date.now };

const keysOf = async (folder: string, { keys: paths }: Acquirer): Promise<KeyStore> => {
  const keys = await openKeyStore({ folder: join(folder, 'keys-of-terminal'), log: memoryLog() });
  if (isFault(keys)) throw new Error(keys.detail);
  closing.push(() => keys.close());
  const text = async (path: string) => (await readFile(path, 'utf8')).trim();
  await keys.loadTransportKey(hex(await text(paths.transport)));
  for (const path of [paths.account, paths.mac]) {
    const loaded = await keys.load(await text(path));
    if (isFault(loaded)) throw new Error(loaded.detail);
  }
  return keys;
};

/** A terminal's uplink, by TLS, at an acquirer that speaks like this. */
const open = async (
  dialect: DialectName,
  { mac = true, framing }: { readonly mac?: boolean; readonly framing?: FramingOptions } = {},
): Promise<Shop> => {
  const folder = await mkdtemp(join(tmpdir(), 'countertap-uplink-'));
  closing.push(() => rm(folder, { recursive: true }));
  const log = memoryLog();
  const speech = { dialect, mac, ...(framing ? { framing } : {}) };
  const acquirer = await createAcquirer({ stateDir: folder, port: 0, log: memoryLog(), ...speech });
  closing.push(() => acquirer.close());
  const link = linkTo(acquirer, framing);
  closing.push(() => link.close());
  const keys = await keysOf(folder, acquirer);
  const books = await openBooks({ journal: memoryJournal(Date.now), clock: real, log });
  const codec = createCodec({ dialect, mac, localTime: () => '261121165900' });
  const parts = { link, books, keys, codec, clock: real, log, config };
  const uplink = createUplink(parts);
  const working: Subscription = uplink.state$.subscribe();
  closing.push(async () => working.unsubscribe());
  await firstValueFrom(
    link.state$.pipe(
      filter((state) => state.link === 'up'),
      timeout(5_000),
    ),
  );
  return { acquirer, uplink, parts, log };
};

const linkTo = ({ port, certificates }: Acquirer, framing?: FramingOptions): HostLink =>
  createTlsLink({
    host: '127.0.0.1',
    port,
    serverName: 'localhost',
    authorityPath: certificates.authority,
    certificatePath: certificates.clientCertificate,
    keyPath: certificates.clientKey,
    ...(framing ? { framing } : {}),
  });

const settle = async (
  { uplink, parts: { books, keys } }: Shop,
  atc: number,
  amountMinor: number,
  kind: PaymentRecord['kind'] = 'purchase',
): Promise<PaymentRecord> => {
  const asked = await tap(amountMinor, atc, {
    kind,
    ...(kind === 'refund' ? { type: '20' } : {}),
    keys,
  });
  const { record, outcome } = await uplink.authorise(asked, new AbortController().signal);
  if (outcome.kind === 'unanswered') throw new Error(outcome.fault.detail);
  const held = kind === 'preAuthorisation' ? 'preAuthorised' : 'approved';
  const { code, meaning } = outcome.row;
  const { authorisationCode } = outcome;
  const written = await books.note(record, outcome.approved ? held : 'declined', {
    period: books.period,
    answer: {
      responseCode: code,
      meaning,
      ...(authorisationCode ? { authorisationCode } : {}),
    },
    ...(outcome.approvedMinor === undefined ? {} : { approvedMinor: outcome.approvedMinor }),
  });
  if (isFault(written)) throw new Error(written.detail);
  return written;
};

const nothingOwed = async ({ parts: { books } }: Shop) =>
  firstValueFrom(
    books.open$.pipe(
      filter((open) => open.length === 0),
      timeout(5_000),
    ),
  );

const atTheHost = ({ acquirer }: Shop) =>
  (acquirer.books(config.terminalId)[0]?.payments ?? []).map(
    ({ kind, standingMinor, state }) => `${kind} ${standingMinor} ${state}`,
  );

/** A shop's day: everything that a host can be asked. */
const day = async (shop: Shop): Promise<void> => {
  const { uplink, parts } = shop;
  await settle(shop, 1, 1250);
  expect(await settle(shop, 2, 1205)).toMatchObject({ state: 'declined' });
  await settle(shop, 3, 300, 'refund');
  const held = await settle(shop, 4, 5000, 'preAuthorisation');
  const voided = await settle(shop, 5, 700);
  await parts.books.note(voided, 'reversalOwed', owed('voided', Date.now()));
  expect(await uplink.reversed(voided.id, 5_000)).toBe(true);
  const completion = await tap(4000, 6, { kind: 'completion', keys: parts.keys });
  const { tap: _, ...withoutTap } = completion;
  await uplink.accept({ ...withoutTap, original: held }, 'completion', {}, held);
  await nothingOwed(shop);
  await uplink.accept(await tap(900, 7, { keys: parts.keys, approved: true }), 'kernel', {});
  await nothingOwed(shop);
};

describe('at a host that speaks', () => {
  test.each(Object.keys(dialects) as DialectName[])('%s, a whole day agrees', async (dialect) => {
    const shop = await open(dialect);
    await day(shop);
    const closed = await shop.uplink.reconcile();
    if (isFault(closed)) throw new Error(closed.detail);
    expect(closed.currencies.map(({ inBalance }) => inBalance)).toEqual([true]);
    expect(atTheHost(shop)).toEqual([
      'purchase 1250 booked',
      'purchase 0 declined',
      'refund 300 booked',
      'preAuthorisation 0 completed',
      'purchase 0 reversed',
      'completion 4000 booked',
      'purchase 900 booked',
    ]);
    expect(shop.log.lines.join('\n')).not.toContain(VISA);
  });

  test.each(Object.keys(dialects) as DialectName[])(
    '%s, it has the parts of an amount',
    async (d) => {
      const shop = await open(d);
      const { keys } = shop.parts;
      const asked = await tap(1300, 1, { type: '09', cashBackMinor: 500, keys });
      const parts = { cashBackMinor: 500, tipMinor: 200, surchargeMinor: 50 };
      const payment = { ...asked, record: { ...asked.record, ...parts } };
      const { record } = await shop.uplink.authorise(payment, new AbortController().signal);
      expect(shop.acquirer.last(1)).toMatchObject([
        { responseCode: '00', amountMinor: 1300, cashBackMinor: 500, tipMinor: 200, feeMinor: 50 },
      ]);
      await shop.parts.books.note(record, 'reversalOwed', owed('cancelled', Date.now()));
      expect(await shop.uplink.reversed(record.id, 5_000)).toBe(true);
    },
  );

  test.each(Object.keys(dialects) as DialectName[])('%s, it tells a balance', async (dialect) => {
    const shop = await open(dialect);
    await settle(shop, 1, 1250);
    const data = dataRecord(0, 2, { type: '31' });
    const answer = await shop.uplink.inquire(
      {
        ...{ account: 'default', currency: 840, localTime: '261121165900' },
        tap: { kernel: 'K3', data, cryptogram: true },
      },
      new AbortController().signal,
    );
    expect(answer).toMatchObject({
      balance: { kind: 'available', amountMinor: 98_750, currency: 840 },
    });
    const closed = await shop.uplink.reconcile();
    expect(closed).toMatchObject({ currencies: [{ inBalance: true }] });
    expect(atTheHost(shop)).toEqual(['purchase 1250 booked']);
    expect(shop.log.lines.join('\n')).not.toContain('98750');
  });

  test.each([
    ['four digits in front', { header: 'ascii-4' }],
    [
      'a length that counts itself, and a TPDU',
      {
        header: 'binary-2-inclusive',
        tpdu: { destination: '0011', source: '0022' },
      },
    ],
  ] as const)('with %s', async (_, framing) => {
    const shop = await open('iso8583-1987-bcd', { framing });
    expect(await settle(shop, 1, 1250)).toMatchObject({ state: 'approved' });
  });

  test('a part of the amount', async () => {
    const shop = await open('iso8583-1987-ascii');
    expect(await settle(shop, 1, 6610)).toMatchObject({ state: 'approved', approvedMinor: 3305 });
  });
});

describe('a message authentication code', () => {
  test('that is wrong counts as no answer: the payment is taken back', async () => {
    const shop = await open('iso8583-1987-ascii');
    shop.acquirer.goWrong('wrong-mac', 1, 0);
    const { parts, uplink } = shop;
    const quick = createUplink({ ...parts, config: { ...config, answerWithinMs: 300 } });
    const { record, outcome } = await quick.authorise(
      await tap(1250, 1, { keys: parts.keys }),
      new AbortController().signal,
    );
    expect(outcome).toMatchObject({ mayHaveArrived: true, fault: { fault: 'timeout' } });
    expect(shop.log.lines.join('\n')).toContain('MAC');
    await parts.books.note(record, 'reversalOwed', owed('noAnswer', Date.now()));
    expect(await uplink.reversed(record.id, 5_000)).toBe(true);
    expect(atTheHost(shop)).toEqual(['purchase 0 reversed']);
  });
});
