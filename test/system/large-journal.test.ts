import { mkdirSync, renameSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fold, type Patch, type PaymentRecord, rowOf, toJson } from '#payment/index.ts';
import type { JournalWrite } from '#ports/journal.ts';
import { buildJournal } from '#test/drivers/sqlite/large-journal.ts';
import {
  type RunningTerminal,
  runTerminal,
  type TerminalOptions,
} from '#test/support/running-terminal.ts';
import { placesIn } from '../../src/cli/places.ts';

const PAYMENTS = 100_000;
/** A busy day's, approved and waiting for reconciliation. */
const UNSETTLED = 2000;
const DAY_MS = 86_400_000;
const DE_55 = `9F0206000000001250${'9F36020001'.repeat(24)}`;

const request = (i: number) => ({
  mti: '0100',
  localTime: '261121165900',
  fields: {
    3: '000000',
    4: '000000001250',
    7: '1121215900',
    11: String((i % 999_999) + 1).padStart(6, '0'),
    12: '165900',
    13: '1121',
    22: '072',
    25: '00',
    37: String(i).padStart(12, '0'),
    41: 'TERM0001',
    42: 'MERCHANT0000001',
    49: '840',
    55: { hex: DE_55 },
  },
});

/** What the books write for a payment, so far as it came. */
function* written(i: number, startedMs: number): Generator<JournalWrite> {
  const id = i.toString(16).padStart(12, '0');
  const card = { scheme: 'visa', maskedPan: '476173******0010', token: 'A'.repeat(32) };
  const taken = { id, state: 'new', startedMs, amountMinor: 1250, currency: 840, card } as const;
  let record: PaymentRecord = { ...taken, kind: 'purchase' };
  const note = (...events: [Parameters<typeof fold>[1], Patch][]): JournalWrite => {
    const entries = events.map(([event, patch]) => {
      record = fold(record, event, patch);
      return { payment: id, event, atMs: startedMs, data: toJson(patch) };
    });
    return { entries, rows: [rowOf(record)] };
  };
  yield note(['asked', { request: request(i) }]);
  // The last one was interrupted by a power cut.
  if (i === PAYMENTS - 1) return;
  const answer = { responseCode: '00', meaning: 'approved', authorisationCode: '123456' };
  const approved: Patch = { answer, period: 1, result: { status: 'approved' } };
  if (i >= PAYMENTS - UNSETTLED) yield note(['approved', approved]);
  else yield note(['approved', approved], ['reconciled', {}]);
}

function* history(nowMs: number): Generator<JournalWrite> {
  for (let i = 0; i < PAYMENTS; i++) yield* written(i, nowMs - DAY_MS + i);
}

let folder: string;
beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'countertap-large-')), 'journal');
  mkdirSync(folder, { mode: 0o700 });
  buildJournal(join(folder, 'journal.db'), history(Date.now()));
}, 180_000);
afterAll(() => rm(dirname(folder), { recursive: true, force: true }));

/** Starts a terminal with the journal, and puts the journal back after its end. */
const withJournal = async (
  scene: (terminal: RunningTerminal) => Promise<void>,
  options: Partial<TerminalOptions> = {},
): Promise<void> => {
  const terminal = await runTerminal({
    reader: 'in-process',
    prepare: (state) => renameSync(folder, journalIn(state)),
    ...options,
  });
  try {
    await scene(terminal);
  } finally {
    await terminal.end('SIGTERM');
    renameSync(journalIn(terminal.state), folder);
    await terminal.close();
  }
};

const journalIn = (state: string): string => dirname(placesIn(state).journal);

// A machine that is busy with something else may take long now and then; what a large journal takes
// comes back every time.
describe('a terminal with 100,000 payments in its journal', () => {
  it('is ready within 2 s, and takes back what a power cut left', async () => {
    let readyAfterMs = Number.POSITIVE_INFINITY;
    for (let start = 1; start <= 3 && readyAfterMs > 2000; start++) {
      await withJournal(async (terminal) => {
        readyAfterMs = Math.min(readyAfterMs, terminal.readyAfterMs);
        expect(await terminal.pay('visa-phone')).toMatchObject({ status: 'approved' });
        if (start > 1) return;
        expect(await terminal.writings()).toContain('interrupted: it is taken back');
      });
    }
    expect(readyAfterMs).toBeLessThanOrEqual(2000);
  }, 60_000);

  it('looks through it while it is idle, and is never blocked for it', async () => {
    let pauseMs = Number.POSITIVE_INFINITY;
    const watch = async (terminal: RunningTerminal) => {
      for (let look = 1; look <= 4 && pauseMs > 20; look++) {
        await terminal.longestPauseMs();
        await sleep(1500);
        pauseMs = Math.min(pauseMs, await terminal.longestPauseMs());
      }
    };
    await withJournal(watch, { watchLoop: true });
    expect(pauseMs).toBeLessThanOrEqual(20);
  }, 60_000);
});
