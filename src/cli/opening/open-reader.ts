import type { TerminalConfig } from '#config/terminal-config.ts';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import type { Log } from '#ports/log.ts';
import type { Configuration } from '../load-configuration.ts';
import type { Places } from '../places.ts';
import { clock } from '../world.ts';
import type { HoldCard } from './hold-card.ts';
import { type ReaderWithTrial, withTrials } from './reader-trials.ts';

export interface OpenedReader extends ReaderWithTrial {
  readonly kind: TerminalConfig['reader']['kind'];
  /** Where cards are emulated in this process. */
  readonly tap?: HoldCard;
}

/** The card reader, silent until somebody knows what the shop decided. */
export const openReader = async (
  asked: TerminalConfig['reader']['kind'] | undefined,
  { terminal }: Pick<Configuration, 'terminal'>,
  places: Places,
  log: Log,
): Promise<OpenedReader> => {
  const { kind, name } = terminal.reader;
  if ((asked ?? kind) === 'in-process') {
    // A counter needs no emulated cards, and keeps the memory that they take.
    const { openInProcessReader } = await import('./open-in-process-reader.ts');
    const { port, tap } = openInProcessReader(places, log);
    return { kind: 'in-process', tap, ...withTrials(port) };
  }
  const port = openPcscReader({
    log,
    monotonicMs: clock.monotonicMs,
    silent: true,
    ...(name ? { readerName: name } : {}),
  });
  return { kind: 'pcsc', ...withTrials(port) };
};
