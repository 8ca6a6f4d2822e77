import { setTimeout as sleep } from 'node:timers/promises';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import type { CardReader } from '#ports/card-reader.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { COMMAND, goodCard } from '#test/ports/card-reader-suite.ts';
import { type PcscSpy, startPcscSpy } from './pcsc-spy.ts';
import { startPcscd } from './pcscd.ts';
import { type InsertedCard, insertVpcdCard } from './vpcd-card.ts';

/** One trial: times in milliseconds from the call of `silence(true)`; 0 for before it. */
export interface SilenceTrial {
  /** What the reader was at. */
  readonly during: 'commands' | 'power-up';
  /** How many connections and commands were still handed over to pcscd after the call. */
  readonly handedOver: number;
  /** When a command, or a connection to the card, was last handed over to pcscd. */
  readonly lastHandedOverMs: number;
  /** When one last came to the card. The virtual reader takes 40 ms and more for its way there. */
  readonly lastCommandMs: number;
  /** When the card last got power: by us, or by pcscd. */
  readonly lastPowerUpMs: number;
  /** Until the reader said that it is silent: the card is powered down then. */
  readonly saidMs: number;
}

/**
 * Reads a card on the virtual reader over and over, through a real pcscd, and silences the reader
 * at moments of chance (`chance` gives 0 to 1), in every second trial while it powers the card up;
 * then listens at the card whether anything still comes.
 */
export const measureSilence = async (
  trials: number,
  chance: () => number,
): Promise<readonly SilenceTrial[]> => {
  const pcscd = await startPcscd();
  const spy = await startPcscSpy(pcscd.socketPath);
  const reader = openPcscReader({ log: quiet, socketPath: spy.socketPath });
  const card = await insertVpcdCard(goodCard(), pcscd.vpcdPort);
  const stop = new AbortController();
  const reading = readOverAndOver(reader, stop.signal);
  const measured: SilenceTrial[] = [];
  while (measured.length < trials) {
    const during = measured.length % 2 === 0 ? 'commands' : 'power-up';
    if (during === 'commands') await nextCommand(card);
    await sleep(chance() * LONGEST_WAIT_MS);
    measured.push({ during, ...(await silenceOnce(reader, card, spy)) });
  }
  stop.abort();
  await reading;
  await card.remove();
  await reader.close();
  await spy.close();
  await pcscd.close();
  return measured;
};

/** At least one command on the virtual reader, or its power-up. */
const LONGEST_WAIT_MS = 100;
/** Five commands on the virtual reader. */
const LISTEN_MS = 250;

const silenceOnce = async (
  reader: CardReader,
  card: InsertedCard,
  spy: PcscSpy,
): Promise<Omit<SilenceTrial, 'during'>> => {
  spy.forget();
  const startedMs = performance.now();
  await reader.silence(true);
  const saidMs = performance.now() - startedMs;
  await sleep(LISTEN_MS);
  const since = (atMs: number | undefined): number => Math.max(0, (atMs ?? 0) - startedMs);
  const lastCommandMs = since(card.lastCommandAtMs());
  const lastPowerUpMs = since(card.lastPowerUpAtMs());
  const touches = spy.touches();
  const lastHandedOverMs = since(touches.at(-1)?.atMs);
  await reader.silence(false);
  return { handedOver: touches.length, lastHandedOverMs, lastCommandMs, lastPowerUpMs, saidMs };
};

const readOverAndOver = async (reader: CardReader, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    if (isFault(await reader.activate(signal))) continue;
    while (!signal.aborted && !isFault(await reader.exchange(COMMAND, 1000)));
  }
};

const nextCommand = async (card: InsertedCard): Promise<void> => {
  const deadlineMs = performance.now() + 10_000;
  for (const before = card.commands(); card.commands() === before; await sleep(1)) {
    if (performance.now() > deadlineMs) throw new Error('the card is not read any more');
  }
};

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
