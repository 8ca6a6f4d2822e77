import { fromHex } from '#bytes/hex.ts';
import { tag } from '#data/dictionary.ts';
import { explainValue } from '#data/explain/index.ts';
import { amountOf, type PaymentRecord, recordOf, states } from '#payment/index.ts';
import type { PaymentRow } from '#ports/journal.ts';
import { codeOf } from '#terminal/format.ts';
import type { SaleResult } from '#terminal/types.ts';
import type { PaymentLine, PaymentView } from '../api.ts';
import { findElement } from './find-element.ts';

export const lineOf = (record: PaymentRecord): PaymentLine => {
  const { id, tillId, kind, state, startedMs, amountMinor, approvedMinor, currency, card } = record;
  const reason = resultIn(record)?.reason;
  return {
    id,
    kind,
    state,
    meaning: states[state].meaning,
    startedMs,
    amountMinor,
    currency: codeOf(currency),
    ...(tillId === undefined ? {} : { tillId }),
    ...(approvedMinor === undefined ? {} : { approvedMinor }),
    ...(card?.scheme === undefined ? {} : { scheme: card.scheme }),
    ...(card?.maskedPan === undefined ? {} : { maskedPan: card.maskedPan }),
    ...(reason === undefined ? {} : { reason }),
  };
};

export const lineOfRow = (row: PaymentRow): PaymentLine => lineOf(recordOf(row));

/** What shopper and till were told. */
export const resultIn = ({ result }: PaymentRecord): SaleResult | undefined =>
  result as SaleResult | undefined;

/** What could be done to it, whoever asks. The terminal decides in the end. */
export const possible = (record: PaymentRecord, period: number): PaymentView['can'] => {
  const { state, kind, refundedMinor = 0 } = record;
  const open = state !== 'approved' || (record.period ?? period) >= period;
  return {
    refund:
      (state === 'approved' || state === 'reconciled') &&
      kind !== 'refund' &&
      refundedMinor < amountOf(record),
    void: VOIDABLE.has(state) && refundedMinor === 0 && open,
    reprint: resultIn(record) !== undefined,
  };
};

const VOIDABLE: ReadonlySet<string> = new Set(['approved', 'preAuthorised', 'queued']);

/** Chip data as the host was sent them: DE 55, without account data. */
export const chipDataOf = ({ request }: PaymentRecord): Uint8Array => {
  const field = request?.fields['55'];
  return (typeof field === 'object' ? fromHex(field.hex) : undefined) ?? new Uint8Array(0);
};

/** Why it ended as it did: what was told, what the host said, what the checks found. */
export const reasonsFor = (
  record: PaymentRecord,
  why: readonly { readonly why: string; readonly element?: string }[],
): readonly string[] => {
  const { answer, offline } = record;
  const result = resultIn(record);
  const results = findElement(chipDataOf(record), tag.terminalVerificationResults);
  return [
    ...(result === undefined ? [] : [result.reason]),
    ...why.map((one) => (one.element === undefined ? one.why : `${one.element}: ${one.why}`)),
    ...(answer === undefined ? [] : [`Host: ${answer.responseCode} ${answer.meaning}`]),
    ...(offline === undefined ? [] : ['Approved without the host.']),
    ...(result?.cvm === undefined ? [] : [`Cardholder: ${CVM_WORDS[result.cvm]}`]),
    ...(results === undefined
      ? []
      : explainValue(tag.terminalVerificationResults, results)
          .details.filter(({ set }) => set === true)
          .map(({ text }) => `Terminal verification results: ${text}`)),
  ];
};

export const CVM_WORDS: Readonly<Record<NonNullable<SaleResult['cvm']>, string>> = {
  none: 'no verification asked for',
  noCvm: 'no verification needed',
  obtainSignature: 'signature',
  onlinePin: 'PIN, checked by the issuer',
  confirmationCodeVerified: 'verified on the device',
};
