import { BehaviorSubject, distinctUntilChanged, map, type SchedulerLike, Subscription } from 'rxjs';
import { concat } from '#bytes/bytes.ts';
import type { ByteLine, ByteLineState } from '#ports/byte-line.ts';
import type { AttachedDevice, DeviceHealth } from '#ports/devices.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Log } from '#ports/log.ts';
import type { Receipt, ReceiptPrinter } from '#ports/receipt-printer.ts';
import { createTurns } from '#ports/turns.ts';
import { type Conversation, converse } from './conversation.ts';
import { encodeReceipt, legible, type Paper } from './encode.ts';
import { ask, obstacle, offlineCause, type PrinterStatus, paperSensors } from './status.ts';

export type { Paper } from './encode.ts';

export interface PrinterOptions extends Paper {
  /** The printer's; closed with it. */
  readonly line: ByteLine;
  /** Why it is taken for a printer: "named in terminal.json: devices.printer". */
  readonly because: string;
  /** As it names itself. */
  readonly name?: string;
  /** Whether it answers: not where the device file can only be written. True unless stated. */
  readonly answers?: boolean;
  /** For a receipt to be taken; it is printed at paper's speed, and sent at the line's. */
  readonly deadlineMs?: number;
  /** For a question about its state to be answered. */
  readonly answerWithinMs?: number;
  readonly scheduler: SchedulerLike;
  readonly log: Log;
}

/**
 * A receipt printer that speaks ESC/POS. Whether it has paper is asked before each receipt and told
 * after it; a receipt that it hasn't printed is a Fault `device`, and can be printed again.
 */
export const openPrinter = (options: PrinterOptions): ReceiptPrinter => {
  const { line, log, scheduler } = options;
  const inTurn = createTurns();
  const talk = converse(line, scheduler);
  const state$ = new BehaviorSubject<State>({ line: { line: 'down', why: OPENING }, status: {} });
  const learn = (status: PrinterStatus): void =>
    state$.next({ ...state$.value, status: { ...state$.value.status, ...status } });
  const life = watch(options, talk, state$, learn);
  let closed = false;
  return {
    devices$: state$.pipe(
      map((state) => [deviceOf(options, state)]),
      distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
    ),
    print: (receipt) =>
      inTurn(async () => {
        if (closed) return fault('aborted', 'the printer was closed');
        const refused = await printOn({ ...options, talk, learn }, receipt);
        if (refused) log.warn({ printer: line.path, why: refused.detail }, 'receipt not printed');
        else log.info({ printer: line.path }, 'receipt printed');
        return refused;
      }),
    close: async () => {
      closed = true;
      life.unsubscribe();
      await line.close();
      state$.complete();
    },
  };
};

interface State {
  readonly line: ByteLineState;
  readonly status: PrinterStatus;
}

const OPENING = fault('device', 'the printer is being opened');

const ANSWER_WITHIN_MS = 1000;
const DEADLINE_MS = 15_000;

/** Follows line and printer; a printer that is there again has forgotten what it was told. */
const watch = (
  { line, answers = true, answerWithinMs = ANSWER_WITHIN_MS }: PrinterOptions,
  { reports$ }: Conversation,
  state$: BehaviorSubject<State>,
  learn: (status: PrinterStatus) => void,
): Subscription => {
  const life = new Subscription();
  life.add(
    reports$.subscribe((report) => {
      if (report.report !== 'realTime') learn(report.status);
    }),
  );
  life.add(
    line.state$.subscribe((state) => {
      state$.next({ line: state, status: {} });
      if (state.line === 'up' && answers) void line.write(ask.automatic, answerWithinMs);
    }),
  );
  return life;
};

type Press = PrinterOptions & {
  readonly talk: Conversation;
  readonly learn: (status: PrinterStatus) => void;
};

const printOn = async (press: Press, receipt: Receipt): Promise<Fault | undefined> => {
  const { line, answers = true, deadlineMs = DEADLINE_MS, talk } = press;
  const wanted = legible(receipt);
  if (wanted === undefined) {
    return fault('device', `the printer at ${line.path} has no letters for "${receipt.language}"`);
  }
  const hindered = answers ? await look(press) : undefined;
  if (hindered) return hindered;
  const bytes = await encodeReceipt(wanted, press);
  if (!answers) return inWords(press, await line.write(bytes, deadlineMs));
  const job = concat(ask.automatic, bytes, ask.printed);
  const question = { bytes: job, deadlineMs, withinMs: deadlineMs };
  const end = await talk.ask(question, (report) => {
    if (report.report === 'sensor') return { printed: true } as const;
    const why = report.report === 'automatic' ? obstacle(report.status) : undefined;
    return why === undefined ? undefined : { printed: false, why };
  });
  if (isFault(end)) {
    // Whoever has no paper takes no bytes either.
    return (end.fault === 'timeout' ? await look(press) : undefined) ?? inWords(press, end);
  }
  // A printer that doesn't know GS r has printed it, unless something is in its way now.
  if (end === undefined) return look(press);
  return end.printed ? undefined : fault('device', `the printer at ${line.path}: ${end.why}`);
};

/** To whoever prints it makes no difference where a printer is stuck. */
const inWords = ({ line }: Press, refused: Fault | undefined): Fault | undefined =>
  refused?.fault === 'timeout'
    ? fault('device', `the printer at ${line.path} doesn't take the receipt: ${refused.detail}`)
    : refused;

/** Asks for paper and cover; a Fault that says why nothing can be printed. */
const look = async (press: Press): Promise<Fault | undefined> => {
  const { line, talk, learn, answerWithinMs = ANSWER_WITHIN_MS } = press;
  const status = async (bytes: Uint8Array, read: (byte: number) => PrinterStatus) => {
    const question = { bytes, deadlineMs: answerWithinMs, withinMs: answerWithinMs };
    const byte = await talk.ask(question, (report) =>
      report.report === 'realTime' ? report.byte : undefined,
    );
    if (isFault(byte)) return inWords(press, byte) ?? byte;
    return byte === undefined ? byte : read(byte);
  };
  const cause = await status(ask.offlineCause, offlineCause);
  if (isFault(cause)) return cause;
  const paper = cause && (await status(ask.paper, paperSensors));
  if (isFault(paper)) return paper;
  if (cause === undefined || paper === undefined) {
    return fault('device', `the printer at ${line.path} doesn't answer: is it switched on?`);
  }
  const found = { ...cause, ...paper, ...(cause.paper === 'out' ? { paper: cause.paper } : {}) };
  learn(found);
  const why = obstacle(found);
  return why === undefined ? undefined : fault('device', `the printer at ${line.path}: ${why}`);
};

const deviceOf = ({ line, name = '', because }: PrinterOptions, state: State): AttachedDevice => ({
  kind: 'printer',
  place: line.path,
  name,
  because,
  health: healthOf(state),
});

const healthOf = ({ line, status }: State): DeviceHealth => {
  if (line.line === 'down') return { health: 'absent', why: line.why };
  const why = obstacle(status);
  if (why !== undefined) return { health: 'attention', detail: why };
  return status.paper === 'low'
    ? { health: 'attention', detail: 'its paper is low' }
    : { health: 'ready' };
};
