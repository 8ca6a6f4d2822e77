import type { TillFacts } from './facts.ts';
import { type Good, priceMinor } from './goods.tsx';
import { type Currency, money } from './money.ts';
import { NO_OPTIONS, type PayOptions, payOrder } from './orders.ts';
import { PayOptionsForm } from './pay-options.tsx';
import { takenMinor } from './sale.ts';
import type { Till } from './use-till.ts';

export interface BasketLine {
  readonly good: Good;
  readonly count: number;
}

interface BasketProps {
  readonly facts: TillFacts;
  readonly till: Till;
  readonly basket: readonly BasketLine[];
  /** A new one has the next number. */
  readonly basketNumber: number;
  readonly options: PayOptions;
  readonly onOptions: (options: PayOptions) => void;
  readonly onChange: (good: Good, by: number) => void;
  readonly onEmpty: () => void;
}

type Due = Pick<BasketProps, 'facts' | 'till' | 'basket' | 'basketNumber' | 'options'>;

/** Minor units that are still to be paid; below nothing, what is to be given back. */
export const leftOf = ({ facts: { currency }, till, basket, basketNumber, options }: Due): number =>
  basket.reduce(
    (sum, { good, count }) => sum + count * priceMinor(good, currency.exponent),
    (basket.length > 0 ? options.cashbackMinor : 0) - paidOf(till, basketNumber, currency),
  );

const paidOf = (till: Till, basketNumber: number, currency: Currency): number =>
  till.sales
    .filter(({ basket }) => basket === basketNumber)
    .reduce((sum, sale) => sum + takenMinor(sale, currency), 0);

const wordsOf = (basket: readonly BasketLine[]): string =>
  basket.map(({ good, count }) => `${count} ${good.name}`).join(', ');

export const Basket = (props: BasketProps) => {
  const { facts, basket, options, onOptions, onChange, onEmpty } = props;
  const empty = basket.length === 0;
  return (
    <div class="basket">
      <div class="side-head">
        <h2>Basket</h2>
        {!empty && (
          <button type="button" class="button button-quiet" onClick={onEmpty}>
            Empty it
          </button>
        )}
      </div>
      {empty ? (
        <p class="nothing">Touch goods to put them in.</p>
      ) : (
        <ul class="lines">
          {basket.map((line) => (
            <Line key={line.good.name} {...{ line, facts, onChange }} />
          ))}
        </ul>
      )}
      <PayOptionsForm {...{ facts, options }} onChange={onOptions} />
      <Pay {...props} />
    </div>
  );
};

/** What is to be paid, what was paid of it already, and the ways to pay. */
const Pay = (props: BasketProps) => {
  const { facts, till, basket, basketNumber, options, onEmpty } = props;
  const paidMinor = paidOf(till, basketNumber, facts.currency);
  const leftMinor = leftOf(props);
  const locked = facts.needsKey && till.key === undefined;
  const pay = (method: 'card' | 'code') => {
    // Cashback and tip go with the first part.
    const wanted = paidMinor > 0 ? { ...NO_OPTIONS, hold: options.hold } : options;
    const order = { totalMinor: leftMinor, what: wordsOf(basket), method, basket: basketNumber };
    void till.run(payOrder({ ...order, options: wanted, facts }));
  };
  const way = (words: string, method: 'card' | 'code', primary: boolean) => (
    <button
      type="button"
      class={`button button-large ${primary ? 'button-primary' : ''}`}
      disabled={leftMinor <= 0 || locked}
      onClick={() => pay(method)}
    >
      {words}
    </button>
  );
  return (
    <div class="pay">
      {paidMinor > 0 && (
        <p class="part-paid">
          <span>Paid already</span>
          <span>{money(paidMinor, facts.currency)}</span>
        </p>
      )}
      <p class="total">
        <span>{paidMinor > 0 ? 'Left to pay' : 'Total'}</span>
        <output>{money(leftMinor, facts.currency)}</output>
      </p>
      {locked && (
        <p class="hint" role="status">
          This terminal takes encrypted messages only: enter its key in the settings first.
        </p>
      )}
      <div class="pay-buttons">
        {paidMinor > 0 && leftMinor <= 0 ? (
          <button type="button" class="button button-primary button-large" onClick={onEmpty}>
            Next
          </button>
        ) : (
          <>
            {way('Pay by tap', 'card', true)}
            {facts.wallets.length > 0 && way('Pay by code', 'code', false)}
          </>
        )}
      </div>
    </div>
  );
};

interface LineProps extends Pick<BasketProps, 'facts' | 'onChange'> {
  readonly line: BasketLine;
}

const Line = ({ line: { good, count }, facts, onChange }: LineProps) => (
  <li class="line">
    <span class="line-name">{good.name}</span>
    <span class="stepper">
      <button type="button" onClick={() => onChange(good, -1)} aria-label={`One ${good.name} less`}>
        −
      </button>
      <span class="count">{count}</span>
      <button type="button" onClick={() => onChange(good, 1)} aria-label={`One ${good.name} more`}>
        +
      </button>
    </span>
    <span class="line-price">
      {money(count * priceMinor(good, facts.currency.exponent), facts.currency)}
    </span>
  </li>
);
