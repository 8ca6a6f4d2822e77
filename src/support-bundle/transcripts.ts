import { isMalformed } from '#bytes/malformed.ts';
import { parseTranscript } from '#transcript/parse.ts';
import { printTranscript } from '#transcript/print.ts';
import { redacted } from '#transcript/redact.ts';

/**
 * A transcript for elsewhere: redacted once more, whatever it was, and under the configuration that
 * lies beside it. Undefined where it can't be read: then nobody knows what is in it.
 * @param config the configuration's folder, from where the transcript will lie
 */
export const transcriptForElsewhere = (text: string, config: string): string | undefined => {
  const transcript = parseTranscript(text);
  if (isMalformed(transcript)) return undefined;
  const { config: here, about } = transcript;
  const safe = redacted({ ...transcript, config, about: [...about, `ran with ${here}`] });
  return printTranscript(safe);
};
