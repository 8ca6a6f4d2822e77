import { setTimeout as sleep } from 'node:timers/promises';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import type { Log } from '#ports/log.ts';
import type { ReaderBench } from '#test/ports/card-reader-suite.ts';
import type { Pcscd } from '#test/support/pcscd.ts';
import { type InsertedCard, insertVpcdCard } from '#test/support/vpcd-card.ts';

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

/** The PC/SC driver on a service of the test's own; cards go into its first slot. */
export const openBench = (pcscd: Pcscd, log: Log = quiet): ReaderBench => {
  const reader = openPcscReader({ log, socketPath: pcscd.socketPath });
  let inserted: InsertedCard | undefined;
  const remove = async (): Promise<void> => inserted?.remove();
  return {
    reader,
    remove,
    insert: async (card) => {
      await remove();
      await untilPcscdHasLooked(inserted);
      inserted = await insertVpcdCard(card, pcscd.vpcdPort);
    },
    close: async () => {
      await remove();
      await untilPcscdHasLooked(inserted);
      await reader.close();
    },
  };
};

/**
 * pcscd looks every 400 ms and a little whether a card is there. It is blind to one that takes the
 * place of a card that it has just failed to power down or reset; nothing tells us when it has
 * looked.
 */
const untilPcscdHasLooked = async (last: InsertedCard | undefined): Promise<void> => {
  const goneAtMs = last?.goneAtMs();
  if (goneAtMs !== undefined) await sleep(Math.max(0, goneAtMs + 600 - performance.now()));
};
