import type { AuditLine } from '#staff/index.ts';
import type { FirmwareOutcome, FirmwareResult } from '#upkeep/firmware/index.ts';

/** What became of one peripheral, in a line for a person. */
export const firmwareWords = (result: FirmwareResult): string => {
  const { peripheral, outcome, before, offered, after, bytes, durationMs, detail } = result;
  const from = before === undefined ? '' : `, from ${before}`;
  const of = offered === undefined ? '' : ` ${offered}`;
  const moved = bytes === 0 ? '' : `, ${bytes} bytes in ${seconds(durationMs)} s`;
  const now = after === undefined || after === offered ? '' : `, runs ${after}`;
  const why = detail === undefined ? '' : `: ${detail}`;
  return `${peripheral}${of} ${WORDS[outcome]}${from}${now}${moved}${why}`;
};

/** The same for the record of what was done to this terminal. */
export const firmwareAudit = (
  result: FirmwareResult,
  who: Pick<AuditLine, 'person' | 'role' | 'from' | 'atMs'>,
): AuditLine => ({
  ...who,
  action: 'load firmware',
  subject: result.peripheral,
  outcome: result.outcome === 'begun' || result.outcome === 'loaded' ? 'done' : 'refused',
  says: firmwareWords(result),
});

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

const WORDS: Readonly<Record<FirmwareOutcome, string>> = {
  notOffered: 'is offered nothing',
  same: 'runs already',
  waits: 'waits',
  begun: 'is being loaded',
  loaded: 'is loaded',
  failedBefore: 'failed here before',
  untrusted: 'is not trusted',
  failed: 'is NOT loaded',
};
