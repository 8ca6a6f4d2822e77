import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { merge, of } from 'rxjs';
import { type DecisionBook, openDecisionBook } from '#decisions/index.ts';
import { openHttps, pageFiles } from '#drivers/http/index.ts';
import type { Clock } from '#ports/clock.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { PageFiles } from '#ports/page-files.ts';
import type { Role } from '#ports/people.ts';
import type { Upkeep, UpkeepStanding } from '#ports/upkeep.ts';
import { type AuditLine, sparingAudit, writeAudit } from '#staff/index.ts';
import { config as subjects } from '#test/decisions/support.ts';
import { type MemoryJournal, memoryJournal } from '#test/support/memory-journal.ts';
import { type MemoryPeople, memoryPeople } from '#test/support/memory-people.ts';
import {
  type Harness,
  type HarnessOptions,
  type LoggedLine,
  startHarness,
} from '#test/support/terminal-harness.ts';
import { clock, entropy } from '../../src/cli/world.ts';
import type { SessionView } from '../../src/console/api.ts';
import { type Console, type ConsoleParts, createConsole } from '../../src/console/index.ts';
import { keepRecentTaps } from '../../src/console/recent-taps.ts';
import { certificateIn, shopIdentity } from '../drivers/http/support.ts';
import {
  type Answer,
  type Asking,
  cookieIn,
  type HttpsClient,
  httpsClient,
} from './https-client.ts';

export interface Shop {
  readonly url: string;
  readonly client: HttpsClient;
  readonly harness: Harness;
  readonly people: MemoryPeople;
  readonly decisions: DecisionBook;
  /** What stands in the audit log by now, oldest first. */
  readonly audit: readonly AuditLine[];
  readonly lines: readonly LoggedLine[];
  readonly console: () => Console | undefined;
  /** Time goes on by itself, and by this much more. */
  advance(ms: number): void;
  /** The audit log can't be written from now on. */
  failAudit(why: Fault | undefined): void;
  /** Sums up what was refused, as at the end. */
  closeAudit(): Promise<void>;
  /** Signs somebody in who is added when they aren't there. */
  enter(name: string, role: Role): Promise<SignedIn>;
  close(): Promise<void>;
}

export interface SignedIn {
  readonly view: SessionView;
  readonly cookie: string;
  /** As the page asks: with cookie and token. */
  ask(method: string, path: string, body?: unknown, asking?: Asking): Promise<Answer>;
}

export const PIN = '739164';

export interface ShopOptions extends HarnessOptions {
  readonly page?: PageFiles;
  readonly names?: readonly string[];
  /** The doctor's answer; all is well unless stated. */
  readonly examine?: ConsoleParts['doctor']['examine'];
  /** A checkout's unless stated. */
  readonly upkeep?: Pick<Upkeep, 'standing' | 'standing$' | 'order'>;
}

// Making one of our own takes a process: here the shop has one already.
const folder = mkdtempSync(join(tmpdir(), 'console-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const identity = shopIdentity(folder);

const clockAhead = () => {
  let laterMs = 0;
  return {
    wallMs: () => clock.wallMs() + laterMs,
    monotonicMs: () => clock.monotonicMs() + laterMs,
    scheduler: clock.scheduler,
    advance: (ms: number) => {
      laterMs += ms;
    },
  };
};

interface World {
  readonly clock: Clock;
  readonly log: Log;
}

const CORNER_SHOP = {
  merchant: 'Corner Shop',
  terminalId: 'CTAP0001',
  currency: 'USD',
  language: 'en',
  lane: '1',
};

const HEALTHY = { verdict: 'well', atMs: 0, by: 'terminal', findings: [] } as const;

const CHECKOUT: UpkeepStanding = { managed: false, version: '1.0.0', phase: 'idle', work: 'none' };

const UNMANAGED: NonNullable<ShopOptions['upkeep']> = {
  standing: () => CHECKOUT,
  standing$: of(CHECKOUT),
  order: async () => fault('aborted', 'a checkout'),
};

const ABOUT = {
  pid: 1,
  residentBytes: 1e8,
  uptimeSeconds: 90,
  display: 'http://127.0.0.1:8080/',
  readerKind: 'in-process',
};

/** To switch on needs two people. */
const openDecisions = (journal: MemoryJournal, world: World): Promise<DecisionBook> => {
  const approval = { ...subjects.approval, on: true };
  return openDecisionBook({
    ...world,
    journal,
    config: { ...subjects, approval, currencies: ['USD'] },
  });
};

/** A terminal with its console behind real TLS, on a free port of this machine. */
export const openShop = async (options: ShopOptions = {}): Promise<Shop> => {
  const lines: LoggedLine[] = [];
  const log = recording(lines);
  const { advance, ...shopClock } = clockAhead();
  const world = { clock: shopClock, log };
  const journal = memoryJournal(clock.wallMs);
  const decisions = await openDecisions(journal, world);
  const harness = await startHarness({ acceptance: decisions, ...options, journal });
  const people = peopleBy(shopClock);
  const audit = auditIn(journal, world);
  const { upkeep = UNMANAGED } = options;
  const taps = keepRecentTaps(harness.events$, shopClock.wallMs);
  const parts: ConsoleParts = {
    ...{ taps, decisions, people, journal, audit: audit.audit },
    terminal: harness.terminal,
    changes$: merge(harness.events$, upkeep.standing$),
    upkeep,
    books: harness.books,
    reader$: harness.reader.state$,
    silence: () => ({ silenced: 'antennaOn', sentence: 'No commands reach it.' }),
    settings: harness.shop,
    page: options.page ?? pageFiles(join(folder, 'no-page')),
    shop: { ...CORNER_SHOP, names: ['localhost', ...(options.names ?? [])] },
    about: () => ABOUT,
    doctor: { examine: options.examine ?? (async () => HEALTHY) },
    ...{ ...world, entropy },
  };
  let made: Console | undefined;
  const listener = await openHttps({
    host: '127.0.0.1',
    port: 0,
    identity,
    app: async () => {
      made = await createConsole(parts);
      return made.routing;
    },
    log,
    wallMs: clock.wallMs,
  });
  if (isFault(listener)) throw new Error(listener.detail);
  const { url } = listener;
  const client = httpsClient(url, certificateIn(folder));
  return {
    url,
    client,
    harness,
    people,
    decisions,
    get audit() {
      return audit.lines();
    },
    lines,
    console: () => made,
    advance,
    failAudit: audit.fail,
    closeAudit: audit.close,
    enter: async (name, role) => {
      await addUnlessKnown(people, name, role);
      return signIn(client, name);
    },
    close: async () => {
      client.close();
      await listener.close();
      await made?.close();
      await audit.close();
      taps.close();
      harness.close();
    },
  };
};

const addUnlessKnown = async (people: MemoryPeople, name: string, role: Role): Promise<void> => {
  const known = await people.list();
  if (isFault(known) || known.some((one) => one.name === name)) return;
  if (known.length === 0 && role !== 'manager') await people.addFirst('Ada', PIN);
  await people.add(name, role, PIN);
};

export const signIn = async (client: HttpsClient, name: string, pin = PIN): Promise<SignedIn> => {
  const answer = await client.ask('POST', '/api/session', { body: { name, pin } });
  const cookie = cookieIn(answer);
  if (answer.status !== 200 || !cookie) throw new Error(`not let in: ${answer.text}`);
  const view = answer.json<SessionView>();
  const { token } = view;
  return {
    view,
    cookie,
    ask: (method, path, body, asking = {}) =>
      client.ask(method, path, { body, cookie, token, ...asking }),
  };
};

const peopleBy = ({ wallMs, monotonicMs }: Clock): MemoryPeople =>
  memoryPeople(() => ({ wallMs: wallMs(), monotonicMs: monotonicMs(), boot: '' }));

const auditIn = (journal: MemoryJournal, world: World) => {
  let failure: Fault | undefined;
  const { audit, close } = sparingAudit(
    async (line) => failure ?? writeAudit(journal, line),
    world,
  );
  const lines = (): readonly AuditLine[] =>
    journal
      .durable()
      .entries.flatMap(({ event, atMs, data }) =>
        event === 'audit' ? ({ ...data, atMs } as unknown as AuditLine) : [],
      );
  const fail = (why: Fault | undefined) => {
    failure = why;
  };
  return { audit, close, lines, fail };
};

const recording = (lines: LoggedLine[]): Log => {
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields: JSON.parse(JSON.stringify(fields)) });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

/** Everything that was written down, to be searched for what must not be in it. */
export const writtenDown = ({ audit, lines, harness }: Shop): string =>
  JSON.stringify([audit, lines, harness.lines, harness.journal.durable().entries]);
