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
  /** How many of the seed's numbers are passed over: for several processes at once. */
  readonly after?: number;
  /** Payments between two searches; the folder of each is removed after it. */
  readonly batch?: number;
}

/**
 * Sends account numbers through every path of the terminal, and looks for them in everything that
 * it wrote, said and showed.
 */
export const sweep = async (options: SweepOptions): Promise<SweepReport> => {
  const { seed, count, after: first = 0, batch = 1000 } = options;
  const accounts = testAccounts(seed, first + count);
  const total: Total = { ends: new Map(), found: [], bytesSearched: 0, transcripts: 0 };
  for (let from = first; from < first + count; from += batch) {
    const state = await newState();
    const offline = (from / batch) % 2 === 0;
    try {
      await oneDay({ accounts: accounts.slice(from, from + batch), from, state, offline }, total);
    } finally {
      for (const end of ['', '-damaged', CRASHED, `${CRASHED}-damaged`]) {
        await forget(`${state}${end}`);
      }
    }
  }
  return { ...total, numbers: count };
};

interface Total {
  readonly ends: Map<string, number>;
  readonly found: Found[];
  bytesSearched: number;
  transcripts: number;
}

interface Day {
  readonly accounts: readonly TestAccount[];
  /** The first one's place in the row of all. */
  readonly from: number;
  readonly state: string;
  readonly offline: boolean;
}

const CRASHED = '-crashed';

const oneDay = async ({ accounts, from, state, offline }: Day, total: Total): Promise<void> => {
  const issued = new Map<string, string>();
  const issuedAs = (pan: string): string => issued.get(pan) ?? pan;
  const shop = await openShop({ state, offline, issuedAs });
  const crashed = `${state}${CRASHED}`;
  for (const [index, account] of accounts.entries()) {
    const serial = from + index;
    const path = pathOf(serial);
    const middle = index === accounts.length >> 1;
    const { status } = await take({
      ...{ shop, path, account, serial },
      made: (card) => issued.set(account.pan, card.issuedAs),
      asking: () => middle && cpSync(state, crashed, COPY),
    });
    const end = `${path.name}: ${status}`;
    total.ends.set(end, (total.ends.get(end) ?? 0) + 1);
  }
  const search = searchFor(secretsOf(accounts, issued));
  const seen = await look(shop, state, search);
  total.found.push(...seen.found);
  total.transcripts += seen.count;
  // The power was cut in the middle, and the terminal starts again.
  const after = await openShop({ state: crashed, offline, issuedAs, ledger: shop.ledger });
  total.found.push(...(await look(after, crashed, search)).found);
  total.bytesSearched += search.bytes();
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
