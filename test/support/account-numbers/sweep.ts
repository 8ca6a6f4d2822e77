import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { HOLDER } from './cards.ts';
import { type TestAccount, testAccounts } from './numbers.ts';
import { pathOf, take } from './paths.ts';
import { type Found, type Search, searchFor } from './search.ts';
import { forget, newState, openShop, type Shop } from './shop.ts';
import { inCommands, inFiles, inRecovery, inTranscripts } from './traces.ts';

export interface SweepReport {
  readonly found: readonly Found[];
  /** How often each path ended how: "approved: approved". */
  readonly ends: ReadonlyMap<string, number>;
  readonly numbers: number;
  readonly bytesSearched: number;
  readonly transcripts: number;
}

export interface SweepOptions {
  readonly seed: number;
  readonly count: number;
  /** Payments between two searches; the folder of each is removed after it. */
  readonly batch?: number;
}

/**
 * Sends account numbers through every path of the terminal, and looks for them in everything that
 * it wrote, said and showed.
 */
export const sweep = async ({ seed, count, batch = 1000 }: SweepOptions): Promise<SweepReport> => {
  const accounts = testAccounts(seed, count);
  const issued = new Map<string, string>();
  const ends = new Map<string, number>();
  const found: Found[] = [];
  let bytesSearched = 0;
  let transcripts = 0;
  for (let from = 0; from < count; from += batch) {
    const some = accounts.slice(from, from + batch);
    const issuedAs = (pan: string): string => issued.get(pan) ?? pan;
    const state = await newState();
    const day = { state, offline: (from / batch) % 2 === 0, issuedAs };
    const shop = await openShop(day);
    const crashed = `${state}-crashed`;
    for (const [index, account] of some.entries()) {
      const serial = from + index;
      const path = pathOf(serial);
      const crash = index === some.length >> 1 ? () => cpSync(state, crashed, COPY) : undefined;
      const { status } = await take({
        ...{ shop, path, account, serial },
        made: ({ issuedAs: other }) => issued.set(account.pan, other),
        asking: crash ?? (() => undefined),
      });
      const end = `${path.name}: ${status}`;
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
    const search = searchFor(secretsOf(some, issued));
    const seen = await look(shop, state, search);
    found.push(...seen.found);
    transcripts += seen.count;
    // The power was cut in the middle, and the terminal starts again.
    const after = await openShop({ ...day, state: crashed, ledger: shop.ledger });
    found.push(...(await look(after, crashed, search)).found);
    bytesSearched += search.bytes();
    await Promise.all([forget(state), forget(crashed), forget(`${state}-damaged`)]);
    await forget(`${crashed}-damaged`);
  }
  return { found, ends, numbers: count, bytesSearched, transcripts };
};

// A log is written on, whatever happens.
const COPY = { recursive: true, filter: (path: string) => !path.endsWith('terminal.log') };

const look = async (shop: Shop, state: string, search: Search) => {
  const journal = shop.places.journal;
  await shop.terminal.reconcile();
  const open = [...search('said', shop.said.join('\n')), ...inFiles(join(journal, '..'), search)];
  const ledger = search('ledger', JSON.stringify(shop.ledger.entries()));
  await shop.close();
  const { found, count } = inTranscripts(journal, search);
  const closed = [
    ...inFiles(state, search),
    ...inCommands(journal, search),
    ...inRecovery(journal, join(`${state}-damaged`), search),
  ];
  const names = shop.said.filter((text) => text.includes(HOLDER));
  const holder = names.map((text) => ({
    ...{ what: 'cardholder name', form: 'digits' as const, place: 'said', at: 0, digits: '' },
    around: text.slice(0, 200),
  }));
  return { found: [...open, ...ledger, ...found, ...closed, ...holder], count };
};

/** What may lie nowhere, by what it is. A number's stand-in at the issuer is a number as well. */
export const secretsOf = (
  accounts: readonly TestAccount[],
  issued: ReadonlyMap<string, string> = new Map(),
): ReadonlyMap<string, string> =>
  new Map(
    accounts.flatMap(({ pan, pinBlock, discretionaryData }): [string, string][] => [
      [pan, 'account number'],
      [pinBlock, 'PIN block'],
      ...(issued.has(pan) ? [[issued.get(pan) ?? pan, 'account number'] as [string, string]] : []),
      ...(discretionaryData.length >= 12
        ? [[discretionaryData, 'track 2'] as [string, string]]
        : []),
    ]),
  );
