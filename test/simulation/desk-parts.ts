import { serviceKey } from '#nexo/index.ts';
import type { Books } from '#payment/index.ts';
import type { Clock, Entropy } from '#ports/clock.ts';
import type { Journal } from '#ports/journal.ts';
import type { Log } from '#ports/log.ts';
import type { WholeTerminal } from '#terminal/desks.ts';

/** What a desk for tills is made of, in one life of the terminal. */
export interface DeskParts {
  readonly terminal: WholeTerminal;
  readonly books: Books;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
}

/** The till's name, and that of the terminal, in every message. */
export const SALE_ID = 'POS 1';
export const POI_ID = 'V400m-123456789';

/** Under which id the terminal's books have what was asked for under a ServiceID. */
export const tillIdOf = (serviceId: string): string =>
  serviceKey({ SaleID: SALE_ID, ServiceID: serviceId });
