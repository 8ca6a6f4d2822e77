import { BehaviorSubject, NEVER, type Observable, Subject } from 'rxjs';
import { isConfigProblem } from '#config/problem.ts';
import { type Books, openBooks } from '#payment/index.ts';
import type { CardReader } from '#ports/card-reader.ts';
import type { DisplayView } from '#ports/customer-display.ts';
import { fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { WalletHost } from '#ports/wallet-host.ts';
import type { WholeTerminal } from '#terminal/desks.ts';
import type { Identify } from '#terminal/identified.ts';
import { createTerminal } from '#terminal/terminal.ts';
import type { SaleResult, TerminalEvent, TerminalParts } from '#terminal/types.ts';
import { type Agenda, createAgenda, drive, schedulerOn } from '#test/simulation/time.ts';
import { counter, everythingTaken } from '#test/support/shop-decisions.ts';
import type { Uplink } from '#uplink/index.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { type Durable, type MemoryJournal, memoryJournal } from './memory-journal.ts';
import { memoryKeyStore } from './memory-key-store.ts';

/** Codes of tests: "alipay 1234", "product"; anything else is unknown. */
export const identifyInTests: Identify = (text) => {
  const [first = '', code = ''] = text.split(' ');
  if (first === 'product') return { kind: 'product' };
  if (first === 'either') return { kind: 'ambiguous', candidates: ['alipay', 'harbour'] };
  return ['alipay', 'harbour'].includes(first)
    ? { kind: 'wallet', wallet: first, code }
    : { kind: 'unknown', why: 'nobody knows it' };
};

export interface WalletCounter {
  readonly agenda: Agenda;
  readonly terminal: WholeTerminal;
  readonly books: Books;
  readonly journal: MemoryJournal;
  readonly events: TerminalEvent[];
  readonly views: DisplayView[];
  readonly logged: string[];
  scan(text: string): void;
  touch(id: string): void;
  /** Lets time pass until this is so; throws when it never is. */
  until(what: () => boolean): Promise<void>;
  /** Lets time pass until the promise resolves. */
  ends<Value>(promise: Promise<Value>): Promise<Value>;
  passes(ms: number): Promise<void>;
  /** Nothing runs any more: what is in the journal is all there is. */
  crash(): void;
}

export interface CounterOptions {
  readonly hosts: readonly WalletHost[];
  readonly acceptance?: TerminalParts['acceptance'];
  readonly agenda?: Agenda;
  readonly durable?: Durable;
  readonly settings?: Partial<TerminalParts['settings']>;
  /** A scanner is known to be there: shoppers may be asked to show a code to it. */
  readonly scannerReady?: boolean;
  /** Called before each write; true: the crash comes now, and it is not written. */
  readonly dies?: (events: readonly string[]) => 'before' | 'after' | undefined;
}

const nothingOffline = { kernel: false, deferred: false, currency: 840, schemes: {} };

/** A terminal on simulated time whose shoppers pay by code: no card ever comes. */
export const walletCounter = async (options: CounterOptions): Promise<WalletCounter> => {
  const { agenda = createAgenda() } = options;
  const life = { alive: true };
  const clock = {
    wallMs: () => Date.UTC(2026, 10, 29) + agenda.nowMs(),
    monotonicMs: agenda.nowMs,
    scheduler: schedulerOn(agenda, () => life.alive),
  };
  const logged: string[] = [];
  const log = logOf(logged);
  const journal = memoryJournal(clock.wallMs, options.durable);
  const books = await openBooks({ journal: mortal(journal, life, options), clock, log });
  const scans = new Subject<{ text: string; place: string; atMs: number }>();
  const touches = new Subject<string>();
  const views: DisplayView[] = [];
  const events: TerminalEvent[] = [];
  const configuration = loadConfiguration('base');
  if (isConfigProblem(configuration)) throw new Error('the base configuration is broken');
  let random = agenda.nowMs();
  const terminal = createTerminal({
    reader: quietReader,
    display: {
      show: (view) => void views.push(view),
      ...{ choices$: touches, answers$: NEVER, watchers$: NEVER },
      close: async () => {},
    },
    uplink: noUplink(books),
    keys: memoryKeyStore({ seed: 1 }),
    entropy: { bytes: (length) => Uint8Array.from({ length }, () => (random++ * 37) & 255) },
    ...{ books, clock, log, contactless: configuration.contactless },
    acceptance: options.acceptance ?? everythingTaken(),
    wallets: options.hosts.map((host) => living(host, life)),
    scanner: { scans$: scans },
    scannerReady: () => options.scannerReady === true,
    identify: identifyInTests,
    settings: {
      ...{ merchant: 'Corner Shop', configuration: 'base', language: 'en' },
      ...{ texts: configuration.texts, exchangeDeadlineMs: 500, cardTimeoutMs: 30_000 },
      ...{ resultMs: 2_000, attempts: 2, answerWithinMs: 5_000, ...counter },
      ...{ offline: nothingOffline, ...options.settings },
    },
  });
  const loop = terminal.run$.subscribe((event) => void events.push(event));
  const until = untilIn(agenda, events);
  return {
    ...{ agenda, terminal, books, journal, events, views, logged, until },
    scan: (text) => scans.next({ text, place: 'a scanner', atMs: agenda.nowMs() }),
    touch: (id) => touches.next(id),
    ends: async <Value>(promise: Promise<Value>) => {
      let ended: { readonly value: Value } | undefined;
      void promise.then((value) => {
        ended = { value };
      });
      await until(() => ended !== undefined);
      return promise;
    },
    passes: async (ms) => {
      let over = false;
      agenda.at(ms, () => {
        over = true;
      });
      await until(() => over);
    },
    crash: () => {
      life.alive = false;
      loop.unsubscribe();
    },
  };
};

const untilIn =
  (agenda: Agenda, events: readonly TerminalEvent[]) =>
  async (what: () => boolean): Promise<void> => {
    const how = await drive(agenda, what, { steps: 5_000, ms: agenda.nowMs() + 600_000 });
    if (how !== 'over') throw new Error(`never: ${how}, ${JSON.stringify(events.slice(-3))}`);
  };

export const never = new AbortController().signal;
export const PURCHASE = { amountMinor: 1250, currency: 840 };

/** A sale, and its result as soon as it is there. */
export const startSale = (
  { terminal }: WalletCounter,
  request: Partial<Parameters<WholeTerminal['sale']>[0]> = {},
  signal: AbortSignal = never,
): Promise<SaleResult> => terminal.sale({ ...PURCHASE, ...request }, signal);

interface Life {
  alive: boolean;
}

const forEver = <Value>(): Promise<Value> => new Promise(() => {});

// A process that has died asks nothing and hears nothing.
const mortal = (journal: MemoryJournal, life: Life, { dies }: CounterOptions): MemoryJournal => ({
  ...journal,
  append: async (write) => {
    if (!life.alive) return forEver();
    const when = dies?.(write.entries.map(({ event }) => event));
    if (when !== undefined) life.alive = false;
    if (when === 'before') return forEver();
    const problem = await journal.append(write);
    return when === 'after' ? forEver() : problem;
  },
});

const living = (host: WalletHost, life: Life): WalletHost => {
  const lives =
    <Args extends unknown[], Answer>(ask: (...args: Args) => Promise<Answer>) =>
    async (...args: Args): Promise<Answer> => {
      if (!life.alive) return forEver();
      const answer = await ask(...args);
      return life.alive ? answer : forEver();
    };
  return {
    ...host,
    ...{ pay: lives(host.pay), present: lives(host.present), query: lives(host.query) },
    ...{ cancel: lives(host.cancel), refund: lives(host.refund) },
    findRefund: lives(host.findRefund),
  };
};

const quietReader: CardReader = {
  state$: new BehaviorSubject({
    ...{ reader: 'present', name: 'a reader', card: 'absent', sinceMs: 0 },
  } as const),
  activate: (signal) =>
    new Promise((resolve) => {
      const stop = () => resolve(fault('aborted', 'nobody waits for a card any more'));
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    }),
  exchange: async () => fault('cardLost', 'there is no card'),
  fieldOff: async () => {},
  silence: async () => {},
  close: async () => {},
};

const noUplink = (_: Books): Uplink => ({
  state$: NEVER as Observable<never>,
  authorise: async ({ record }) => ({
    record,
    outcome: {
      kind: 'unanswered',
      fault: fault('linkDown', 'there is no acquirer'),
      mayHaveArrived: false,
    },
  }),
  inquire: async () => ({
    ...{ kind: 'unanswered', fault: fault('linkDown', 'there is no acquirer') },
    mayHaveArrived: false,
  }),
  accept: async () => fault('journal', 'there is no acquirer'),
  takeBack: async () => fault('journal', 'there is no acquirer'),
  reversed: async () => false,
  reconcile: async () => ({ period: 1, currencies: [] }),
  echo: async () => fault('linkDown', 'no host of its own'),
  lastAnswerMs: () => undefined,
  prepare: () => {},
  settled: async () => true,
});

const logOf = (logged: string[]): Log => {
  const at = (level: string) => (fields: object, message: string) =>
    void logged.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};
