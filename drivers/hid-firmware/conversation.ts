import { type Fault, fault, isFault } from '#ports/fault.ts';
import type { HidSighting, HidWorld } from '#ports/hid-devices.ts';
import type { Model } from './models.ts';
import { type Answer, type Command, decodeAnswer, encodeCommand } from './reports.ts';

/** One device from opened to closed or lost. */
export interface Conversation {
  /** Says it again when no answer comes in time: every command may be heard twice. */
  ask(command: Command, signal: AbortSignal): Promise<Answer | Fault>;
  close(): Promise<void>;
}

/** How often a command is said before the device counts as mute. */
const MOST_TRIES = 5;

export const openConversation = async (
  world: HidWorld,
  { place }: HidSighting,
  model: Model,
): Promise<Conversation | Fault> => {
  let lost: Fault | undefined;
  let waiting: ((answer: Answer | Fault) => void) | undefined;
  const handle = await world.open(place, {
    report: (bytes) => {
      const answer = answerIn(bytes, model);
      if (answer !== undefined) waiting?.(answer);
    },
    lost: (detail) => {
      lost = fault('device', `${place} is lost: ${detail}`);
      waiting?.(lost);
    },
  });
  if (isFault(handle)) return handle;
  let sequence = 0;

  const once = async (command: Command, signal: AbortSignal): Promise<Answer | Fault> => {
    sequence = (sequence + 1) & 0xff;
    const own = sequence;
    const { promise, resolve } = Promise.withResolvers<Answer | Fault>();
    const isSlow = command.command === 'begin' || command.command === 'end';
    const ms = isSlow ? model.slowAnswerMs : model.answerMs;
    const late = setTimeout(() => resolve(fault('timeout', `${place} does not answer`)), ms);
    const onAbort = () => resolve(fault('aborted', 'the transfer was ended'));
    signal.addEventListener('abort', onAbort);
    // An answer to an earlier saying comes late: it is none to this one.
    waiting = (answer) => {
      const isOwn = !isFault(answer) && answer.sequence === own;
      if (isFault(answer) || (isOwn && answer.command === command.command)) resolve(answer);
    };
    const report = encodeCommand(command, own);
    void handle.write(Uint8Array.of(model.reportId, ...report)).then((unsent) => {
      if (unsent !== undefined) resolve(unsent);
    });
    const answer = await promise;
    waiting = undefined;
    clearTimeout(late);
    signal.removeEventListener('abort', onAbort);
    return answer;
  };

  return {
    ask: async (command, signal) => {
      for (let tries = 1; ; tries++) {
        if (lost !== undefined) return lost;
        if (signal.aborted) return fault('aborted', 'the transfer was ended');
        const answer = await once(command, signal);
        const again = isFault(answer) ? answer.fault === 'timeout' : answer.result === 'damaged';
        if (!again || tries === MOST_TRIES) return answer;
      }
    },
    close: () => handle.close(),
  };
};

const answerIn = (bytes: Uint8Array, { reportId }: Model): Answer | undefined => {
  if (reportId === 0) return decodeAnswer(bytes);
  return bytes[0] === reportId ? decodeAnswer(bytes.subarray(1)) : undefined;
};
