import { type Message, text } from '#iso8583/index.ts';
import type { ReconciliationEntry } from './entries.ts';
import type { HostParts } from './host-parts.ts';
import { answerTo, identityOf, key, refusal } from './request.ts';
import { agree, fieldsOfTotals, totalsOfFields } from './totals.ts';

/**
 * Answers a 0500 or 0520 with DE 66 (1 in balance, 2 out of balance) and our own totals, and begins
 * the terminal's next period, in balance or not: what went wrong in one period stays in it. DE 50
 * names the currency to reconcile, absent: all amounts together.
 */
export const answerReconciliation = async (
  request: Message,
  { ledger, log, wallMs }: HostParts,
): Promise<Message> => {
  const identity = identityOf(request);
  if (identity === undefined) return refusal(request, '30');
  const known = ledger.reconciliation(key(identity));
  const claimed = totalsOfFields(request);
  if (known === undefined && claimed === undefined) return refusal(request, '30');
  if (known !== undefined || claimed === undefined) return reconciled(request, known);
  const currency = text(request, 50);
  const totals = ledger.totals(identity.terminal, currency);
  const entry: ReconciliationEntry = {
    type: 'reconciliation',
    at: new Date(wallMs()).toISOString(),
    ...identity,
    ...(currency === undefined ? {} : { currency }),
    claimed,
    totals,
    inBalance: agree(claimed, totals),
  };
  await ledger.append(entry);
  log.info({ stan: identity.stan, inBalance: entry.inBalance }, 'reconciliation');
  return reconciled(request, entry);
};

const reconciled = (request: Message, entry: ReconciliationEntry | undefined): Message =>
  entry === undefined
    ? refusal(request, '30')
    : answerTo(
        request,
        new Map([...fieldsOfTotals(entry.totals), [39, '00'], [66, entry.inBalance ? '1' : '2']]),
      );
