import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Subject } from 'rxjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Family } from '#drivers/metrics/index.ts';
import type { HostLink } from '#ports/host-link.ts';
import type { UpkeepStanding } from '#ports/upkeep.ts';
import type { Terminal } from '#terminal/types.ts';
import { countedLink } from '../../src/cli/service/round-trips.ts';
import { type StateParts, stateFamilies } from '../../src/cli/service/state-families.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'countertap-families-'));
});
afterAll(() => rm(folder, { recursive: true }));

const status = {
  ...{ state: 'idle', reader: 'none', readerPresent: false, link: 'down', linkUp: false },
  ...{ openReversals: 2, toForward: 3, oldestToForwardSeconds: 90, openOrders: 0, unknown: 0 },
  ...{ period: 1, displays: 1, acceptance: { plasticOnly: false }, refusal: 'the disk is full' },
} as const;

const parts = (more: Partial<StateParts> = {}): StateParts => ({
  terminal: { status: () => status as unknown as ReturnType<Terminal['status']> },
  places: { journal: join(folder, 'journal.db') },
  version: '1.4.0',
  ...more,
});

const valuesOf = (families: readonly Family[], name: string) => {
  const family = families.find((one) => one.name === name);
  return family && 'samples' in family ? family.samples : undefined;
};

test('a terminal that lacks reader, host and disk says so in numbers', async () => {
  await writeFile(join(folder, 'journal.db'), Buffer.alloc(4096));
  await writeFile(join(folder, 'journal.db-wal'), Buffer.alloc(100));
  const families = await stateFamilies(parts());
  const value = (name: string) => valuesOf(families, name)?.[0]?.value;
  expect(value('countertap_reader_present')).toBe(0);
  expect(value('countertap_host_link_up')).toBe(0);
  expect(value('countertap_payments_possible')).toBe(0);
  expect(value('countertap_contactless_accepted')).toBe(1);
  expect(value('countertap_reversals_open')).toBe(2);
  expect(value('countertap_payments_to_forward')).toBe(3);
  expect(value('countertap_oldest_to_forward_seconds')).toBe(90);
  expect(value('countertap_journal_size_bytes')).toBe(4196);
  expect(value('countertap_update_managed')).toBeUndefined();
});

test('an update in its probation is 1 for that phase and 0 for the others', async () => {
  const standing = (): UpkeepStanding => ({
    managed: true,
    version: '1.4.0',
    phase: 'probation',
    work: 'none',
    lastLook: { atMs: 1_700_000_000_000 },
  });
  const families = await stateFamilies(parts({ upkeep: { standing } }));
  const phases = valuesOf(families, 'countertap_update_phase') ?? [];
  expect(phases).toHaveLength(8);
  expect(phases.filter(({ value }) => value === 1)).toEqual([
    { labels: { phase: 'probation' }, value: 1 },
  ]);
  expect(valuesOf(families, 'countertap_update_last_look_timestamp_seconds')).toEqual([
    { value: 1_700_000_000 },
  ]);
});

test('a message to the host and the next one from it are a round trip', async () => {
  const received = new Subject<Uint8Array>();
  const bare: HostLink = {
    state$: new Subject(),
    received$: received,
    send: async () => undefined,
    close: async () => received.complete(),
  };
  const { link, families } = countedLink(bare, 60_000);
  const count = () => families()[1] as Extract<Family, { type: 'histogram' }>;
  received.next(Uint8Array.of(1));
  expect(count().distributions[0]?.count).toBe(0);
  await link.send(Uint8Array.of(2));
  received.next(Uint8Array.of(3));
  received.next(Uint8Array.of(4));
  expect(count().distributions[0]?.count).toBe(1);
  expect(valuesOf(families(), 'countertap_host_messages_total')).toEqual([
    { labels: { direction: 'received' }, value: 3 },
    { labels: { direction: 'sent' }, value: 1 },
  ]);
  await link.close();
});
