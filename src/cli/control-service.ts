import type { ControlHandler, ControlLine } from '#ports/control.ts';
import type { AttachedDevice } from '#ports/devices.ts';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { AuditLine } from '#staff/index.ts';
import type { CardDesk } from '#terminal/desks.ts';
import type { SaleRequest, Terminal, TerminalEvent } from '#terminal/types.ts';
import { type ControlRequest, parseRequest } from './control-requests.ts';
import type { HoldCard } from './hold-card.ts';
import { type NfcParts, nfcService } from './nfc-service.ts';
import { inParts } from './nfc-wire.ts';
import type { Doctor } from './open-doctor.ts';
import type { PrintReceipt } from './receipt-maker.ts';

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

const answer = async (
  { terminal, about, tap, audit, nfc, printReceipt, doctor, devices = () => [] }: ControlParts,
  asked: ControlRequest,
  reply: (line: ControlLine) => void,
  signal: AbortSignal,
): Promise<ControlLine> => {
  switch (asked.op) {
    case 'status': {
      const refusedLater = await terminal.refusedLater();
      const refusals = refusedLater === undefined ? {} : { refusedLater };
      return { ...terminal.status(), ...refusals, ...about() };
    }
    case 'devices':
      return { devices: [cardReaderOf(terminal), ...devices()] };
    case 'doctor':
      return doctor === undefined
        ? { error: 'this terminal has no doctor' }
        : { diagnosis: await doctor.examine(asked.checks) };
    case 'cancel':
      return { cancelled: terminal.cancel(asked.transactionId) };
    case 'sale': {
      const { op: _, ...request } = asked;
      return { result: await take(terminal, request, reply, signal) };
    }
    case 'balance': {
      const { account, currency } = asked;
      return { result: await terminal.inquire({ account, currency }, signal) };
    }
    case 'void':
      return { result: await terminal.void(asked.payment) };
    case 'complete': {
      const { op: _, payment: original, ...order } = asked;
      return { result: await terminal.complete({ original, ...order }) };
    }
    case 'note':
      return { result: await terminal.note(asked.payment, asked.giveUp) };
    case 'reconcile': {
      const reconciled = await terminal.reconcile();
      return isFault(reconciled) ? { error: reconciled.detail } : { result: reconciled };
    }
    case 'receipt': {
      if (printReceipt === undefined) return { error: 'this terminal has no receipt printer' };
      const refused = await printReceipt(asked.payment, asked.copy, asked.language);
      return refused === undefined ? { printed: true } : { error: refused.detail };
    }
    case 'nfc':
      return nfc === undefined
        ? { error: 'this terminal keeps no decisions' }
        : inParts(await nfcService(nfc)(asked), reply);
    case 'audit': {
      const { op: _, ...line } = asked;
      const unwritten = await audit(line);
      return unwritten === undefined ? { recorded: true } : { error: unwritten.detail };
    }
    case 'tap': {
      const { card, holdMs, tearAfter } = asked;
      if (tap === undefined) return { error: 'this terminal has no in-process reader' };
      return tap(card, {
        signal,
        ...(holdMs === undefined ? {} : { holdMs }),
        ...(tearAfter === undefined ? {} : { tearAfter }),
      });
    }
  }
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
