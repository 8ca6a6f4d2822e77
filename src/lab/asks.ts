import * as v from 'valibot';
import { toHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import type { DataMap, KernelInput, Transaction } from '#kernels/shared/kernel.ts';
import type { Answer, Ask } from '#kernels/shared/step.ts';
import { tagText } from '#tlv/tlv.ts';
import { isLabError, type LabError, labError } from './lab-error.ts';
import { outcomeSchema } from './outcome-schema.ts';
import { checked, hexBytes } from './pieces.ts';

/** What Entry Point asks of the lab itself; everything else the session answers. */
export type LabAsk = Extract<Ask, { ask: 'card' | 'exchange' | 'kernel' }>;

/** How long a card is waited for. The lab is the one who lets the time run out. */
export const CARD_TIMEOUT_MS = 30_000;

/** The line that asks. */
export const askJson = (ask: LabAsk, terminalTags: ReadonlySet<number>): object => {
  switch (ask.ask) {
    case 'card':
      return { ask: 'card', timeoutMs: CARD_TIMEOUT_MS };
    case 'exchange':
      return { ask: 'exchange', capdu: toHex(ask.command) };
    case 'kernel':
      return { ask: 'kernel', kernelId: ask.kernelId, ...kernelJson(ask.input, terminalTags) };
  }
};

const kernelJson = (input: KernelInput, terminalTags: ReadonlySet<number>) => ({
  start: input.start,
  restart: input.restart,
  aid: toHex(input.adfName),
  fci: toHex(input.fci),
  // A kernel gets to see no other status word; at D nothing was selected anew.
  sw: input.fci.length === 0 ? '' : '9000',
  transaction: transactionJson(input.transaction),
  unpredictableNumber: toHex(input.unpredictableNumber),
  preprocessing: preprocessingJson(input),
  terminal: terminalJson(input.terminal, terminalTags),
  ...(input.onlineResponse ? { onlineResponse: toHex(input.onlineResponse) } : {}),
});

const twoDigits = (value: number): string => value.toString(16).padStart(2, '0').toUpperCase();

const transactionJson = ({ type, amountAuthorised, amountOther, currency }: Transaction) => ({
  type: twoDigits(type),
  amountAuthorised,
  amountOther,
  currency: currency.toString().padStart(4, '0'),
});

const preprocessingJson = ({ preprocessing: { ttq, ...flags } }: KernelInput) => ({
  statusCheckRequested: flags.statusCheckRequested,
  contactlessApplicationNotAllowed: flags.contactlessApplicationNotAllowed,
  zeroAmount: flags.zeroAmount,
  readerCvmRequiredLimitExceeded: flags.readerCvmRequiredLimitExceeded,
  readerContactlessFloorLimitExceeded: flags.readerContactlessFloorLimitExceeded,
  ...(ttq === undefined ? {} : { ttq: toHex(ttq) }),
});

// Beside what is configured.
const ADDED: ReadonlySet<number> = new Set([
  tag.transactionDate,
  tag.transactionTime,
  tag.transactionSequenceCounter,
  tag.applicationIdentifierTerminal,
  tag.kernelIdentifierTerminal,
]);

// The kernel brings its own version number (9F09); the transaction's data stand in `transaction`.
const terminalJson = (terminal: DataMap, configured: ReadonlySet<number>) =>
  Object.fromEntries(
    [...terminal]
      .filter(([key]) => ADDED.has(key) || configured.has(key))
      .filter(([key]) => key !== tag.applicationVersionNumberTerminal)
      .map(([key, value]) => [tagText(key), toHex(value)]),
  );

const cardAnswer = v.object({
  card: v.picklist(
    ['present', 'timeout', 'collision', 'removed'],
    'one of present, timeout, collision, removed',
  ),
});

const exchangeAnswer = v.union(
  [
    v.object({
      rapdu: hexBytes(2, 65_538),
      fault: v.optional(v.never()),
      us: v.optional(
        v.pipe(
          v.number(),
          v.check((us) => us >= 0 && us <= 1e9),
        ),
      ),
    }),
    v.object({
      fault: v.picklist(['timeout', 'transmission', 'protocol']),
      rapdu: v.optional(v.never()),
    }),
  ],
  '{"rapdu":"…9000"}, with "us" if the time counts, or {"fault":"timeout|transmission|protocol"}',
);

const kernelAnswer = v.object({ outcome: outcomeSchema });

/** @param microseconds how long the lab took, where it doesn't say how long the card did */
export const readAnswer = (
  ask: LabAsk,
  value: Readonly<Record<string, unknown>>,
  microseconds: number,
): Answer | LabError => {
  switch (ask.ask) {
    case 'card': {
      const parsed = checked(cardAnswer, value, 'malformed');
      return isLabError(parsed) ? parsed : { to: 'card', card: parsed.ok.card };
    }
    case 'exchange': {
      const parsed = checked(exchangeAnswer, value, 'malformed');
      if (isLabError(parsed)) return parsed;
      const { rapdu, fault } = parsed.ok;
      if (fault !== undefined) return { to: 'exchange', fault };
      if (rapdu === undefined) return labError('malformed', 'neither "rapdu" nor "fault"');
      return { to: 'exchange', response: rapdu, microseconds: parsed.ok.us ?? microseconds };
    }
    case 'kernel': {
      const parsed = checked(kernelAnswer, value, 'malformed');
      return isLabError(parsed) ? parsed : { to: 'kernel', outcome: parsed.ok.outcome };
    }
  }
};
