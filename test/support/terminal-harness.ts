import { BehaviorSubject, firstValueFrom, ReplaySubject } from 'rxjs';
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
import type { CustomerDisplay, DisplayView } from '#ports/customer-display.ts';
import { fault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { createTerminal } from '#terminal/terminal.ts';
import type { Terminal, TerminalParts, TerminalSettings } from '#terminal/types.ts';
import type { Answered, Authorisation, Payment, Uplink } from '#uplink/index.ts';
import { loadConfiguration } from '../../src/cli/load-configuration.ts';
import { clock, entropy } from '../../src/cli/world.ts';

export interface Harness {
  readonly terminal: Terminal;
  readonly reader: SimulatedReader;
  /** Every view that was shown, in order. */
  readonly views: DisplayView[];
  readonly lines: LoggedLine[];
  readonly payments: Payment[];
  /** Approvals that the terminal took back. */
  readonly takenBack: Answered[];
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
  responseCode: '00',
  meaning: 'approved',
  shopper: 'approved',
  authorisationCode: '123456',
  stan: '000001',
  retrievalReference: '123456789012',
  milliseconds: 3,
};

export interface HarnessOptions {
  readonly settings?: Partial<TerminalSettings>;
  readonly openReversals?: number;
  readonly authorise?: (payment: Payment, signal: AbortSignal) => Promise<Authorisation>;
  /** Other kernels in place of ours, by Kernel ID. */
  readonly kernels?: KernelRegistry;
  readonly reader?: (real: SimulatedReader) => TerminalParts['reader'];
}

/** A whole terminal with the in-process reader, a display that remembers and a host that obeys. */
export const startHarness = (options: HarnessOptions = {}): Harness => {
  const configuration = loadConfiguration('base');
  if (isConfigProblem(configuration)) throw new Error('the base configuration is broken');
  const views: DisplayView[] = [];
  const shown$ = new ReplaySubject<DisplayView>();
  const lines: LoggedLine[] = [];
  const payments: Payment[] = [];
  const signals: AbortSignal[] = [];
  const takenBack: Answered[] = [];
  const log = recordingLog(lines);
  const reader = openSimulatedReader({ monotonicMs: clock.monotonicMs, log });
  const uplink = obedientUplink(options, { payments, signals, takenBack });
  const display = recordingDisplay((view) => {
    views.push(view);
    shown$.next(view);
  });
  const terminal = createTerminal({
    reader: options.reader?.(reader) ?? reader,
    display,
    uplink,
    clock,
    entropy,
    log,
    contactless: {
      ...configuration.contactless,
      kernels: new Map([...configuration.contactless.kernels, ...(options.kernels ?? [])]),
    },
    settings: {
      merchant: 'Corner Shop',
      texts: configuration.texts,
      language: 'en',
      exchangeDeadlineMs: 100,
      cardTimeoutMs: 3000,
      resultMs: 60,
      attempts: 2,
      ...options.settings,
    },
  });
  const loop = terminal.run$.subscribe();
  return {
    terminal,
    reader,
    views,
    lines,
    payments,
    signals,
    takenBack,
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

export const linkIsDown = fault('linkDown', 'no connection to the host');

type Asked = Pick<Harness, 'payments' | 'signals' | 'takenBack'>;

const obedientUplink = (
  { authorise, openReversals = 0 }: HarnessOptions,
  { payments, signals, takenBack }: Asked,
): Uplink => ({
  state$: new BehaviorSubject({
    link: { link: 'up' as const, peer: 'a host' },
    hostAnswers: true,
    openReversals,
  }),
  authorise: (payment, signal) => {
    payments.push(payment);
    signals.push(signal);
    return authorise?.(payment, signal) ?? Promise.resolve(approved);
  },
  prepare: () => {},
  takeBack: (answered) => takenBack.push(answered),
  settled: async () => true,
});

const recordingDisplay = (show: (view: DisplayView) => void): CustomerDisplay => ({
  show,
  watchers$: new BehaviorSubject(1),
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
