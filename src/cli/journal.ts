import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import {
  exportJournal,
  listPayments,
  type Recovery,
  recoverFile,
  showPayment,
  verifyFile,
} from '#drivers/sqlite/index.ts';
import { type PaymentRecord, recordOf } from '#payment/record.ts';
import { type Fault, isFault } from '#ports/fault.ts';
import type { ChainState, Entry, PaymentRow } from '#ports/journal.ts';
import { codeOf } from '#terminal/format.ts';
import { type ExitCode, exit, fail, say } from './exit.ts';
import type { Places } from './places.ts';
import { moneyWords } from './result-text.ts';

export interface JournalOutput {
  readonly json?: boolean;
}

/** `countertap journal verify`: 0 whole, 1 broken, 3 unreadable. Changes nothing. */
export const verify = (places: Places, { json = false }: JournalOutput): ExitCode => {
  const state = verifyFile(places.journal);
  if (isFault(state)) return fail(state.detail);
  if (json) say(JSON.stringify(state));
  else say(describeState(state));
  return state.chain === 'whole' ? exit.ok : BROKEN;
};

/** `countertap journal export`: one line of JSON an entry, to standard output or a new file. */
export const exportTo = (places: Places, file: string | undefined): ExitCode => {
  const target = file === undefined ? 1 : newFile(file);
  if (target === undefined) return fail(`${file} can't be made, or is there already`);
  const state = exportInto(target, places.journal);
  if (file !== undefined) closeSync(target);
  if ('chain' in state && state.chain === 'whole') return exit.ok;
  if ('chain' in state) {
    const where = file === undefined ? '' : `; ${file} has what comes before`;
    fail(`the export ends early: ${describeState(state)}${where}`);
    return BROKEN;
  }
  if (file !== undefined) rmSync(file, { force: true });
  if (isFault(state)) return fail(state.detail);
  const { unwritable } = state;
  return fail(
    file === undefined
      ? `standard output can't be written: ${unwritable}; the export is not complete`
      : `${file} can't be written: ${unwritable}; it was removed again`,
  );
};

/** What the target says of itself, where it is the target and not the journal that fails. */
const exportInto = (
  target: number,
  journal: string,
): ChainState | Fault | { readonly unwritable: string } => {
  let unwritable: string | undefined;
  try {
    return exportJournal(journal, (line) => {
      try {
        writeAll(target, `${line}\n`);
      } catch (error) {
        unwritable = error instanceof Error ? error.message : String(error);
        // Without a code, so that nobody takes it for one of the journal's disk.
        throw new Error(unwritable);
      }
    });
  } catch (error) {
    if (unwritable === undefined) throw error;
    return { unwritable };
  }
};

/** `countertap journal recover`: 0 done, or nothing to do; 3 when it can't be. */
export const recover = (places: Places, { json = false }: JournalOutput): ExitCode => {
  const result = recoverFile(places.journal, Date.now);
  if (isFault(result)) return fail(result.detail);
  if (json) say(JSON.stringify(result));
  else if ('chain' in result) say(`nothing to recover: ${describeState(result)}`);
  else for (const line of describeRecovery(result)) say(line);
  return exit.ok;
};

/** `countertap journal show ID`: a payment and what happened to it; 1 when there is none. */
export const show = (places: Places, id: string, { json = false }: JournalOutput): ExitCode => {
  const found = showPayment(places.journal, id);
  if (isFault(found)) return fail(found.detail);
  if (found === undefined) {
    fail(`the journal has no payment "${id}"`);
    return NOT_THERE;
  }
  if (json) {
    say(JSON.stringify(found));
    return exit.ok;
  }
  say(describeRow(found.row));
  say(JSON.stringify(found.row.record, null, 2));
  for (const entry of found.entries) say(describeEntry(entry));
  return exit.ok;
};

export interface ListOptions extends JournalOutput {
  readonly last: number;
  readonly open?: boolean;
  readonly unsettled?: boolean;
  readonly refused?: boolean;
}

/** `countertap journal list`: the latest payments, or the latest of one sort, newest first. */
export const list = (places: Places, options: ListOptions): ExitCode => {
  const { json = false, last, open, unsettled, refused } = options;
  const wanted = (row: PaymentRow): boolean =>
    (open !== true || row.open) &&
    (unsettled !== true || !row.settled) &&
    (refused !== true || row.state === 'refusedLater');
  const some = open === true || unsettled === true || refused === true;
  const rows = listPayments(places.journal, some ? Number.MAX_SAFE_INTEGER : last);
  if (isFault(rows)) return fail(rows.detail);
  const listed = rows.filter(wanted).slice(0, last);
  if (json) say(JSON.stringify(listed));
  else if (listed.length === 0) say(some ? 'no such payment' : 'no payment yet');
  else for (const row of listed) say(describeRow(row));
  return exit.ok;
};

const BROKEN = exit.declined;
const NOT_THERE = exit.declined;

const newFile = (path: string): number | undefined => {
  try {
    return openSync(path, 'wx', 0o600);
  } catch {
    return undefined;
  }
};

// A pipe takes what it has room for, and says so.
const writeAll = (target: number, text: string): void => {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(target, bytes, at);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') process.exit();
      if (code !== 'EAGAIN') throw error;
    }
  }
};

const describeState = (state: ChainState): string => {
  if (state.chain === 'whole') return `whole: ${state.entries} entries, up to ${state.head}`;
  const place = state.sequence === 0 ? '' : ` at entry ${state.sequence}`;
  return `broken${place}: ${state.problem}`;
};

const describeRecovery = (recovery: Recovery): string[] => {
  const { problem, kept, gaps, doubtful, gone, uncertainAfter, contentsLost, aside } = recovery;
  const ranges = gaps.map(({ from, to }) =>
    from > to ? `between ${to} and ${from}` : from === to ? `${from}` : `${from} to ${to}`,
  );
  return [
    `was broken: ${problem}`,
    `kept        ${kept} entries`,
    `missing     ${ranges.length === 0 ? 'none' : ranges.join(', ')}`,
    ...(contentsLost > 0 ? [`lost        ${contentsLost} sealed data or transcripts`] : []),
    ...doubtful.map((id) => `look at     payment ${id}: its latest entries may be missing`),
    ...gone.map((id) => `look at     payment ${id}: nothing of it is left`),
    ...(uncertainAfter === undefined ? [] : [`compare     ${uncertain(uncertainAfter)}`]),
    ...(aside === undefined ? [] : [`kept aside  ${aside}`]),
  ];
};

const uncertain = (entry: number): string =>
  `payments after entry ${entry} may be missing or wrong: compare them with the host's`;

// What a person finds a payment by.
const describeRow = (row: PaymentRow): string => {
  const { id, tillId, state, open, settled, startedMs } = row;
  const { kind, card, ...known }: Partial<PaymentRecord> = recordOf(row);
  const { amountMinor, currency } = {
    ...known,
    amountMinor: known.approvedMinor ?? known.amountMinor,
  };
  return [
    new Date(startedMs).toISOString(),
    id,
    `${state}, ${open ? 'open' : settled ? 'settled' : 'unsettled'}`,
    kind !== 'purchase' && kind,
    amountMinor !== undefined &&
      currency !== undefined &&
      moneyWords(amountMinor, codeOf(currency)),
    card?.scheme,
    card?.maskedPan,
    tillId !== null && `till ${tillId}`,
  ]
    .filter(Boolean)
    .join('  ');
};

const describeEntry = ({ sequence, event, atMs, data }: Entry): string => {
  const at = new Date(atMs).toISOString();
  return `${String(sequence).padStart(8)}  ${at}  ${event}  ${JSON.stringify(data)}`;
};
