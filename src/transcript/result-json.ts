import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { Outcome, Reason } from '#kernels/shared/outcome.ts';
import { outcomeJson } from '#lab/index.ts';
import { elementOf } from './check.ts';
import { type ReplayEnd, unexpectedText } from './replay.ts';

/** The last line of a replay: the outcome in the lab port's form, with what led to it. */
export const resultJson = (end: ReplayEnd): object => {
  if (end.end === 'noCard') {
    return { error: { code: 'cardTimeout', message: 'the terminal waits for a card' } };
  }
  if (end.end === 'unexpectedCommand') {
    return { error: { code: 'unexpectedCommand', message: unexpectedText(end) } };
  }
  const { outcome } = end;
  return {
    ...outcomeJson(outcome),
    tvr: hexOrNull(outcome.report?.tvr ?? elementOf(outcome, tag.terminalVerificationResults)),
    tsi: hexOrNull(outcome.report?.tsi ?? elementOf(outcome, tag.transactionStatusInformation)),
    oda: outcome.report?.oda ?? null,
    why: reasons(outcome),
  };
};

const hexOrNull = (bytes: Uint8Array | undefined): string | null =>
  bytes === undefined ? null : toHex(bytes);

const reasons = ({ why }: Outcome): readonly string[] => why.map(reasonText);

const reasonText = ({ why, element }: Reason): string =>
  element === undefined || why.includes(element) ? why : `${why} (${element})`;
