import type { Log } from '#ports/log.ts';
import type { TillDesk } from '#ports/till-line.ts';
import type { FromRelay, FromTerminal } from './envelope.ts';

export interface MailboxOptions {
  readonly desk: () => Promise<TillDesk>;
  readonly log: Log;
  /** For the log and the desk: the relay's host. */
  readonly name: string;
  /** Says something to the relay, if there is one just now. */
  readonly send: (frame: FromTerminal) => void;
  readonly mostUnderWay: number;
  readonly mostKept: number;
}

/** What outlives a connection: messages that are being answered, and answers nobody has yet. */
export interface Mailbox {
  take(frame: FromRelay): void;
  /** There is a relay again: it gets what it has not acknowledged. */
  resume(): void;
  /** Answers that are kept, and messages under way. */
  counts(): { readonly kept: number; readonly underWay: number };
  close(): void;
}

export const createMailbox = (options: MailboxOptions): Mailbox => {
  const { log, send, mostUnderWay, mostKept } = options;
  const underWay = new Set<string>();
  const kept = new Map<string, string | null>();
  const closing = new AbortController();
  const keep = (id: string, answer: string | null) => {
    kept.set(id, answer);
    const [oldest = ''] = kept.keys();
    if (kept.size <= mostKept) return;
    kept.delete(oldest);
    // The till can ask for the transaction's status.
    log.warn({ mostKept }, 'an answer for a till is given up: the relay acknowledges none');
  };
  const give = async (id: string, message: string): Promise<void> => {
    try {
      const desk = await options.desk();
      const caller = { name: options.name, signal: closing.signal };
      const said = await desk.receive(encoder.encode(message), caller);
      if (closing.signal.aborted) return;
      const answer = said === undefined ? null : decoder.decode(said);
      keep(id, answer);
      send({ id, answer });
    } catch (error) {
      // A bug of ours. What it says may quote the message: only where it was is told.
      const at = error instanceof Error ? (error.stack ?? '').split('\n    at ').slice(1) : [];
      log.error({ at }, 'the desk for tills');
      send({ id, error: 'the terminal could not answer' });
    } finally {
      underWay.delete(id);
    }
  };
  return {
    take: (frame) => {
      const { id } = frame;
      if ('acknowledged' in frame) return void kept.delete(id);
      const answer = kept.get(id);
      // Sent again after a connection broke: the message has been taken once.
      if (answer !== undefined) return send({ id, answer });
      if (underWay.has(id)) return;
      if (underWay.size >= mostUnderWay) {
        log.warn({ mostUnderWay }, 'too many messages of tills at once, by the relay');
        return send({ id, error: 'too many messages at once' });
      }
      underWay.add(id);
      void give(id, frame.message);
    },
    resume: () => {
      for (const [id, answer] of kept) send({ id, answer });
    },
    counts: () => ({ kept: kept.size, underWay: underWay.size }),
    close: () => closing.abort(),
  };
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();
