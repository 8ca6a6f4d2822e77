import type { Observable } from 'rxjs';
import type { Person } from '#acceptance/index.ts';
import type { DecisionBook } from '#decisions/types.ts';
import type { Books } from '#payment/index.ts';
import type { ReaderState } from '#ports/card-reader.ts';
import type { Clock, Entropy } from '#ports/clock.ts';
import type { Fault } from '#ports/fault.ts';
import type { Journal, PaymentRow } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { People, PersonInfo, PersonProblem, Role } from '#ports/people.ts';
import type { Terminal } from '#terminal/types.ts';
import type { ReaderView, SettingsView } from './api.ts';
import type { AuditLog } from './audit.ts';
import type { RecentTaps } from './recent-taps.ts';

/** All that the console needs of the terminal it belongs to. */
export interface ConsoleParts {
  readonly terminal: Terminal;
  /** Kept from the start on, while this room is loaded with the first visitor only. */
  readonly taps: RecentTaps;
  /** Whenever something may have changed that "now" tells: loop, reader, display, host. */
  readonly changes$: Observable<unknown>;
  readonly decisions: DecisionBook;
  readonly people: ConsolePeople;
  readonly journal: ConsoleJournal;
  readonly books: Books;
  readonly reader$: Observable<ReaderState>;
  /** How silent the reader is when contactless is off: what it can do about its antenna. */
  readonly silence: () => ReaderSilence;
  readonly settings: ShopSettings;
  readonly audit: AuditLog;
  readonly page: PageFiles;
  readonly shop: Shop;
  readonly about: () => About;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** Who we are, as the configuration says. */
export interface Shop {
  readonly merchant: string;
  readonly terminalId: string;
  /** Three letters. */
  readonly currency: string;
  readonly language: string;
  readonly lane?: string;
  /** What this machine is called in the shop's network, in small letters. */
  readonly names: readonly string[];
}

export interface About {
  readonly pid: number;
  readonly residentBytes: number;
  readonly uptimeSeconds: number;
  /** Where the shopper's display is served, and by which reader kind payments come in. */
  readonly display: string;
  readonly readerKind: string;
  /** SHA-256 of the console's certificate. */
  readonly fingerprint?: string;
}

export type ReaderSilence = Pick<ReaderView, 'model' | 'silenced' | 'sentence'>;

/** What is read of the journal. Everything that is written goes through others. */
export interface ConsoleJournal extends Pick<Journal, 'entriesOf' | 'transcript' | 'refusal'> {
  findPayments(query: PaymentQuery): Promise<readonly PaymentRow[] | Fault>;
}

export interface PaymentQuery {
  readonly text?: string;
  readonly state?: string;
  readonly before?: { readonly startedMs: number; readonly id: string };
  readonly count: number;
}

export interface SettingsProblem {
  readonly settingsProblem: true;
  readonly field: string;
  readonly problem: string;
}

/** Writes down what is about to be done. A Fault, and it is not done. */
export type Recording = () => Promise<Fault | undefined>;

type Admission = PersonInfo | PersonProblem | Fault;

/** People who record each change before they make it. */
export interface ConsolePeople extends Pick<People, 'list' | 'signIn'> {
  add(name: string, role: Role, pin: string, record?: Recording): Promise<Admission>;
  setPin(name: string, pin: string, record?: Recording): Promise<Admission>;
  setRole(name: string, role: Role, record?: Recording): Promise<Admission>;
  remove(name: string, record?: Recording): Promise<Admission>;
}

/** The limits and texts that a shop changes. */
export interface ShopSettings {
  view(): SettingsView;
  /** @param change a `SettingsChange` from outside. A problem or a fault: nothing was changed. */
  change(change: unknown, by: Person): Promise<SettingsView | SettingsProblem | Fault>;
}

/** The built page, in memory. */
export interface PageFiles {
  /** By URL path; undefined when there is no such file. */
  at(path: string): PageFile | undefined;
  /** Looks again when the page was missing, so that building it needs no restart. */
  refresh(): Promise<void>;
}

export interface PageFile {
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly cacheControl: string;
}
