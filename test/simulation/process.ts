import { BehaviorSubject, NEVER } from 'rxjs';
import { describeConfigProblem, isConfigProblem } from '#config/problem.ts';
import { aesCmac } from '#crypto/cmac.ts';
import { createCodec } from '#iso8583/index.ts';
import type { Kernel } from '#kernels/shared/kernel.ts';
import { outcome } from '#kernels/shared/outcome.ts';
import { uiRequest } from '#kernels/shared/ui-request.ts';
import { openBooks } from '#payment/index.ts';
import type { Clock } from '#ports/clock.ts';
import type { CustomerDisplay } from '#ports/customer-display.ts';
import type { HostLink } from '#ports/host-link.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log, LogFields } from '#ports/log.ts';
import type { TillDesk } from '#ports/till-line.ts';
import { localTime } from '#terminal/local-time.ts';
import { createTerminal } from '#terminal/terminal.ts';
import type { SaleResult, Terminal, TerminalEvent, TerminalSettings } from '#terminal/types.ts';
import { memoryKeyStore } from '#test/support/memory-key-store.ts';
import { noCodes } from '#test/support/no-codes.ts';
import { counter, everythingTaken } from '#test/support/shop-decisions.ts';
import { createUplink, uplinkDefaults } from '#uplink/index.ts';
import { type Configuration, loadConfiguration } from '../../src/cli/load-configuration.ts';
import { openDesk } from './desk.ts';
import { MAC_KEY } from './host-side.ts';
import type { Life } from './life.ts';
import type { Random } from './random.ts';
import { schedulerOn } from './time.ts';
import type { Shop } from './weather.ts';
import type { Surroundings, World } from './world.ts';

const configurationOf = (name: string) => {
  const loaded = loadConfiguration(name);
  if (isConfigProblem(loaded)) throw new Error(describeConfigProblem(loaded));
  return loaded;
};

const online = configurationOf('base');
const offline = configurationOf('test/support/offline-configuration');

/** The key store is a device of its own: it outlives the terminal's processes. */
export const keysOf = (mac: boolean): KeyStore => ({
  ...memoryKeyStore({ seed: 'simulation' }),
  hasMacKey: mac,
  mac: async (message) => aesCmac(MAC_KEY, message).slice(0, 8),
});

export interface Parts {
  readonly world: World;
  readonly surroundings: Surroundings;
  readonly keys: KeyStore;
  readonly link: HostLink;
  /** Whether tills come with messages. */
  readonly withDesk: boolean;
}

/** Starts the terminal as main.ts does, on this life's view of the world. */
export const startProcess = async (
  life: Life,
  parts: Parts,
): Promise<{ readonly terminal: Terminal; readonly desk?: TillDesk }> => {
  const { world, surroundings, keys, link } = parts;
  const { agenda, terminalWallMs: wallMs } = world;
  const { shop } = world.weather();
  const configuration = shop.offlineCards ? offline : online;
  const random = world.random.fork(`process ${life.number}`);
  const clock: Clock = {
    wallMs,
    monotonicMs: agenda.nowMs,
    scheduler: schedulerOn(agenda, () => life.alive),
  };
  const log = logOf(life, world);
  const journal = surroundings.disk.journalFor(life);
  const books = await openBooks({ journal, clock, log });
  const uplink = createUplink({
    link,
    clock,
    log,
    books,
    keys,
    codec: createCodec({
      dialect: shop.dialect,
      mac: shop.mac,
      localTime: () => localTime(wallMs()),
    }),
    config: {
      ...uplinkDefaults,
      terminalId: 'CTAP0001',
      merchantId: 'CORNERSHOP00001',
      messages: shop.messages,
    },
  });
  const ended: Ended = { result: undefined };
  const terminal = createTerminal({
    reader: surroundings.counterTop.readerFor(life),
    display: displayOf(life, parts, ended),
    uplink,
    books,
    keys,
    clock,
    entropy: { bytes: random.bytes },
    log,
    contactless: {
      ...configuration.contactless,
      kernels: new Map(
        [...configuration.contactless.kernels].map(([id, kernel]) => [
          id,
          wantingTheCardAgain(kernel, world, random.fork(id)),
        ]),
      ),
    },
    acceptance: everythingTaken(),
    ...noCodes,
    settings: settingsOf(configuration, shop),
  });
  terminal.run$.subscribe((event) => noteEnd(event, ended));
  if (!parts.withDesk) return { terminal };
  const entropy = { bytes: random.fork('desk').bytes };
  return { terminal, desk: openDesk({ terminal, books, journal, clock, entropy, log }) };
};

const settingsOf = (
  { name, texts }: Configuration,
  { kernel, deferred, limits, schemes }: Shop,
): TerminalSettings => ({
  merchant: 'Corner Shop',
  configuration: name,
  texts,
  language: 'en',
  exchangeDeadlineMs: 500,
  cardTimeoutMs: 20_000,
  resultMs: 2_000,
  attempts: 3,
  answerWithinMs: uplinkDefaults.answerWithinMs,
  ...counter,
  offline: { kernel, deferred, currency: 840, ...limits, schemes },
});

interface Ended {
  result: SaleResult | undefined;
}

const noteEnd = (event: TerminalEvent, ended: Ended): void => {
  if (event.event === 'saleEnded') ended.result = event.result;
};

// A shopper sees what is drawn; nothing is drawn by a process that is no more.
const displayOf = (life: Life, { world, surroundings }: Parts, ended: Ended): CustomerDisplay => ({
  show: (view) => {
    if (!life.alive) return;
    if (world.cutsAt('show')) world.crash('before a screen was shown');
    if (!life.alive) return;
    world.trace('display', view.screen, view.amount);
    world.watch.showed(view, ended.result, surroundings.disk.durable());
    if (world.cutsAt('show')) world.crash('after a screen was shown');
  },
  choices$: NEVER,
  answers$: NEVER,
  watchers$: new BehaviorSubject(1),
  close: async () => undefined,
});

const logOf = (life: Life, world: World): Log => {
  const line = (level: string) => (fields: LogFields, message: string) => {
    if (!life.alive) return;
    world.watch.logged(fields, message);
    world.trace(`log ${level}`, message, fields);
  };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
};

// Few cards want a second tap: this kernel makes any of them do so, and decides by chance.
const wantingTheCardAgain = (kernel: Kernel, world: World, random: Random): Kernel => {
  let waiting = false;
  return function* (input) {
    if (input.restart && waiting) {
      waiting = false;
      return outcome(
        random.pick(['approved', 'approved', 'approved', 'declined', 'endApplication']),
      );
    }
    const end = yield* kernel(input);
    waiting = end.outcome === 'onlineRequest' && random.chance(world.weather().card.secondTap);
    if (!waiting) return end;
    world.count('second taps wanted');
    return {
      ...end,
      start: 'B',
      onlineResponseType: random.pick(['any', 'emvData']),
      uiOnRestart: uiRequest('21', 'readyToRead'),
      fieldOffMs: 0,
    };
  };
};
