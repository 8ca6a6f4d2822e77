// Not by the room's index: it would load what replays, and the lab port, into every terminal.
import { printTranscript } from '#transcript/print.ts';
import { transcriptOf } from '#transcript/record.ts';
import { redacted } from '#transcript/redact.ts';
import type { Course } from './course.ts';

/**
 * The taps of a payment as a transcript without account data, for the journal and whoever looks
 * for a fault; undefined when no card was there.
 */
export const tapTranscript = ({ tape, first, time, context, outcome }: Course) => {
  if (tape.exchanges.length === 0) return undefined;
  const { transaction } = first;
  const digits = time.match(/../g) ?? [];
  const [year, month, day, hour, minute, second] = digits;
  const header = {
    about: [`payment ${context.record.id}`],
    config: context.parts.settings.configuration,
    clock: `20${year}-${month}-${day}T${hour}:${minute}:${second}Z`,
    transaction,
    overrides: new Map<number, Uint8Array>(),
    keys: [],
  };
  return printTranscript(redacted(transcriptOf(tape, header, outcome ?? null)));
};
