import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openPeople } from '#drivers/people/index.ts';
import { exportJournal } from '#drivers/sqlite/index.ts';
import { ANN, BOB } from '#test/ports/people-suite.ts';
import { keptLog } from '#test/support/kept-log.ts';
import { placesIn } from '../../src/cli/places.ts';
import { mayOrder } from '../../src/cli/updates/sign-in.ts';
import { clock } from '../../src/cli/world.ts';

const state = mkdtempSync(join(tmpdir(), 'countertap-update-order-'));
const places = placesIn(state);
const pin = (text: string): { readonly pinFile: string } => {
  const pinFile = join(state, `pin-${text.length}-${text.slice(0, 1)}`);
  writeFileSync(pinFile, `${text}\n`);
  chmodSync(pinFile, 0o600);
  return { pinFile };
};
const ORDER = { action: 'install update', says: 'install what is offered' };
const said: string[] = [];

beforeAll(() => {
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(`${text}`) > 0);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(state, { recursive: true });
});

const record = (): Record<string, unknown>[] => {
  const lines: string[] = [];
  exportJournal(places.journal, (line) => lines.push(line));
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'audit')
    .map(({ data }) => data);
};

describe('an order about updates', () => {
  it('is free to whoever has the machine while nobody is known here, and recorded', async () => {
    expect(await mayOrder(places, {}, ORDER)).toMatchObject({ role: 'machine' });
    expect(record().at(-1)).toMatchObject({ ...ORDER, role: 'machine', outcome: 'done' });
  });

  it('needs a manager or technician once people are known', async () => {
    const { wallMs, monotonicMs } = clock;
    const people = openPeople({ path: places.people, log: keptLog(), wallMs, monotonicMs });
    await people.addFirst('Ann', ANN, async () => undefined);
    await people.add('Bob', 'cashier', BOB, async () => undefined);
    await people.close();
    const bob = await mayOrder(places, { by: 'Bob', ...pin(BOB) }, ORDER);
    expect(bob).toEqual({ exit: 1 });
    expect(record().at(-1)).toMatchObject({ person: 'Bob', outcome: 'refused' });
    const ann = await mayOrder(places, { by: 'Ann', ...pin(ANN) }, ORDER);
    expect(ann).toMatchObject({ person: 'Ann', role: 'manager' });
    expect(record().at(-1)).toMatchObject({ ...ORDER, person: 'Ann', outcome: 'done' });
  });

  it('is refused to who does not say who they are, or has another PIN', async () => {
    expect(await mayOrder(places, {}, ORDER)).toEqual({ exit: 3 });
    expect(await mayOrder(places, { by: 'Ann', ...pin('000000') }, ORDER)).toEqual({ exit: 1 });
    expect(record().at(-1)).toMatchObject({ role: 'unknown', outcome: 'refused' });
    for (const secret of [ANN, BOB]) expect(said.join('')).not.toContain(secret);
  });

  it('that changes nothing needs no sign-in, and is recorded', async () => {
    const look = { action: 'look for updates', says: 'look', free: true };
    expect(await mayOrder(places, {}, look)).toMatchObject({ role: 'machine' });
    expect(record().at(-1)).toMatchObject({ action: 'look for updates', outcome: 'done' });
  });
});
