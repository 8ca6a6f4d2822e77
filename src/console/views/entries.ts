// table: what a journal's entry about a payment says, in words.
import { currencyByNumeric } from '#data/currencies.ts';
import type { EventName, PaymentRecord } from '#payment/index.ts';
import type { Entry } from '#ports/journal.ts';
import { formatAmount } from '#terminal/format.ts';
import type { PaymentView } from '../api.ts';

/** What the entry adds to what is known of the payment. */
type Added = Partial<PaymentRecord>;

/** Which payment it is, where an entry says only what is new. */
interface About {
  readonly record: PaymentRecord;
  readonly language: string;
}

const WORDS: Readonly<Record<EventName | 'kept', (added: Added, about: About) => string>> = {
  asked: (_, about) =>
    `The host is about to be asked for ${amount(about.record.amountMinor, about)}.`,
  closed: () => 'The wallet has closed its order; the shopper pays another way.',
  approved: (added) => `Approved by the host${answerWords(added)}.`,
  preAuthorised: (added) => `The host holds the amount${answerWords(added)}.`,
  declined: (added) => `Declined: ${reasonOf(added) ?? 'nobody wrote down why'}.`,
  cancelled: () => 'Cancelled before the host had heard of it.',
  timedOut: (added) => `Nobody paid in time${reasonOf(added) ? `: ${reasonOf(added)}` : ''}.`,
  failed: (added) => `Broken off: ${reasonOf(added) ?? 'a fault'}.`,
  acceptedOffline: (added) => `Approved without the host (${OFFLINE[added.offline ?? 'kernel']}).`,
  reversalOwed: (added) =>
    `To be taken back at the host: ${WHY[added.reversal?.reason ?? 'voided']}.`,
  reversalAcknowledged: () => 'The host has taken it back.',
  voidRefused: () => 'The host refuses to take it back: it stands.',
  releaseRefused: () => 'The host refuses to release the amount: it is held.',
  forwarded: (added) => `Forwarded, and taken by the host${answerWords(added)}.`,
  forwardRefused: (added) => `Refused by the host when it was forwarded${answerWords(added)}.`,
  completed: () => 'The amount held is being collected.',
  collected: () => 'The host has collected the amount held.',
  reopened: () => 'It was not collected: the amount is held as before.',
  refunded: ({ refundedMinor = 0 }, about) => `Given back so far: ${amount(refundedMinor, about)}.`,
  reconciled: ({ period }) =>
    `Reconciled with the host${period === undefined ? '' : `, period ${period}`}.`,
  noted: () => 'Seen and closed by staff.',
  kept: () => 'What belongs to it was written down.',
};

/** A payment's entries, oldest first, each with a sentence. */
export const entryViews = (entries: readonly Entry[], about: About): PaymentView['entries'] =>
  entries.map(({ sequence, event, atMs, data }) => ({
    sequence,
    event,
    atMs,
    says: isKnown(event) ? WORDS[event](data as Added, about) : event,
  }));

const isKnown = (event: string): event is keyof typeof WORDS => Object.hasOwn(WORDS, event);

const amount = (amountMinor: number, { record: { currency }, language }: About): string => {
  const code = currencyByNumeric(currency)?.code ?? `${currency}`;
  return `${formatAmount({ amountMinor, currency }, language)} ${code}`;
};

const answerWords = ({ answer }: Added): string => {
  if (answer === undefined) return '';
  const { responseCode, meaning, authorisationCode } = answer;
  const code = authorisationCode === undefined ? '' : `, authorisation ${authorisationCode}`;
  return `: ${responseCode} ${meaning}${code}`;
};

const reasonOf = ({ result }: Added): string | undefined => {
  const reason = result?.['reason'];
  return typeof reason === 'string' ? reason : undefined;
};

const OFFLINE: Readonly<Record<NonNullable<PaymentRecord['offline']>, string>> = {
  kernel: 'by card and terminal alone',
  deferred: 'at our own risk, as the host is away',
  completion: 'an amount that was held before',
};

const WHY: Readonly<Record<NonNullable<PaymentRecord['reversal']>['reason'], string>> = {
  cancelled: 'it was cancelled',
  noAnswer: 'the host did not answer',
  cardDeclined: 'the card declined in the end',
  voided: 'it was voided',
  interrupted: 'the terminal was interrupted',
};
