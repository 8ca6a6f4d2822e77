/**
 * The reader process. nfc-pcsc blocks its event loop while the service is away, never recovers from
 * a service that was restarted, and can't cancel a command to a mute card: so it lives in a process
 * that can be killed. It says what it sees, does what it is told, and ends with its parent.
 */
import { flushCompileCache } from 'node:module';
import { NFC, type Reader } from 'nfc-pcsc';
import { fault } from '#ports/fault.ts';
import { OBEYED } from './escape.ts';
import {
  BORN_SILENT,
  COMPILE_ONLY,
  type FromReaderProcess,
  type Reply,
  type Request,
  type Sighting,
  type SignalRequest,
  type SilenceRequest,
  type ToReaderProcess,
} from './messages.ts';
import { openSlot, type Slot } from './slot.ts';

const slots = new Map<string, Slot>();
let activations = 0;
/** The slot that was connected to last. */
let current: Slot | undefined;
/** Requests are worked off one after the other: one card, one command at a time. */
let queue: Promise<void> = Promise.resolve();
/** No card is connected to and nothing is sent to one. Holds before a request's turn comes. */
let silent = process.argv.includes(BORN_SILENT);

const say = (message: FromReaderProcess): void => {
  if (process.connected) process.send?.(message);
};

const see = (sighting: Sighting | undefined): void => {
  if (sighting !== undefined) say({ kind: 'sighting', sighting });
};

const perform = async (request: Request): Promise<Reply> => {
  if (request.kind === 'ping') return { kind: 'done' };
  if (request.kind === 'silence') return beSilent(request);
  if (request.kind === 'signal') return signal(request);
  if (request.kind === 'connect') {
    current = slots.get(request.reader);
    return (await current?.connect()) ?? NO_READER;
  }
  if (current === undefined) return NO_READER;
  return request.kind === 'release'
    ? current.release(request.activation)
    : current.transmit(request.activation, request.command);
};

const beSilent = async ({ silent: wanted, reader, escapes }: SilenceRequest): Promise<Reply> => {
  // What was wanted has changed while this waited: the next request says so.
  if (wanted !== silent) return OBEYED;
  const slot = slots.get(reader ?? '');
  if (slot !== current) await current?.silence([]);
  return (await slot?.silence(escapes)) ?? OBEYED;
};

const signal = async ({ reader, escapes, lightsOut }: SignalRequest): Promise<Reply> => {
  if (silent && !lightsOut) return SILENCED;
  return (await slots.get(reader)?.signal(escapes)) ?? NO_READER;
};

const SILENCED: Reply = { kind: 'failed', fault: fault('aborted', 'the reader is silenced') };
const NO_READER: Reply = { kind: 'failed', fault: fault('readerLost', 'no such reader') };

const takeOver = (wrapped: Reader): void => {
  const device = wrapped.reader;
  wrapped.autoProcessing = false;
  // nfc-pcsc would connect to every card by itself; we only do when the terminal asks for one.
  device.removeAllListeners('status');
  const slot = openSlot(
    device,
    () => ++activations,
    () => silent,
  );
  slots.set(device.name, slot);
  see({ kind: 'reader', reader: device.name });
  device.on('status', (status) => see(slot.status(status)));
  wrapped.on('end', () => {
    slots.delete(device.name);
    see({ kind: 'readerGone', reader: device.name });
  });
  wrapped.on('error', serviceLost);
};

const serviceLost = (error: Error): void => say({ kind: 'serviceLost', detail: error.message });

const end = (): void => {
  // An orderly exit would wait for threads of the addon that may hang in the service.
  process.kill(process.pid, 'SIGKILL');
};

process.on('disconnect', end);
// Ctrl-C reaches the whole group; our parent decides when we end.
process.on('SIGINT', () => {});
process.on('message', ({ id, request }: ToReaderProcess) => {
  if (request.kind === 'silence') silent = request.silent;
  queue = queue.then(async () => {
    const reply = await perform(request);
    say({ kind: 'reply', id, reply });
  });
});

if (process.argv.includes(COMPILE_ONLY)) {
  flushCompileCache();
  end();
}

const nfc = new NFC();
nfc.on('reader', takeOver);
nfc.on('error', serviceLost);
say({ kind: 'ready' });
// Keeps the code with its types stripped, so that the next process starts faster and smaller.
flushCompileCache();
