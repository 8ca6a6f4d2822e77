import {
  BehaviorSubject,
  firstValueFrom,
  map,
  NEVER,
  type Observable,
  ReplaySubject,
  Subject,
} from 'rxjs';
import { filter, timeout } from 'rxjs/operators';
import { isConfigProblem } from '#config/problem.ts';
import {
  isCardFileProblem,
  memoryStore,
  openCard,
  openSimulatedReader,
  type PresentableCard,
  type SimulatedReader,
} from '#drivers/simulated/index.ts';
import type { KernelRegistry } from '#kernels/shared/kernel.ts';
import { type Books, openBooks, owed, type PaymentRecord, states } from '#payment/index.ts';
import type { AnswerGiven, CustomerDisplay, DisplayView } from '#ports/customer-display.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { type Configured, openShopSettings, type ShopSettings } from '#settings/index.ts';
import type { WholeTerminal } from '#terminal/desks.ts';
import { createTerminal } from '#terminal/terminal.ts';
import type { TerminalEvent, TerminalParts, TerminalSettings } from '#terminal/types.ts';
import { noCodes } from '#test/support/no-codes.ts';
import { counter, everythingTaken } from '#test/support/shop-decisions.ts';
import {
  type Answered,
  type BalanceAnswer,
  type Payment,
  responseCode,
  type Unanswered,
  type Uplink,
} from '#uplink/index.ts';
import { type Configuration, loadConfiguration } from '../../src/cli/load-configuration.ts';
import { clock, entropy } from '../../src/cli/world.ts';
import { type Durable, type MemoryJournal, memoryJournal } from './memory-journal.ts';
import { type MemoryKeyStore, memoryKeyStore } from './memory-key-store.ts';

export interface Harness {
  readonly terminal: WholeTerminal;
  /** What happens in its loop from now on. */
  readonly events$: Observable<TerminalEvent>;
  readonly reader: SimulatedReader;
  /** Every view that was shown, in order. */
  readonly views: DisplayView[];
  readonly lines: LoggedLine[];
  readonly payments: Payment[];
  readonly journal: MemoryJournal;
  readonly keys: MemoryKeyStore;
  readonly books: Books;
  /** What the shop changes in the base configuration. */
  readonly shop: ShopSettings;
  /** What the books say is being taken back at the host. */
  takenBack(): Promise<readonly PaymentRecord[]>;
  /** The signals the uplink was called with. */
  readonly signals: AbortSignal[];
  /** Resolves to the next view, or one shown already after `from`, that has this screen. */
  seen(screen: DisplayView['screen'], from?: number): Promise<DisplayView>;
  screens(): string[];
  close(): void;
}

export interface LoggedLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export const approved: Answered = {
  kind: 'answered',
  approved: true,
  row: responseCode('00'),
  authorisationCode: '123456',
  retrievalReference: '123456789012',
  milliseconds: 3,
};

export const balanceTold: BalanceAnswer = {
  ...{ kind: 'answered', row: responseCode('00'), milliseconds: 3 },
  retrievalReference: '123456789012',
  balance: { kind: 'available', amountMinor: 10_000, currency: 840 },
};

export interface HarnessOptions {
  readonly settings?: Partial<TerminalSettings>;
  readonly authorise?: (payment: Payment, signal: AbortSignal) => Promise<Answered | Unanswered>;
  /** A configuration's name or folder; the base configuration unless stated. */
  readonly configuration?: string;
  /** What the host tells of a balance; 100.00 unless stated. */
  readonly inquire?: Uplink['inquire'];
  /** The shop's decisions; it takes everything unless stated. */
  readonly acceptance?: TerminalParts['acceptance'];
  /** What an earlier run left behind. */
  readonly durable?: Durable;
  /** In place of a new one: when others write to it, too. */
  readonly journal?: MemoryJournal;
  /** Other kernels in place of ours, by Kernel ID. */
  readonly kernels?: KernelRegistry;
  /** Wallets and scanners; none unless stated. */
  readonly codes?: Partial<typeof noCodes & Pick<TerminalParts, 'scannerReady'>>;
  /** What shoppers touch. */
  readonly choices$?: Observable<string>;
  readonly answers$?: Observable<AnswerGiven>;
  /** How many displays look; one unless stated. */
  readonly watchers$?: Observable<number>;
  readonly reader?: (real: SimulatedReader) => TerminalParts['reader'];
}

/** A whole terminal with the in-process reader, a display that remembers and a host that obeys. */
export const startHarness = async (options: HarnessOptions = {}): Promise<Harness> => {
  const configuration = loadConfiguration(options.configuration ?? 'base');
  if (isConfigProblem(configuration)) throw new Error('the base configuration is broken');
  const views: DisplayView[] = [];
  const shown$ = new ReplaySubject<DisplayView>();
  const lines: LoggedLine[] = [];
  const payments: Payment[] = [];
  const signals: AbortSignal[] = [];
  const log = recordingLog(lines);
  const reader = openSimulatedReader({ monotonicMs: clock.monotonicMs, log });
  const { journal = memoryJournal(clock.wallMs, options.durable) } = options;
  const keys = memoryKeyStore({ seed: 1 });
  const books = await openBooks({ journal, clock, log });
  const shop = await openShopSettings({
    configured: configuredFor(configuration, options),
    ...{ journal, clock, log },
  });
  const uplink = obedientUplink(options, books, { payments, signals });
  const display = recordingDisplay((view) => void views.push(view), shown$, options);
  const terminal = createTerminal({
    reader: options.reader?.(reader) ?? reader,
    display,
    uplink,
    ...{ books, keys, clock, entropy, log },
    get contactless() {
      return shop.contactless();
    },
    settings: {
      ...SETTINGS,
      ...options.settings,
      get texts() {
        return options.settings?.texts ?? shop.texts();
      },
    },
    acceptance: options.acceptance ?? everythingTaken(),
    ...{ ...noCodes, ...options.codes },
    newTexts$: shop.changes$,
  });
  const events = new Subject<TerminalEvent>();
  const loop = terminal.run$.subscribe(events);
  return {
    terminal,
    events$: events.asObservable(),
    reader,
    views,
    lines,
    payments,
    signals,
    journal,
    keys,
    books,
    shop,
    takenBack: async () =>
      (await firstValueFrom(books.open$)).filter(({ state }) => states[state].owes === 'reversal'),
    seen: (screen, from = 0) =>
      firstValueFrom(
        shown$.pipe(
          filter((view, index) => index >= from && view.screen === screen),
          timeout(4000),
        ),
      ),
    screens: () => dedupe(views.map(({ screen }) => screen)),
    close: () => {
      loop.unsubscribe();
      void reader.close();
    },
  };
};

const configuredFor = (
  { contactless, sets, texts, terminal: { terminal } }: Configuration,
  { kernels = new Map() }: HarnessOptions,
): Configured => ({
  contactless: { ...contactless, kernels: new Map([...contactless.kernels, ...kernels]) },
  ...{ sets, texts, currency: terminal.currency },
});

const SETTINGS = {
  merchant: 'Corner Shop',
  configuration: 'base',
  language: 'en',
  exchangeDeadlineMs: 100,
  cardTimeoutMs: 3000,
  resultMs: 60,
  attempts: 2,
  offline: { kernel: false, deferred: false, currency: 840, schemes: {} },
  answerWithinMs: 100,
  ...counter,
};

/** An emulated card of the catalogue. */
export const cardNamed = (name: string): PresentableCard => {
  const card = openCard(name, { store: memoryStore() });
  if (isCardFileProblem(card)) throw new Error(card.problem);
  return card;
};

/** A card that answers as `before` until its command `index` (from 1), then with `answer`. */
export const cardThat = (
  name: string,
  index: number,
  answer: Uint8Array | 'mute' | 'tear',
): PresentableCard => {
  const card = cardNamed(name);
  let count = 0;
  return {
    ...card,
    respond: (command) => {
      count += 1;
      return count === index ? answer : card.respond(command);
    },
  };
};

/** No answer; nothing was sent unless stated. */
export const unanswered = (why: Fault, mayHaveArrived = false): Unanswered => ({
  kind: 'unanswered',
  fault: why,
  mayHaveArrived,
});

export const linkIsDown = unanswered(fault('linkDown', 'no connection to the host'));

// Writes as the real one does; what is owed to its host stays owed.
const obedientUplink = (
  { authorise, inquire = async () => balanceTold }: HarnessOptions,
  books: Books,
  { payments, signals }: Pick<Harness, 'payments' | 'signals'>,
): Uplink => ({
  state$: books.open$.pipe(
    map((open) => ({
      link: { link: 'up' as const, peer: 'a host' },
      hostAnswers: true,
      openReversals: open.filter(({ state }) => state === 'reversing').length,
      toForward: open.filter(({ state }) => state === 'queued').length,
    })),
  ),
  authorise: async (payment, signal) => {
    payments.push(payment);
    signals.push(signal);
    const record = await books.note(payment.record, 'asked', {}, { sealed: payment.sealed });
    if (isFault(record)) return { record: payment.record, outcome: unanswered(record) };
    return { record, outcome: (await authorise?.(payment, signal)) ?? approved };
  },
  inquire,
  accept: async ({ record, sealed }, offline, result, completes) => {
    const accepted = { payment: record, event: 'acceptedOffline' as const };
    const ended = completes ? [{ payment: completes, event: 'completed' as const }] : [];
    const written = await books.record([{ ...accepted, patch: { offline, result } }, ...ended], {
      sealed,
    });
    return isFault(written) ? written : (written[0] ?? fault('journal', 'nothing written'));
  },
  takeBack: (record) => books.note(record, 'reversalOwed', owed('voided', clock.wallMs())),
  reversed: async () => false,
  reconcile: async () => ({ period: 1, currencies: [] }),
  echo: async () => fault('linkDown', 'no host of its own'),
  lastAnswerMs: () => undefined,
  prepare: () => {},
  settled: async () => true,
});

const recordingDisplay = (
  keep: (view: DisplayView) => void,
  shown$: Subject<DisplayView>,
  { choices$ = NEVER, answers$ = NEVER, watchers$ = new BehaviorSubject(1) }: HarnessOptions,
): CustomerDisplay => ({
  show: (view) => {
    keep(view);
    shown$.next(view);
  },
  choices$,
  answers$,
  watchers$,
  close: async () => {},
});

const recordingLog = (lines: LoggedLine[]): Log => {
  const at = (level: string) => (fields: object, message: string) => {
    lines.push({ level, message, fields: JSON.parse(JSON.stringify(fields)) });
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
};

const dedupe = (screens: readonly string[]): string[] =>
  screens.filter((screen, i) => screen !== screens[i - 1]);
