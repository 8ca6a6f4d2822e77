import { type Fault, fault, isFault } from '#ports/fault.ts';
import {
  CANCEL,
  type Chunk,
  CONTROL,
  chunksOf,
  createReplyReader,
  encodeBlock,
  type Reply,
} from './frame.ts';
import type { Wire } from './wire.ts';

export interface TransferTiming {
  /** How long the receiver's first "C" is waited for. */
  readonly startMs: number;
  /** How long a reply to a block is waited for. */
  readonly replyMs: number;
  /** How long a reply to EOT is waited for before it is sent again. */
  readonly endMs: number;
  /** Silence after which no second reply to a block comes that went out more than once. */
  readonly settleMs: number;
}

/**
 * The sender's times of the protocol (7.3.2 of the reference): a minute for the first sign, and
 * from then on the receiver drives. It is the receiver that times out, after 10 s, and asks again;
 * a sender that repeats by itself only gets replies too many. So a minute without any is the end.
 */
export const PROTOCOL_TIMING: TransferTiming = {
  startMs: 60_000,
  replyMs: 60_000,
  endMs: 10_000,
  settleMs: 1000,
};

/** All errors are retried ten times (7.3.1). */
const MOST_TRIES = 10;
/** A receiver whose last ACK was lost has left, and answers no EOT. */
const MOST_UNHEARD = 3;

export interface Transfer {
  readonly wire: Wire;
  readonly timing: TransferTiming;
  readonly signal: AbortSignal;
  /** Bytes of the image that the receiver has acknowledged. */
  readonly progress: (bytes: number) => void;
}

/**
 * Sends an image by XMODEM-1K with CRC. "unconfirmed": the receiver has acknowledged every block,
 * and nobody answers the end of it; whether it is done, only the device can say. Every Fault has
 * been told to the receiver by CAN, but for those of a line that is down: so it is out of the
 * transfer, and the next one begins at its beginning.
 */
export const sendImage = async (
  image: Uint8Array,
  transfer: Transfer,
): Promise<'done' | 'unconfirmed' | Fault> => {
  const replies = repliesOn(transfer.wire);
  const failed =
    (await awaitStart(replies, transfer)) ?? (await sendBlocks(image, replies, transfer));
  const ended = failed ?? (await sendEnd(replies, transfer));
  if (isFault(ended)) await transfer.wire.send(CANCEL);
  return ended;
};

interface Replies {
  /** Undefined: silence. */
  next(withinMs: number): Promise<Reply | Fault | undefined>;
  forget(): void;
}

const repliesOn = (wire: Wire): Replies => {
  let read = createReplyReader();
  let waiting: Reply[] = [];
  return {
    next: async (withinMs) => {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const first = waiting.shift();
        if (first !== undefined) return first;
        const bytes = await wire.receive(deadline - performance.now());
        if (bytes === 'silence') return undefined;
        if (isFault(bytes)) return bytes;
        waiting.push(...read(bytes));
      }
    },
    forget: () => {
      wire.purge();
      waiting = [];
      read = createReplyReader();
    },
  };
};

const awaitStart = async (replies: Replies, { timing }: Transfer): Promise<Fault | undefined> => {
  const deadline = performance.now() + timing.startMs;
  let asksForSums = false;
  for (;;) {
    const reply = await replies.next(deadline - performance.now());
    if (reply === 'start') return undefined;
    if (reply === undefined) return asksForSums ? ONLY_SUMS : NO_START;
    if (isFault(reply)) return reply;
    if (reply === 'cancel') return CANCELLED;
    asksForSums ||= reply === 'nak';
  }
};

const sendBlocks = async (
  image: Uint8Array,
  replies: Replies,
  transfer: Transfer,
): Promise<Fault | undefined> => {
  for (const [index, chunk] of chunksOf(image.length).entries()) {
    const failed = await sendBlock(image, index + 1, chunk, replies, transfer);
    if (failed !== undefined) return failed;
    transfer.progress(chunk.to);
  }
  return undefined;
};

const sendBlock = async (
  image: Uint8Array,
  number: number,
  { from, to, size }: Chunk,
  replies: Replies,
  { wire, timing, signal }: Transfer,
): Promise<Fault | undefined> => {
  const block = encodeBlock(number, image.subarray(from, to), size);
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    if (signal.aborted) return ABORTED;
    // What came before it went out is no reply to it.
    replies.forget();
    const unsent = await wire.send(block);
    if (unsent !== undefined) return unsent;
    const reply = await replyTo(number, replies, timing);
    if (reply === 'again') continue;
    if (reply !== 'ack') return reply;
    return tries === 1 ? undefined : settle(replies, timing);
  }
  return fault('transmission', `block ${number} arrived damaged ${MOST_TRIES} times`);
};

const replyTo = async (
  number: number,
  replies: Replies,
  { replyMs }: TransferTiming,
): Promise<'ack' | 'again' | Fault> => {
  for (;;) {
    const reply = await replies.next(replyMs);
    if (reply === undefined) return fault('timeout', `no reply to block ${number}: ${MUTE}`);
    if (isFault(reply)) return reply;
    if (reply === 'ack') return 'ack';
    if (reply === 'cancel') return CANCELLED;
    // "C" asks for the first block; later it is noise.
    if (reply === 'nak' || number === 1) return 'again';
  }
};

// Both copies of a block may have arrived, and each has its ACK: the second one must not pass for
// that of the next block.
const settle = async (
  replies: Replies,
  { settleMs }: TransferTiming,
): Promise<Fault | undefined> => {
  for (let heard = 0; heard < MOST_TRIES; heard++) {
    const reply = await replies.next(settleMs);
    // NAK: it waits for the next block already.
    if (reply === undefined || reply === 'nak') return undefined;
    if (isFault(reply)) return reply;
    if (reply === 'cancel') return CANCELLED;
  }
  return undefined;
};

const sendEnd = async (
  replies: Replies,
  { wire, timing, signal }: Transfer,
): Promise<'done' | 'unconfirmed' | Fault> => {
  let unheard = 0;
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    if (signal.aborted) return ABORTED;
    replies.forget();
    const unsent = await wire.send(Uint8Array.of(CONTROL.EOT));
    if (unsent !== undefined) return unsent;
    const reply = await replies.next(timing.endMs);
    if (reply === 'ack') return 'done';
    if (isFault(reply)) return reply;
    if (reply === 'cancel') return CANCELLED;
    if (reply === undefined) unheard += 1;
    if (unheard === MOST_UNHEARD) return 'unconfirmed';
  }
  return fault('transmission', `the end of the image was refused ${MOST_TRIES} times`);
};

const MUTE = 'the device says nothing any more';
const ABORTED = fault('aborted', 'the transfer was ended');
const CANCELLED = fault('transmission', 'the device has cancelled the transfer (CAN CAN)');
const NO_START = fault('timeout', 'the device never said that it is ready to receive ("C")');
const ONLY_SUMS = fault('protocol', 'the device wants checksums (NAK), and no CRC ("C")');
