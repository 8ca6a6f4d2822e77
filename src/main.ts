import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  filter,
  firstValueFrom,
  merge,
  type Observable,
  race,
  Subject,
  tap,
  timer,
  type Unsubscribable,
} from 'rxjs';
import type { TerminalConfig } from '#config/terminal-config.ts';
import { currencyByCode } from '#data/currencies.ts';
import type { DecisionBook } from '#decisions/index.ts';
import { openControl } from '#drivers/control/index.ts';
import { pageFiles } from '#drivers/http/index.ts';
import { watchTamper } from '#drivers/keystore/index.ts';
import { type Kiosk, openKiosk } from '#drivers/kiosk/index.ts';
import { createCodec } from '#iso8583/index.ts';
import type { CardReader } from '#ports/card-reader.ts';
import type { ControlHandler } from '#ports/control.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { KeyStore } from '#ports/key-store.ts';
import type { Log } from '#ports/log.ts';
import type { ShopSettings } from '#settings/index.ts';
import type { WholeTerminal } from '#terminal/desks.ts';
import { journalUpkeep$ } from '#terminal/journal-upkeep.ts';
import { localTime } from '#terminal/local-time.ts';
import { createTerminal } from '#terminal/terminal.ts';
import type { Terminal, TerminalEvent } from '#terminal/types.ts';
import { createUplink, type Uplink, uplinkDefaults } from '#uplink/index.ts';
import { controlService } from './cli/control-service.ts';
import { openDoctor } from './cli/doctor/open-doctor.ts';
import { withUnused } from './cli/list-devices.ts';
import type { Configuration } from './cli/load-configuration.ts';
import { openLog } from './cli/logging.ts';
import { letTillsIn, tillParts } from './cli/opening/let-tills-in.ts';
import {
  type ConsoleSurroundings,
  type OpenedConsole,
  openConsole,
} from './cli/opening/open-console.ts';
import { type Counter, openCounter, withLineDisplay } from './cli/opening/open-counter.ts';
import { type Host, openHost } from './cli/opening/open-host.ts';
import { openNfc } from './cli/opening/open-nfc.ts';
import { type OpenedReader, openReader } from './cli/opening/open-reader.ts';
import { openReceipts, type Receipts } from './cli/opening/open-receipts.ts';
import { injectSimulatedKeys, openSafe, type Safe } from './cli/opening/open-safe.ts';
import { openSettings } from './cli/opening/open-settings.ts';
import { withReaderCues } from './cli/opening/reader-cues.ts';
import { INSTALLATION, type Places, placesIn } from './cli/places.ts';
import { openService } from './cli/service/open-service.ts';
import { openUpkeep } from './cli/updates/open-upkeep.ts';
import { whereStaffWork, whereTillsAre } from './cli/where.ts';
import { clock, entropy } from './cli/world.ts';

export interface RunOptions {
  readonly configuration: Configuration;
  /** Folder for what the terminal writes; var/ of the installation when absent. */
  readonly state?: string;
  /** Overrides the configuration's reader. */
  readonly reader?: TerminalConfig['reader']['kind'];
  readonly logLevel: string;
}

export interface RunningTerminal {
  readonly displayUrl: string;
  /** Milliseconds from the start of the process until a tap could be taken. */
  readonly readyAfterMs: number;
  /** Resolves when an update wants another start, and nobody pays. */
  readonly left: Promise<void>;
  close(): Promise<void>;
}

/**
 * The composition root: the only place that names drivers. Resolves when the terminal is ready for
 * a tap, to a Fault when it can't start; then nothing of it is left running.
 */
export const startTerminal = async (options: RunOptions): Promise<RunningTerminal | Fault> => {
  const { configuration } = options;
  const places = placesIn(options.state);
  const log = openState(places, options.logLevel);
  if (isFault(log)) return log;
  const opened: { close(): Promise<void> }[] = [];
  const closeAll = async () => {
    for (const one of opened.toReversed()) await one.close();
  };

  // The socket comes first: it tells whether a terminal is running here already.
  const control = await openSocket(places, log);
  if (isFault(control)) return control;
  opened.push(control);

  const back = await openBack(configuration, places, log);
  if (isFault(back)) {
    await closeAll();
    return back;
  }
  const { safe, nfc, settings } = back;
  // Silent until the loop has read what the shop decided.
  const reader = await openReader(options.reader, configuration, places, log);
  opened.push(safe, nfc, reader.port);
  const front = await openFront(configuration, places, safe, log);
  if (isFault(front)) {
    await closeAll();
    return front;
  }
  const { host, display, counter, receipts } = front;
  const tamper = watchTamperSignal(configuration.terminal, safe.keys, log);
  opened.push(display, host, counter, receipts, tamper);
  const all = { ...front, reader: reader.port, safe, settings, book: nfc.book };
  const { terminal, uplink, upkeep$ } = assemble(configuration, all, log);
  const events$ = new Subject<TerminalEvent>();
  const followed$ = terminal.run$.pipe(tap(events$), tap(counter.follow), tap(receipts.follow));
  const loop = merge(followed$, upkeep$).subscribe();
  opened.push({ close: () => endOrderly(terminal, uplink, loop, log) });
  const about = aboutOf(reader, display, configuration);
  const { people, audit, book: decisions } = nfc;
  const upkeep = await openUpkeep(options, { terminal, uplink, events$, display, audit }, log);
  const doctor = openDoctor(options, {
    ...{ ...front, terminal, uplink, safe, reader, decisions, upkeep },
  });
  const office = await openOffice(options, log, {
    ...{ terminal, about, events$, reader: reader.port, decisions, people, audit },
    ...{ settings, journal: safe.journal, books: safe.books, doctor, upkeep },
    changes$: merge(host.link.state$, safe.books.open$, display.watchers$, nfc.book.standing$),
  });
  const tills = await letTillsIn(configuration, places, tillParts(terminal, safe, counter), log);
  for (const door of [upkeep, office, tills]) if (door !== undefined) opened.push(door);
  control.answerBy(
    controlService({
      ...{ terminal, nfc, tap: reader.tap, doctor, upkeep },
      devices: () => withUnused(counter.devices.devices()),
      printReceipt: receipts.print,
      about: () => ({ ...about(), ...whereStaffWork(office), ...whereTillsAre(tills) }),
      audit: (line) => nfc.audit({ ...line, atMs: clock.wallMs(), from: 'command line' }),
    }),
  );
  const readyAfterMs = await sayReady(front, terminal, log);
  const told = { ...all, terminal, events$, upkeep };
  opened.push(await openService(configuration, places, told, log));
  return {
    ...{ displayUrl: display.url, readyAfterMs, left: upkeep.left },
    close: () => closeAll().then(() => log.info({}, 'the terminal has ended')),
  };
};

/** Whoever asks is told to wait until there is somebody to answer. */
const openSocket = async (places: Places, log: Log) => {
  let answer: ControlHandler = async (_, reply) => reply({ error: STARTING });
  const control = await openControl(
    places.controlSocket,
    (line, reply, signal) => answer(line, reply, signal),
    log,
  );
  if (isFault(control)) return control;
  const answerBy = (handler: ControlHandler): void => {
    answer = handler;
  };
  return { answerBy, close: () => control.close() };
};

/** Journal, keys, and what the shop has decided: before anything of the world is touched. */
const openBack = async (configuration: Configuration, places: Places, log: Log) => {
  const safe = await openSafe(configuration.terminal, places, log);
  if (isFault(safe)) return safe;
  const nfc = await openNfc(configuration, places, safe.journal, log);
  const settings = await openSettings(configuration, safe.journal, log);
  return { safe, nfc, settings };
};

interface Front {
  readonly host: Host;
  readonly display: Kiosk;
  readonly counter: Counter;
  readonly receipts: Receipts;
}

/** Display, host and what else stands on the counter, side by side; all or nothing. */
const openFront = async (
  configuration: Configuration,
  places: Places,
  safe: Safe,
  log: Log,
): Promise<Front | Fault> => {
  const [host, display, counter] = await Promise.all([
    openHost(configuration, places, log),
    openDisplay(configuration, log),
    openCounter(configuration, places, log),
  ]);
  if (!isFault(host) && !isFault(display) && !isFault(counter)) {
    const { printers } = counter.devices;
    const receipts = await openReceipts(configuration, places, safe.journal, printers, log);
    await takeHostsKeys(host, safe, log);
    return { host, display, counter, receipts };
  }
  for (const one of [display, host, counter]) if (!isFault(one)) await one.close();
  return [host, display, counter].find((one) => isFault(one)) as Fault;
};

/** The staff's console; a terminal takes payments without one, too. */
const openOffice = async (
  { configuration, state }: RunOptions,
  log: Log,
  surroundings: ConsoleSurroundings,
): Promise<OpenedConsole | undefined> => {
  const office = await openConsole(configuration, placesIn(state), surroundings, log);
  if (!isFault(office)) return office;
  log.error({ problem: office }, 'staff have no console; payments go on');
  return undefined;
};

// A host that answers at once is there for the first tap; one that doesn't holds nobody up.
const linked = ({ link }: Host): Promise<unknown> =>
  firstValueFrom(
    race(link.state$.pipe(filter((state) => state.link === 'up')), timer(LINK_PATIENCE_MS)),
  );

// As it says itself, whether or not it has a reader.
const sayReady = async ({ host, display, counter }: Front, terminal: Terminal, log: Log) => {
  await linked(host);
  const readyAfterMs = Math.round(performance.now());
  const { reader, readerPresent } = terminal.status();
  const without = readerPresent ? {} : { without: `a card reader: ${reader}` };
  log.info({ display: display.url, readyAfterMs, ...without }, 'ready for a tap');
  counter.prepare();
  return readyAfterMs;
};

const endOrderly = async (
  terminal: Terminal,
  uplink: Uplink,
  loop: Unsubscribable,
  log: Log,
): Promise<void> => {
  await terminal.finish();
  if (!(await uplink.settled(REVERSALS_WITHIN_MS))) {
    log.warn({}, 'the host has not acknowledged a reversal: the next start goes on with it');
  }
  loop.unsubscribe();
};

const openState = (places: Places, level: string): Log | Fault => {
  try {
    mkdirSync(places.state, { recursive: true, mode: 0o700 });
    return openLog(places.log, level, true);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return fault('protocol', `nothing can be written to ${places.state}: ${why}`);
  }
};

const STARTING = 'the terminal is starting: try again in a moment';

const LINK_PATIENCE_MS = 500;

/** How long an orderly end waits until what may have been booked is taken back. */
const REVERSALS_WITHIN_MS = 5_000;

interface Opened {
  readonly reader: CardReader;
  readonly display: Kiosk;
  readonly host: Host;
  readonly safe: Safe;
  readonly book: DecisionBook;
  readonly settings: ShopSettings;
  readonly counter: Counter;
  readonly receipts: Receipts;
}

interface Assembled {
  readonly terminal: WholeTerminal;
  readonly uplink: Uplink;
  readonly upkeep$: Observable<never>;
}

const assemble = (
  { terminal: config, name }: Configuration,
  { reader, display, host, safe, book, settings: shop, counter, receipts }: Opened,
  log: Log,
): Assembled => {
  const { merchant, payment, offline, journal } = config;
  const { books, keys } = safe;
  const answerWithinMs = config.host.answerWithinSeconds * 1000;
  const uplink = createUplink({
    link: host.link,
    clock,
    log,
    books,
    keys,
    codec: createCodec({ ...host.profile, localTime: () => localTime(clock.wallMs()) }),
    config: {
      ...uplinkDefaults,
      terminalId: config.terminal.id,
      merchantId: merchant.id,
      pinPad: config.host.pinPad,
      messages: config.host.messages,
      signOn: config.host.signOn,
      answerWithinMs,
      echoAfterMs: config.host.echoAfterSeconds * 1000,
    },
  });
  const terminal = createTerminal({
    reader,
    display: withReaderCues(withLineDisplay(display, counter.devices), reader),
    uplink,
    ...{ books, keys, clock, entropy, log },
    ...{ wallets: counter.wallets, scanner: counter.scanner, identify: counter.identify },
    scannerReady: counter.scannerReady,
    // As the shop has set them by now.
    get contactless() {
      return shop.contactless();
    },
    acceptance: book,
    newTexts$: shop.changes$,
    settings: {
      merchant: merchant.name,
      configuration: name,
      get texts() {
        return shop.texts();
      },
      lane: config.acceptance.lane,
      alternatives: config.acceptance.alternatives,
      signs: config.acceptance,
      language: config.terminal.language,
      exchangeDeadlineMs: config.reader.exchangeDeadlineMs,
      cardTimeoutMs: payment.cardTimeoutSeconds * 1000,
      wallets: { payWithinMs: payment.codeTimeoutSeconds * 1000 },
      resultMs: payment.resultSeconds * 1000,
      attempts: payment.attempts,
      ...{ tips: payment.tips, surcharges: payment.surcharges },
      offline: { ...offline, currency: currencyByCode(config.terminal.currency)?.numeric ?? 0 },
      answerWithinMs,
      receiptOnPhone: receipts.onPhone,
    },
  });
  const upkeep$ = journalUpkeep$({
    journal: safe.journal,
    clock,
    log,
    idle: () => terminal.status().state === 'idle',
    keepMs: journal.keepDays * DAY_MS,
    keepBytes: journal.keepMegabytes << 20,
  });
  return { terminal, uplink, upkeep$ };
};

const DAY_MS = 86_400_000;

// A simulated host gives its keys away; a real one's are loaded by people.
const takeHostsKeys = async (host: Host, safe: Safe, log: Log): Promise<void> => {
  if (host.keys === undefined) return;
  const problem = await injectSimulatedKeys(safe.keys, host.keys, log);
  if (problem !== undefined) log.error({ problem }, 'no key of the simulated host');
};

// A case that is opened takes the keys with it.
const watchTamperSignal = ({ tamperSignal }: TerminalConfig, keys: KeyStore, log: Log) => {
  if (tamperSignal === undefined) return { close: async () => {} };
  const onTamper = (why: string) => {
    log.error({ why }, 'tamper signal: the keys are erased');
    void keys.erase(why).then((left) => {
      if (left !== undefined) log.error({ problem: left }, 'the keys are not all erased');
    });
  };
  const watch = watchTamper({ path: tamperSignal, onTamper, log });
  return { close: async () => watch.close() };
};

const openDisplay = ({ terminal }: Configuration, log: Log): Promise<Kiosk | Fault> =>
  openKiosk({
    ...terminal.display,
    page: pageFiles(join(INSTALLATION, 'drivers', 'kiosk', 'dist')),
    log,
  });

const aboutOf =
  ({ kind }: OpenedReader, { url }: Kiosk, { terminal: { terminal } }: Configuration) =>
  () => ({
    currency: terminal.currency,
    readerKind: kind,
    display: url,
    pid: process.pid,
    residentBytes: process.memoryUsage().rss,
    uptimeSeconds: Math.round(process.uptime()),
  });
