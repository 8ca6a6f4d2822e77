import type { Observable } from 'rxjs';
import type { DecisionBook } from '#decisions/types.ts';
import type { Diagnosis } from '#doctor/index.ts';
import type { Books } from '#payment/index.ts';
import type { ReaderState } from '#ports/card-reader.ts';
import type { Clock, Entropy } from '#ports/clock.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { PageFiles } from '#ports/page-files.ts';
import type { People } from '#ports/people.ts';
import type { Upkeep } from '#ports/upkeep.ts';
import type { ShopSettings } from '#settings/index.ts';
import type { SparingAudit } from '#staff/index.ts';
import type { Terminal } from '#terminal/types.ts';
import type { ReaderView } from './api.ts';
import type { RecentTaps } from './recent-taps.ts';

/** All that the console needs of the terminal it belongs to. */
export interface ConsoleParts {
  readonly terminal: Terminal;
  /** Kept from the start on, while this room is loaded with the first visitor only. */
  readonly taps: RecentTaps;
  /** Whenever something may have changed that "now" tells: loop, reader, host, updates. */
  readonly changes$: Observable<unknown>;
  readonly decisions: DecisionBook;
  readonly people: Omit<People, 'close'>;
  /** What is read of it. Everything that is written goes through others. */
  readonly journal: Pick<
    Journal,
    'entriesOf' | 'transcript' | 'refusal' | 'findPayments' | 'latestOwnEntries'
  >;
  readonly books: Books;
  readonly reader$: Observable<ReaderState>;
  /** How silent the reader is when contactless is off: what it can do about its antenna. */
  readonly silence: () => ReaderSilence;
  readonly settings: Pick<ShopSettings, 'view' | 'change'>;
  /** The one that every door of this terminal writes to. */
  readonly audit: SparingAudit['audit'];
  readonly doctor: { examine(): Promise<Diagnosis> };
  readonly upkeep: Pick<Upkeep, 'standing' | 'order'>;
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
