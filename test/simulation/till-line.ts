import type { TillDesk } from '#ports/till-line.ts';
import type { SaleResult, Terminal } from '#terminal/types.ts';
import type { Life } from './life.ts';
import type { Random } from './random.ts';
import type { Wish } from './watch.ts';

/** A terminal that runs, and the life that it runs in. */
export interface Running {
  readonly life: Life;
  readonly terminal: Terminal;
  /** Where messages are taken, if this till speaks by messages. */
  readonly desk?: TillDesk;
}

/** How the till says what it wants: each once, and nothing comes when the connection is lost. */
export interface TillLine {
  put(wish: Wish, running: Running, signal: AbortSignal, random: Random): Promise<SaleResult>;
  /** Breaks off the payment that is being taken. */
  cancel(wish: Wish, running: Running, random: Random): void;
  /** Resolves to what came of it, in a word. */
  takeBack(wish: Wish, running: Running): Promise<string>;
}
