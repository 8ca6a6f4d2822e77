import { createHash } from 'node:crypto';
import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { Conversation } from './conversation.ts';
import { type Answer, BLOCK_BYTES, type Command, type Result } from './reports.ts';

/** What a transfer needs of its caller. */
export interface Transfer {
  readonly signal: AbortSignal;
  /** Bytes of the image that the device has confirmed. */
  readonly progress: (bytes: number) => void;
}

/**
 * Sends an image to a device in its bootloader, from where a transfer of this very image broke off:
 * the device tells how many bytes it holds and their digest, and unless that is the digest of our
 * own first bytes it begins at 0. Resolves to undefined when the device has checked the whole.
 */
export const transfer = async (
  talk: Conversation,
  image: Uint8Array,
  { signal, progress }: Transfer,
): Promise<Fault | undefined> => {
  const begun = await begin(talk, image, signal);
  if (isFault(begun)) return begun;
  let offset = begun;
  let setbacks = 0;
  progress(offset);
  while (offset < image.length) {
    if (signal.aborted) return breakOff(talk);
    const data = image.subarray(offset, offset + BLOCK_BYTES);
    const answer = await talk.ask({ command: 'block', offset, data }, signal);
    if (isFault(answer)) return answer.fault === 'aborted' ? breakOff(talk) : answer;
    // It may stand before this block, or behind it when an answer was lost: it knows.
    const isPlace = answer.result === 'ok' || answer.result === 'notExpected';
    if (!isPlace || answer.offset > image.length) return refused(answer);
    if (answer.offset <= offset) setbacks += 1;
    if (setbacks === MOST_SETBACKS) return refused(answer);
    offset = answer.offset;
    progress(offset);
  }
  const ended = await talk.ask({ command: 'end' }, signal);
  // It may restart before its answer is through: what it runs then tells whether it is done.
  if (isFault(ended) && ended.fault !== 'aborted') return undefined;
  return said(ended);
};

/** An answer as a Fault, unless it is "ok". */
export const said = (answer: Answer | Fault): Fault | undefined => {
  if (isFault(answer)) return answer;
  return answer.result === 'ok' ? undefined : refused(answer);
};

const MOST_SETBACKS = 20;

const begin = async (
  talk: Conversation,
  image: Uint8Array,
  signal: AbortSignal,
): Promise<number | Fault> => {
  const imageBytes = image.length;
  const command = { command: 'begin', imageBytes, digest: digestOf(image) } as const;
  const answer = await talk.ask({ ...command, anew: false }, signal);
  const failed = said(answer);
  if (isFault(answer)) return answer;
  if (failed !== undefined) return failed;
  if (answer.offset === 0) return 0;
  const held = image.subarray(0, answer.offset);
  if (held.length === answer.offset && digestOf(held).equals(answer.detail)) return answer.offset;
  // Part of another image, or damaged: nothing is put behind it.
  const fresh = await talk.ask({ ...command, anew: true }, signal);
  if (isFault(fresh)) return fresh;
  return said(fresh) ?? (fresh.offset === 0 ? 0 : refused(fresh));
};

const digestOf = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

const LAST_WORD_MS = 1000;

// The device keeps what it holds; one that doesn't hear it does so, too.
const breakOff = async (talk: Conversation): Promise<Fault> => {
  const abort: Command = { command: 'abort' };
  await talk.ask(abort, AbortSignal.timeout(LAST_WORD_MS));
  return fault('aborted', 'the transfer was ended; the next one goes on where it stands');
};

const refused = ({ command, result, offset }: Answer): Fault =>
  fault('device', `the device refuses "${command}" at byte ${offset}: ${WORDS[result]}`);

const WORDS: Readonly<Record<Result, string>> = {
  ok: 'it makes no headway',
  unknownCommand: 'it does not know the command: is it this model?',
  damaged: 'what arrives is damaged: cable or hub',
  notExpected: 'it stands elsewhere',
  tooLarge: 'the firmware is larger than its memory: is it for this model?',
  notInBootloader: 'it left its bootloader',
  wrongDigest: 'what it holds is not what was sent: try again',
  flash: 'its memory can not be written: the device is broken',
};
