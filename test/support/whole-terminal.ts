import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BehaviorSubject, NEVER, Subject } from 'rxjs';
import { isConfigProblem } from '#config/problem.ts';
import { openKeyStore } from '#drivers/keystore/index.ts';
import { openSimulatedReader, type SimulatedReader } from '#drivers/simulated/index.ts';
import { openJournal } from '#drivers/sqlite/index.ts';
import { createCodec, type Message, macInput, withMac } from '#iso8583/index.ts';
import type { KernelRegistry } from '#kernels/shared/kernel.ts';
import { type Books, type OfflineRules, openBooks } from '#payment/index.ts';
import type { CardReader } from '#ports/card-reader.ts';
import type { CustomerDisplay } from '#ports/customer-display.ts';
import { fault } from '#ports/fault.ts';
import type { HostLink, LinkState } from '#ports/host-link.ts';
import type { Journal } from '#ports/journal.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import { localTime } from '#terminal/local-time.ts';
import { createTerminal } from '#terminal/terminal.ts';
import type { Terminal } from '#terminal/types.ts';
import {
  ACCOUNT_BLOCK,
  CMAC_BLOCK,
  sound,
  TRANSPORT,
} from '#test/drivers/keystore/key-material.ts';
import { noCodes } from '#test/support/no-codes.ts';
import { counter, everythingTaken } from '#test/support/shop-decisions.ts';
import { createUplink, type Uplink, uplinkDefaults } from '#uplink/index.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { clock, entropy } from '../../src/cli/world.ts';

/** Everything of a terminal but its reader, its screen and its host, which the test plays. */
export interface WholeTerminal {
  readonly folder: string;
  readonly terminal: Terminal;
  readonly uplink: Uplink;
  readonly books: Books;
  readonly reader: SimulatedReader;
  linkDown(): void;
  linkUp(): void;
  close(): Promise<void>;
}

export interface WholeTerminalOptions {
  /** The host's answer; undefined when it stays silent. */
  readonly host: (request: Message) => Message | undefined;
  /** A message was handed to the network. */
  readonly onSent?: (bytes: Uint8Array) => void;
  readonly journal?: (real: Journal) => Journal;
  readonly reader?: (real: SimulatedReader) => CardReader;
  readonly offline?: Partial<OfflineRules>;
  readonly kernels?: KernelRegistry;
  readonly answerWithinMs?: number;
}

/**
 * A terminal in this process: its journal and keys on the disk, its messages as bytes with a MAC,
 * its reader the simulated one.
 */
export const wholeTerminal = async (options: WholeTerminalOptions): Promise<WholeTerminal> => {
  const folder = await mkdtemp(join(tmpdir(), 'countertap-whole-'));
  const keys = await loadedKeys(join(folder, 'keys'));
  const path = join(folder, 'journal', 'journal.db');
  const real = sound(await openJournal({ path, log, wallMs: clock.wallMs }));
  const books = await openBooks({ journal: options.journal?.(real) ?? real, clock, log });
  const host = hostLink(options, keys);
  const { answerWithinMs = 2000 } = options;
  const uplink = createUplink({
    ...{ link: host.link, books, keys, codec, clock, log },
    config: {
      ...uplinkDefaults,
      ...{ signOn: false, terminalId: 'COUNTER1', merchantId: 'MERCHANT0000001', answerWithinMs },
    },
  });
  const reader = openSimulatedReader({ monotonicMs: clock.monotonicMs, log });
  const terminal = terminalOf(options, { uplink, books, keys, reader });
  const loop = terminal.run$.subscribe();
  return {
    ...{ folder, terminal, uplink, books, reader },
    ...{ linkDown: host.goesDown, linkUp: host.comesUp },
    close: async () => {
      await terminal.finish();
      loop.unsubscribe();
      await reader.close();
      await real.close();
      await keys.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const silent = () => {};
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

const codec = createCodec({
  dialect: 'iso8583-1987-ascii',
  mac: true,
  localTime: () => localTime(clock.wallMs()),
});

const loadedKeys = async (folder: string): Promise<KeyStore> => {
  const keys = sound(await openKeyStore({ folder, log }));
  sound(await keys.loadTransportKey(TRANSPORT));
  for (const block of [ACCOUNT_BLOCK, CMAC_BLOCK]) sound(await keys.load(block));
  return keys;
};

const hostLink = ({ host, onSent }: WholeTerminalOptions, keys: KeyStore) => {
  const up: LinkState = { link: 'up', peer: 'played' };
  const why = fault('linkDown', 'the cable is out');
  const state = new BehaviorSubject<LinkState>(up);
  const received = new Subject<Uint8Array>();
  const answer = async (bytes: Uint8Array) => {
    const said = host(sound(codec.decode(bytes)));
    if (said === undefined) return;
    const plain = sound(codec.encode(said));
    received.next(sound(withMac(plain, sound(await keys.mac(macInput(plain))))));
  };
  const link: HostLink = {
    state$: state,
    received$: received,
    send: async (bytes) => {
      if (state.value.link === 'down') return why;
      onSent?.(bytes);
      setImmediate(() => void answer(bytes));
      return undefined;
    },
    close: async () => state.complete(),
  };
  return {
    link,
    goesDown: () => state.next({ link: 'down', why }),
    comesUp: () => state.next(up),
  };
};

const terminalOf = (
  options: WholeTerminalOptions,
  parts: {
    readonly uplink: Uplink;
    readonly books: Books;
    readonly keys: KeyStore;
    readonly reader: SimulatedReader;
  },
): Terminal => {
  const configuration = loadConfiguration('base');
  if (isConfigProblem(configuration)) throw new Error('the base configuration is broken');
  const { contactless, texts } = configuration;
  const display: CustomerDisplay = {
    show: silent,
    choices$: NEVER,
    answers$: NEVER,
    watchers$: NEVER,
    close: async () => {},
  };
  return createTerminal({
    ...{ ...parts, display, clock, entropy, log },
    reader: options.reader?.(parts.reader) ?? parts.reader,
    contactless: {
      ...contactless,
      kernels: new Map([...contactless.kernels, ...(options.kernels ?? [])]),
    },
    acceptance: everythingTaken(),
    ...noCodes,
    settings: {
      ...{ merchant: 'Corner Shop', configuration: 'base', texts, language: 'en' },
      ...{ exchangeDeadlineMs: 1000, cardTimeoutMs: 5000, resultMs: 10, attempts: 2 },
      offline: { kernel: false, deferred: false, currency: 840, schemes: {}, ...options.offline },
      answerWithinMs: options.answerWithinMs ?? 2000,
      ...counter,
    },
  });
};
