import { useId, useState } from 'preact/hooks';
import { isTillFault, type TransactionReference } from '../client/index.ts';
import type { TillFacts } from './facts.ts';
import { money, toMinor, typedAmount } from './money.ts';
import { collectOrder, refundOrder, reverseOrder } from './orders.ts';
import { Paper } from './paper.tsx';
import { isApproved, KINDS, type Sale, verdictOf } from './sale.ts';
import type { Till } from './use-till.ts';

interface SalesProps {
  readonly facts: TillFacts;
  readonly till: Till;
}

/** What this till did since it was opened, and what can be done about it. */
export const Sales = ({ facts, till }: SalesProps) => (
  <section aria-labelledby="sales" class="sales">
    <h1 id="sales">Sales</h1>
    <FreeRefund {...{ facts, till }} />
    {till.sales.length === 0 && <p class="nothing">Nothing was sold here yet.</p>}
    <ul class="past">
      {till.sales.map((sale) => (
        <PastSale key={sale.outcome.serviceId} {...{ sale, facts, till }} />
      ))}
    </ul>
  </section>
);

/** To a card that the shopper taps, without a sale that it belongs to. */
const FreeRefund = ({ facts, till }: SalesProps) => {
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const id = useId();
  const refund = (event: Event) => {
    event.preventDefault();
    const minor = typedAmount(typed, facts.currency);
    setWrong(minor === undefined);
    if (minor === undefined || till.running) return;
    setTyped('');
    void till.run(refundOrder(minor, facts));
  };
  return (
    <form class="free-refund" onSubmit={refund}>
      <div class="field">
        <label for={id}>Refund without a sale ({facts.currency.code})</label>
        <input
          id={id}
          class="input"
          inputMode="decimal"
          autocomplete="off"
          value={typed}
          aria-invalid={wrong}
          aria-describedby={wrong ? `${id}-error` : undefined}
          onInput={({ currentTarget: { value } }) => setTyped(value)}
        />
        {wrong && (
          <p id={`${id}-error`} class="error">
            An amount such as 4.50, please.
          </p>
        )}
      </div>
      <button type="submit" class="button" disabled={till.running !== undefined}>
        Refund to a card
      </button>
    </form>
  );
};

interface PastSaleProps extends SalesProps {
  readonly sale: Sale;
}

const PastSale = ({ sale, facts, till }: PastSaleProps) => {
  const { tone, title, reason } = verdictOf(sale);
  const { outcome } = sale;
  const time = new Date(sale.endedMs).toLocaleTimeString('en', { timeStyle: 'medium' });
  return (
    <li class="past-sale" data-tone={tone}>
      <div class="past-head">
        <p class="past-title">
          <strong>{KINDS[sale.kind]}</strong> <span class="badge">{title}</span>
        </p>
        <p class="past-amount">{money(sale.amountMinor, facts.currency)}</p>
      </div>
      <p class="quiet">
        {time} · {sale.what}
        {reason !== '' && ` · ${reason}`}
      </p>
      <Acts {...{ sale, facts, till }} />
      {!isTillFault(outcome) && outcome.receipts.length > 0 && (
        <details class="more">
          <summary>Receipts</summary>
          <Paper receipts={outcome.receipts} />
        </details>
      )}
    </li>
  );
};

// What was taken can be given back, what is held can be collected; each once, here.
const Acts = ({ sale, facts, till }: PastSaleProps) => {
  const { outcome, kind } = sale;
  if (!isApproved(sale) || isTillFault(outcome) || !outcome.transaction) return null;
  if (kind === 'refund' || kind === 'reversal') return null;
  const { transaction: original, amount } = outcome;
  const minor = amount === undefined ? sale.amountMinor : toMinor(amount, facts.currency);
  const undone = till.sales.some((one) => isApproved(one) && one.what === wordsFor(original));
  if (undone) return <p class="quiet">Settled: see above.</p>;
  const busy = till.running !== undefined;
  const act = (words: string, order: Parameters<Till['run']>[0]) => (
    <button type="button" class="button" disabled={busy} onClick={() => void till.run(order)}>
      {words}
    </button>
  );
  return (
    <div class="acts">
      {kind === 'held'
        ? act('Collect', collectOrder(minor, facts, original))
        : act('Refund', refundOrder(minor, facts, original))}
      {act('Reverse', reverseOrder(minor, original))}
    </div>
  );
};

const wordsFor = ({ id }: TransactionReference): string => `Of ${id}`;
