import type { ControlHandler, ControlLine } from '#ports/control.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { AuditLine } from '#staff/index.ts';
import type { CardDesk } from '#terminal/desks.ts';
import type { SaleRequest, Terminal, TerminalEvent } from '#terminal/types.ts';
import { type ControlRequest, parseRequest } from './control-requests.ts';
import type { Doctor } from './doctor/open-doctor.ts';
import { type NfcParts, nfcService } from './nfc/service.ts';
import { inParts } from './nfc/wire.ts';
import type { HoldCard } from './opening/hold-card.ts';
import type { PrintReceipt } from './opening/receipt-maker.ts';
import { type UpdateUpkeep, updateService } from './updates/service.ts';

export interface ControlParts {
  readonly terminal: Terminal & Pick<CardDesk, 'inquire'>;
  /** What `status` tells beside the terminal's own. */
  readonly about: () => ControlLine;
  /** Holds an emulated card to the in-process reader; undefined where the reader is a real one. */
  readonly tap?: HoldCard | undefined;
  /** Records what a command did; it is the command line's, and it is now. */
  readonly audit: (line: Omit<AuditLine, 'atMs' | 'from'>) => Promise<Fault | undefined>;
  /** Prints a receipt once more; undefined while the terminal has no printer. */
  readonly printReceipt?: PrintReceipt | undefined;
  /** The decisions, and who may make them; undefined while the terminal keeps none. */
  readonly nfc?: NfcParts;
  /** What stands beside card reader and display, in use or not. */
  readonly devices?: () => readonly AttachedDevice[];
  /** Looks at everything that this terminal has open. */
  readonly doctor?: Doctor;
  /** How updates stand, and orders about them. */
  readonly upkeep?: UpdateUpkeep;
}

/** What the control socket can be asked. Each answer's last line is the result. */
export const controlService =
  (parts: ControlParts): ControlHandler =>
  async (line, reply, signal) => {
    const asked = parseRequest(line);
    reply(
      'problem' in asked ? { error: asked.problem } : await answer(parts, asked, reply, signal),
    );
  };

type Op = ControlRequest['op'];
type Answer<O extends Op> = (
  parts: ControlParts,
  asked: Extract<ControlRequest, { op: O }>,
  reply: (line: ControlLine) => void,
  signal: AbortSignal,
) => ControlLine | Promise<ControlLine>;

const answer = (parts: ControlParts, asked: ControlRequest, ...rest: Rest) =>
  (ANSWERS[asked.op] as Answer<Op>)(parts, asked, ...rest);

type Rest = [reply: (line: ControlLine) => void, signal: AbortSignal];

const ANSWERS: { readonly [O in Op]: Answer<O> } = {
  status: async ({ terminal, upkeep, about }) => {
    const refusedLater = await terminal.refusedLater();
    const refusals = refusedLater === undefined ? {} : { refusedLater };
    const updates = upkeep === undefined ? {} : { upkeep: upkeep.standing() };
    return { ...terminal.status(), ...refusals, ...updates, ...about() };
  },
  devices: ({ terminal, devices = () => [] }) => ({
    devices: [cardReaderOf(terminal), ...devices()],
  }),
  doctor: async ({ doctor }, { checks }) =>
    doctor === undefined
      ? { error: 'this terminal has no doctor' }
      : { diagnosis: await doctor.examine(checks) },
  cancel: ({ terminal }, { transactionId }) => ({ cancelled: terminal.cancel(transactionId) }),
  sale: async ({ terminal }, { op: _, ...request }, reply, signal) => ({
    result: await take(terminal, request, reply, signal),
  }),
  balance: async ({ terminal }, { account, currency }, _, signal) => ({
    result: await terminal.inquire({ account, currency }, signal),
  }),
  void: async ({ terminal }, { payment }) => ({ result: await terminal.void(payment) }),
  complete: async ({ terminal }, { op: _, payment: original, ...order }) => ({
    result: await terminal.complete({ original, ...order }),
  }),
  note: async ({ terminal }, { payment, giveUp }) => ({
    result: await terminal.note(payment, giveUp),
  }),
  reconcile: async ({ terminal }) => {
    const reconciled = await terminal.reconcile();
    return isFault(reconciled) ? { error: reconciled.detail } : { result: reconciled };
  },
  receipt: async ({ printReceipt }, { payment, copy, language }) => {
    if (printReceipt === undefined) return { error: 'this terminal has no receipt printer' };
    const refused = await printReceipt(payment, copy, language);
    return refused === undefined ? { printed: true } : { error: refused.detail };
  },
  nfc: async ({ nfc }, asked, reply) =>
    nfc === undefined
      ? { error: 'this terminal keeps no decisions' }
      : inParts(await nfcService(nfc)(asked), reply),
  update: ({ upkeep }, asked, reply) =>
    upkeep === undefined
      ? { error: 'this terminal is updated by nobody' }
      : updateService(upkeep, asked, reply),
  audit: async ({ audit }, { op: _, ...line }) => {
    const unwritten = await audit(line);
    return unwritten === undefined ? { recorded: true } : { error: unwritten.detail };
  },
  tap: ({ tap }, { op: _, card, ...options }, __, signal) =>
    tap === undefined
      ? { error: 'this terminal has no in-process reader' }
      : tap(card, { signal, ...options }),
};

const cardReaderOf = (terminal: Terminal): AttachedDevice => {
  const { reader, readerPresent } = terminal.status();
  const why = fault('readerLost', reader);
  return {
    ...{ kind: 'cardReader', place: readerPresent ? reader : '', name: '' },
    because: 'cards are read with it: reader in terminal.json',
    health: readerPresent ? { health: 'ready' } : { health: 'absent', why },
  };
};

const take = (
  terminal: Terminal,
  request: SaleRequest,
  reply: (line: ControlLine) => void,
  signal: AbortSignal,
) => {
  const hangUp = new AbortController();
  let atHost = false;
  const tell = (event: TerminalEvent) => {
    atHost ||= event.event === 'authorising';
    reply({
      event: event.event,
      ...(event.event === 'saleStarted' ? { transactionId: event.transactionId } : {}),
      ...(event.event === 'code' ? { screen: event.screen, wallet: event.wallet } : {}),
      ...(event.event === 'scan' ? { detail: event.why ?? event.wallet } : {}),
    });
    const { reader, readerPresent } = terminal.status();
    if (event.event === 'saleStarted' && !readerPresent && request.original === undefined) {
      reply({ event: 'noReader', detail: reader });
    }
  };
  // A till that lost its connection while the host decides can ask again under its own id, and then
  // gets what the host said; one without an id could not, and gets nothing that it must pay for.
  signal.addEventListener('abort', () => {
    if (!atHost || request.tillId === undefined) hangUp.abort();
  });
  if (signal.aborted) hangUp.abort();
  return terminal.sale(request, hangUp.signal, tell);
};
