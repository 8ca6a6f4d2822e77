import { setTimeout as sleep } from 'node:timers/promises';
import { isDecisionProblem } from '#acceptance/index.ts';
import { type DecisionBook, openDecisionBook } from '#decisions/index.ts';
import { openPcscReader } from '#drivers/pcsc/index.ts';
import { isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import { config } from '#test/decisions/support.ts';
import { clock } from '../../src/cli/world.ts';
import { memoryJournal } from './memory-journal.ts';
import { type PcscSpy, startPcscSpy } from './pcsc-spy.ts';
import { startPcscd } from './pcscd.ts';
import { cardNamed, type Harness, startHarness } from './terminal-harness.ts';
import { type InsertedCard, insertVpcdCard } from './vpcd-card.ts';

/** One decision; times in milliseconds from the moment in which it is in force, 0 for before. */
export interface SwitchTrial {
  /** While a card was awaited, or while one was read that had not been asked for a cryptogram. */
  readonly during: 'waiting' | 'reading';
  /** When a connection or a command was last handed over to pcscd. */
  readonly lastHandedOverMs: number;
  /** When a command last came to the card. */
  readonly lastCommandMs: number;
  /** When the payment ended, with the shop's message on the display. */
  readonly toldMs: number;
}

/**
 * Switches contactless off while a terminal waits for a card or reads one, through a real pcscd,
 * and listens before pcscd and at the card what still comes. `chance` gives 0 to 1.
 */
export const measureSwitch = async (
  trials: number,
  chance: () => number,
): Promise<readonly SwitchTrial[]> => {
  const pcscd = await startPcscd();
  const spy = await startPcscSpy(pcscd.socketPath);
  const journal = memoryJournal(clock.wallMs);
  const book = await openDecisionBook({ journal, clock, log: quiet, config: US_DOLLARS });
  const reader = openPcscReader({ log: quiet, socketPath: spy.socketPath, silent: true });
  const harness = await startHarness({
    reader: () => reader,
    acceptance: book,
    settings: { cardTimeoutMs: 60_000, exchangeDeadlineMs: 2000, attempts: 10 },
  });
  const measured: SwitchTrial[] = [];
  while (measured.length < trials) {
    const during = measured.length % 2 === 0 ? 'waiting' : 'reading';
    const trial = await switchOnce({ during, harness, book, spy, port: pcscd.vpcdPort }, chance);
    if (trial !== undefined) measured.push(trial);
  }
  harness.close();
  await reader.close();
  await spy.close();
  await pcscd.close();
  return measured;
};

interface Bench {
  readonly during: SwitchTrial['during'];
  readonly harness: Harness;
  readonly book: DecisionBook;
  readonly spy: PcscSpy;
  readonly port: number;
}

/** Two commands on the virtual reader, of the five that come before GENERATE AC. */
const LONGEST_WAIT_MS = 100;
const LISTEN_MS = 400;

/** Undefined when the card had been asked for its cryptogram: such a tap is finished. */
const switchOnce = async (bench: Bench, chance: () => number): Promise<SwitchTrial | undefined> => {
  const { during, harness, book, spy, port } = bench;
  const from = harness.views.length;
  const paying = harness.terminal.sale(
    { amountMinor: 500, currency: 840 },
    new AbortController().signal,
  );
  await harness.seen('presentCard', from);
  let card: InsertedCard | undefined;
  if (during === 'reading') {
    card = await insertVpcdCard(cardWithPower(), port);
    await firstCommand(card);
  }
  await sleep(chance() * LONGEST_WAIT_MS);
  spy.forget();
  await decide(book, 'off');
  const startedMs = performance.now();
  const { status } = await paying;
  const toldMs = performance.now() - startedMs;
  await sleep(LISTEN_MS);
  const since = (atMs: number | undefined): number => Math.max(0, (atMs ?? 0) - startedMs);
  const lastCommandMs = since(card?.lastCommandAtMs());
  const lastHandedOverMs = since(spy.touches().at(-1)?.atMs);
  await card?.remove();
  await decide(book, 'on');
  if (status === 'approved') return undefined;
  if (harness.views.at(-1)?.screen === undefined) throw new Error('nothing is shown');
  return { during, lastHandedOverMs, lastCommandMs, toldMs };
};

const cardWithPower = () => {
  const card = cardNamed('mastercard-plastic');
  card.powerOn?.();
  return card;
};

const firstCommand = async (card: InsertedCard): Promise<void> => {
  const deadlineMs = performance.now() + 10_000;
  while (card.commands() === 0) {
    if (performance.now() > deadlineMs) throw new Error('the card is not read');
    await sleep(1);
  }
};

const decide = async (book: DecisionBook, action: 'off' | 'on'): Promise<void> => {
  const supersedes = book.standing().inForce.map(({ id }) => id);
  const reason = { category: 'trial', text: 'how fast it is' };
  const made = await book.decide({ action, reason, supersedes }, ann);
  if (isFault(made) || isDecisionProblem(made)) throw new Error(JSON.stringify(made));
};

const ann = { person: 'ann', role: 'manager' };
const US_DOLLARS = { ...config, lanes: ['1'], currencies: ['USD'] };
const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
