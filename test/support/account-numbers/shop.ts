import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { firstValueFrom } from 'rxjs';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { pageFiles } from '#drivers/http/index.ts';
import { openKeyStore } from '#drivers/keystore/index.ts';
import { type Kiosk, openKiosk } from '#drivers/kiosk/index.ts';
import { ensureKeys } from '#drivers/simulated/acquirer/keys.ts';
import { createMemoryLedger, type MemoryLedger } from '#drivers/simulated/acquirer/ledger.ts';
import { openSimulatedReader, type SimulatedReader } from '#drivers/simulated/index.ts';
import { openJournal } from '#drivers/sqlite/index.ts';
import { createCodec } from '#iso8583/index.ts';
import { openBooks } from '#payment/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Journal } from '#ports/journal.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import { localTime } from '#terminal/local-time.ts';
import { createTerminal } from '#terminal/terminal.ts';
import type { Terminal } from '#terminal/types.ts';
import { noCodes } from '#test/support/no-codes.ts';
import { counter, everythingTaken } from '#test/support/shop-decisions.ts';
import { createUplink, type Uplink, uplinkDefaults } from '#uplink/index.ts';
import { loadConfiguration } from '../../../src/cli/load-configuration.ts';
import { openLog } from '../../../src/cli/logging.ts';
import { injectSimulatedKeys } from '../../../src/cli/opening/open-safe.ts';
import { INSTALLATION, type Places, placesIn } from '../../../src/cli/places.ts';
import { clock, entropy } from '../../../src/cli/world.ts';
import { openTestHost, type TestHost } from './host.ts';

/** A terminal as main.ts puts it together, with its host in the same process. */
export interface Shop {
  readonly places: Places;
  readonly terminal: Terminal;
  readonly uplink: Uplink;
  readonly reader: SimulatedReader;
  readonly host: TestHost;
  readonly ledger: MemoryLedger;
  readonly journal: Journal;
  readonly keys: KeyStore;
  /** Everything else that was said, thrown or shown: what is in no file. */
  readonly said: string[];
  /** Ends it, in order or as a power cut would: the folder stays. */
  close(): Promise<void>;
}

export interface ShopOptions {
  readonly state: string;
  readonly ledger?: MemoryLedger;
  readonly offline: boolean;
  readonly issuedAs: (pan: string) => string;
}

export const newState = (): Promise<string> => mkdtemp(join(tmpdir(), 'countertap-numbers-'));
export const forget = (state: string): Promise<void> => rm(state, { recursive: true, force: true });

const configurationOf = (name: string) => {
  const loaded = loadConfiguration(name);
  if (isConfigProblem(loaded)) throw new Error(describeConfigProblem(loaded));
  return loaded;
};

const online = configurationOf('base');
const offline = configurationOf('test/support/offline-configuration');

export const openShop = async (options: ShopOptions): Promise<Shop> => {
  const places = placesIn(options.state);
  mkdirSync(places.state, { recursive: true, mode: 0o700 });
  const log = openLog(places.log, 'debug', false);
  const hostKeys = await ensureKeys(join(places.acquirerState, 'keys'));
  const keys = orThrow(await openKeyStore({ folder: places.keys, log }));
  orThrow(await injectSimulatedKeys(keys, hostKeys.paths, log));
  const journal = orThrow(await openJournal({ path: places.journal, log, wallMs: clock.wallMs }));
  const said: string[] = [];
  const ledger = options.ledger ?? createMemoryLedger();
  const host = openTestHost({
    ledger,
    log: hostLog(log),
    macKey: hostKeys.macKey,
    issuedAs: options.issuedAs,
  });
  const reader = openSimulatedReader({ monotonicMs: clock.monotonicMs, log });
  const page = pageFiles(join(INSTALLATION, 'drivers', 'kiosk', 'dist'));
  const display = orThrow(await openKiosk({ port: 0, log, page }));
  const watching = new AbortController();
  const watched = await watch(display, said, watching.signal);
  const { terminal, uplink } = await assemble({
    options,
    log,
    keys,
    journal,
    host,
    reader,
    display,
  });
  const loop = terminal.run$.subscribe((event) => said.push(inspect(event, { depth: 9 })));
  return {
    ...{ places, terminal, uplink, reader, host, ledger, journal, keys, said },
    close: async () => {
      loop.unsubscribe();
      await reader.close();
      watching.abort();
      await watched.done;
      await display.close();
      await journal.close();
      await keys.close();
    },
  };
};

/** Between a fault of the host and what comes of it, nobody waits long. */
export const ANSWER_WITHIN_MS = 60;

interface Parts {
  readonly options: ShopOptions;
  readonly log: Log;
  readonly keys: KeyStore;
  readonly journal: Journal;
  readonly host: TestHost;
  readonly reader: SimulatedReader;
  readonly display: Kiosk;
}

const assemble = async ({ options, log, keys, journal, host, reader, display }: Parts) => {
  const { contactless, texts } = options.offline ? offline : online;
  const books = await openBooks({ journal, clock, log });
  await firstValueFrom(books.open$);
  const uplink = createUplink({
    ...{ link: host.link, clock, log, books, keys },
    codec: createCodec({
      dialect: 'iso8583-1987-ascii',
      mac: true,
      localTime: () => localTime(clock.wallMs()),
    }),
    config: {
      ...uplinkDefaults,
      terminalId: 'CTAP0001',
      merchantId: 'CORNERSHOP00001',
      answerWithinMs: ANSWER_WITHIN_MS,
      reversalsWithinMs: 1_000,
      repeatAfterMs: { first: 5, last: 20 },
    },
  });
  const terminal = createTerminal({
    ...{ reader, display, uplink, books, keys, clock, entropy, log, contactless },
    acceptance: everythingTaken(),
    ...noCodes,
    settings: {
      ...{ merchant: 'Corner Shop', configuration: 'base', texts, language: 'en' },
      ...{ exchangeDeadlineMs: 30, cardTimeoutMs: 500, resultMs: 0, attempts: 1 },
      ...{ answerWithinMs: 500, ...counter },
      offline: { kernel: true, deferred: true, currency: 840, schemes: {} },
    },
  });
  return { terminal, uplink };
};

// The host's lines go where the terminal's go: none of either may hold a number.
const hostLog = (log: Log): Log => log;

const watch = async (display: Kiosk, said: string[], signal: AbortSignal) => {
  const page = await fetch(display.url, { signal });
  said.push(await page.text());
  const stream = await fetch(new URL('events', display.url), { signal });
  if (!stream.ok || stream.body === null) throw new Error(`events: ${stream.status}`);
  const read = async (body: ReadableStream<Uint8Array>): Promise<void> => {
    try {
      for await (const chunk of body) said.push(Buffer.from(chunk).toString('utf8'));
    } catch {
      // Aborted: the shop closes.
    }
  };
  return { done: read(stream.body) };
};

const orThrow = <T>(value: T): Exclude<T, { fault: string }> => {
  if (isFault(value)) throw new Error(value.detail);
  return value as Exclude<T, { fault: string }>;
};
