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
